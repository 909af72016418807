"""What this room adds to the owner's settings about knowledge: starter articles and imports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helpdesk.people.settings_pages import SettingsPage, register


def register_all() -> None:
    """Called once, in AppConfig.ready."""
    starters = _("Twelve that fit your kind of business, to tick and fill in")
    imports = _("Answers that you have already: a page, a file, or pasted text")
    register(SettingsPage("desk:starters", _("Starter articles"), starters, 40, "manage_knowledge"))
    register(SettingsPage("desk:imports", _("Import articles"), imports, 41, "manage_knowledge"))
