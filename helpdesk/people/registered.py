"""What the people room registers: its screens of the set-up, its steps of the first day, its pages of settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helpdesk.people import checklist, first_day
from helpdesk.people.models import Invitation, Membership
from helpdesk.people.settings_pages import SettingsPage, register
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id


def _has_kind() -> bool:
    return Organization.objects.filter(pk=current_organization_id()).exclude(kind="").exists()


def _has_colleague() -> bool:
    return Membership.objects.count() > 1 or Invitation.objects.exists()


def register_all() -> None:
    """Called once, in AppConfig.ready."""
    first_day.register(first_day.Screen("shop", _("Your shop"), "setup-shop", 10, _has_kind))
    first_day.register(first_day.Screen("colleague", _("A colleague"), "setup-colleague", 30, _has_colleague))
    checklist.register(
        checklist.Step(
            "colleague",
            _("Invite a colleague"),
            _("Whoever answers customers gets a sign-in of their own."),
            "setup-colleague",
            _has_colleague,
            30,
        )
    )
    for page in PAGES:
        register(page)


PAGES = (
    SettingsPage(
        "settings-shop",
        _("Your shop"),
        _("Name, kind of business, language and time zone."),
        10,
        "manage_people",
    ),
    SettingsPage("people", _("People"), _("Who works here, what each can see and do."), 20, "manage_people"),
    SettingsPage(
        "settings-sign-in", _("Sign-in"), _("Ask everybody for a second step."), 60, "manage_people"
    ),
    SettingsPage(
        "settings-addresses",
        _("Addresses"),
        _("Let the desk answer at an address of your own."),
        65,
        "manage_people",
    ),
    SettingsPage(
        "settings-keys",
        _("Keys for programs"),
        _("Let other software work with your tickets."),
        70,
        "manage_people",
    ),
    SettingsPage(
        "settings-weekly",
        _("Weekly mail"),
        _("What happened in the week, every Monday."),
        80,
        "manage_people",
    ),
    SettingsPage(
        "settings-agreement",
        _("Agreement"),
        _("What you agreed on with whoever runs this installation."),
        90,
        "manage_people",
    ),
)
