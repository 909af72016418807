"""Courses, certificates, surveys."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Courses, certificates, surveys."""

    dependencies: ClassVar = [("governance", "0007_registers")]

    operations: ClassVar = []
