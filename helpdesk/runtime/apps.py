"""Registers the runtime with Django. Everything else in this room works without Django."""

from __future__ import annotations

from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    """The embedded services; no models."""

    name = "helpdesk.runtime"
    label = "runtime"
