"""The Celery app: three queues, so that a slow AI service never delays mail, and mail never delays the rest."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

app = Celery("helpdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="import_tasks")
app.autodiscover_tasks(related_name="self_check_tasks")
app.autodiscover_tasks(related_name="learning_tasks")
app.autodiscover_tasks(["aiassist.assistant"])  # a room within a room: Celery looks one step deep only


@setup_logging.connect
def _keep_our_logging(**_: object) -> None:
    """Celery would replace the logging configuration of the settings."""
