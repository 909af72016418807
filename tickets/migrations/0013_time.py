"""Opening hours, targets, snoozing."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Opening hours, targets, snoozing."""

    dependencies: ClassVar = [("tickets", "0012_conversation")]

    operations: ClassVar = []
