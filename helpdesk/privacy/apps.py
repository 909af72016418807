"""App configuration of the privacy room."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class PrivacyConfig(AppConfig):
    name = "helpdesk.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Load each room's `privacy.py`, where its models are declared, and the check over all of them."""
        from helpdesk.privacy import checks  # noqa: F401
        from helpdesk.privacy.leaving import ground

        ground.register_all()

        for config in apps.get_app_configs():
            if find_spec(f"{config.name}.privacy") and config.name != "helpdesk":
                import_module(f"{config.name}.privacy")
