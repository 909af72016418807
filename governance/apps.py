"""App configuration of the governance room."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    name = "governance"
    label = "governance"
    verbose_name = _("Rules and records")

    def ready(self) -> None:
        """Put governance's pages into the portal's menu, and the rules into the first day."""
        from governance import leaving, weekly
        from governance.services import colleagues
        from governance.setup_views import has_rules
        from helpdesk.people import checklist, first_day, forgetting, services, settings_pages
        from helpdesk.portal.menu import MenuItem, register

        leaving.register()
        forgetting.when_forgotten.append(colleagues.forget)
        services.when_rights_change.append(colleagues.note_rights)
        weekly.register()
        first_day.register(first_day.Screen("rules", _("Your rules"), "setup-rules", 50, has_rules))
        checklist.register(
            checklist.Step(
                "rules",
                _("Publish your rules"),
                _("The AI is off until you do."),
                "setup-rules",
                has_rules,
                50,
            )
        )

        settings_pages.register(
            settings_pages.SettingsPage(
                "outside",
                _("Questions from outside"),
                _("What people ask or object to on your trust page"),
                70,
                "manage_policy",
            )
        )
        register(MenuItem("portal-choices", _("Your choices"), 30))
        register(MenuItem("portal-my-data", _("Your data"), 40))
