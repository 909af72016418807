"""App configuration of the people room."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "helpdesk.people"
    label = "people"

    def ready(self) -> None:
        """Register what an owner finds under Settings, in the set-up and on the first day's list."""
        from helpdesk.people import registered

        registered.register_all()
