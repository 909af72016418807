"""What the assistant adds to other rooms: called once, in AppConfig.ready."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helpdesk.people.settings_pages import SettingsPage, register
from helpdesk.privacy.leaving.shape import leave_out_table, name_kind


def register_assistant() -> None:
    """Its page among the settings; its conversations stay behind when an organization leaves."""
    from aiassist import privacy_assistant  # noqa: F401 - declares its tables
    from aiassist.assistant import demands

    demands.register()
    forgotten = _("Forgotten after the days in the rules; what a person took over is among the requests.")
    leave_out_table("aiassist.Conversation", forgotten)
    leave_out_table("aiassist.Question", forgotten)
    name_kind("assistant", "aiassist.Question")  # elsewhere its numbers must not become those of others
    register(
        SettingsPage(
            "settings-assistant",
            _("Assistant on your help pages"),
            _("Whether it answers visitors by itself, what it said, and whether that was right."),
            46,
            "manage_policy",
        )
    )
