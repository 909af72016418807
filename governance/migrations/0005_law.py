"""Facts that the newer checks judge on."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Facts that the newer checks judge on."""

    dependencies: ClassVar = [("governance", "0004_decision_by_time")]

    operations: ClassVar = []
