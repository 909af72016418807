"""Rounds, readings and overrides of the policy."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Rounds, readings and overrides of the policy."""

    dependencies: ClassVar = [("governance", "0005_law")]

    operations: ClassVar = []
