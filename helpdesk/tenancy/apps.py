"""App configuration of the tenancy room."""

from __future__ import annotations

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "helpdesk.tenancy"
    label = "tenancy"
