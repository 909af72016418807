"""App configuration of the governance room."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    name = "governance"
    label = "governance"
    verbose_name = _("Rules and records")

    def ready(self) -> None:
        """Put governance's pages into the portal's menu."""
        from helpdesk.portal.menu import MenuItem, register

        register(MenuItem("portal-choices", _("Your choices"), 30))
        register(MenuItem("portal-my-data", _("Your data"), 40))
