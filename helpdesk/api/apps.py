"""App configuration of the api room."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "helpdesk.api"
    label = "api"

    def ready(self) -> None:
        """Let the document know our way of signing in."""
        from helpdesk.api import schema  # noqa: F401
