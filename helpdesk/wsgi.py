"""WSGI entry point (pages)."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

import helpdesk.celery  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

application = get_wsgi_application()
