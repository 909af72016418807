"""App configuration of the live room."""

from __future__ import annotations

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "helpdesk.live"
    label = "live"
