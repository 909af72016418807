"""App configuration of the AI room."""

from __future__ import annotations

from django.apps import AppConfig


class AIAssistConfig(AppConfig):
    name = "aiassist"
    label = "aiassist"

    def ready(self) -> None:
        """Listen to the tickets room."""
        from aiassist.receivers import connect

        connect()
