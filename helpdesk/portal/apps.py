"""App configuration of the portal room."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "helpdesk.portal"
    label = "portal"
