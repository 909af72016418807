"""The workers start: every module of tasks can be imported, and each task that beat sends exists."""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings

_LOAD = """
import django; django.setup()
from helpdesk.celery import app
app.loader.import_default_modules()
print("TASKS", *sorted(app.tasks))
"""


def test_a_worker_finds_all_of_its_tasks() -> None:
    """In a process of its own, as a worker starts: imported here, everything would be loaded already."""
    found = subprocess.run(
        [sys.executable, "-c", _LOAD], capture_output=True, text=True, check=False, timeout=120
    )
    assert found.returncode == 0, found.stderr[-2000:]
    tasks = set(found.stdout.split("TASKS", 1)[1].split())
    assert {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()} <= tasks
    assert "aiassist.assistant.answer" in tasks
