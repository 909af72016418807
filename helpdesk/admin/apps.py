"""App configuration of the admin room."""

from __future__ import annotations

from django.apps import AppConfig


class HelpdeskAdminConfig(AppConfig):
    name = "helpdesk.admin"
    label = "helpdesk_admin"
