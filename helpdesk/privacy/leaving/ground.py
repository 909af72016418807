"""What the ground takes along when an organization leaves, and what stays behind."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Membership, Role
from helpdesk.people.settings_pages import SettingsPage, register
from helpdesk.privacy.leaving import arriving, shape
from helpdesk.privacy.leaving.archive import CHUNK
from helpdesk.privacy.leaving.reading import Reading
from helpdesk.privacy.leaving.writing import Writer
from helpdesk.privacy.models import Takeout, takeout_path


def register_all() -> None:
    """Called once, in AppConfig.ready."""
    links = _("Links and keys work on this installation only; new ones are made where you go.")
    for name in ("Invitation", "ApiToken", "CustomerLink", "HandOver"):
        shape.leave_out_table(f"people.{name}", links)
    shape.leave_out_table("privacy.Takeout", _("Files like this one."))
    shape.add_part("earlier", write_earlier)
    arriving.adapt("people.Membership", _at_work)
    arriving.at_end(_nobody_is_let_in)
    arriving.at_end(_keep_earlier)
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


def _at_work(values: arriving.Values, reading: Reading) -> arriving.Values:
    """As long as rows come in, members are what approvals ask for: active, and such as may answer."""
    del reading
    role = Role.AGENT if values["role"] == Role.AUDITOR else Role(values["role"])
    return {**values, "is_active": True, "role": role}


def _nobody_is_let_in(reading: Reading) -> None:
    """Colleagues are known by name and role; whoever runs the new desk invites them."""
    Membership.objects.update(is_active=False)
    auditors = [row["id"] for row in reading.lines("people.Membership") if row["role"] == Role.AUDITOR]
    keys = [key for old in auditors if (key := reading.key("people.Membership", old))]
    Membership.objects.filter(pk__in=keys).update(role=Role.AUDITOR)


def _keep_earlier(reading: Reading) -> None:
    for name in sorted(one for one in reading.archive.files if one.startswith("earlier/")):
        takeout = Takeout(kind=Takeout.Kind.EARLIER, state=Takeout.State.READY)
        storage = takeout.file.storage
        takeout.size = reading.archive.files[name]["size"]
        takeout.file.name = reading.keep(storage, takeout_path(takeout, ""), name)
        takeout.save()
