"""What the ground takes along when an organization leaves, and what stays behind."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helpdesk.people.settings_pages import SettingsPage, register
from helpdesk.privacy.leaving import shape
from helpdesk.privacy.leaving.archive import CHUNK
from helpdesk.privacy.leaving.writing import Writer
from helpdesk.privacy.models import Takeout


def register_all() -> None:
    """Called once, in AppConfig.ready."""
    links = _("Links and keys work on this installation only; new ones are made where you go.")
    for name in ("Invitation", "ApiToken", "CustomerLink", "HandOver"):
        shape.leave_out_table(f"people.{name}", links)
    shape.leave_out_table("privacy.Takeout", _("Files like this one."))
    shape.add_part("earlier", write_earlier)
    register(
        SettingsPage(
            "settings-leaving",
            _("Take everything with you"),
            _("One file with all that is yours, and closing the desk."),
            95,
            "manage_people",
        )
    )


def write_earlier(writer: Writer) -> None:
    """The records of former installations, as they came along."""
    for takeout in writer.rows(Takeout.objects.filter(kind=Takeout.Kind.EARLIER)):
        with writer.member(f"earlier/{takeout.pk}.zip") as member, takeout.file.open("rb") as stream:
            for chunk in iter(lambda: stream.read(CHUNK), b""):
                member.write(chunk)
