"""Exports of a whole organization."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Exports of a whole organization."""

    dependencies: ClassVar = [("tickets", "0014_notices")]

    operations: ClassVar = []
