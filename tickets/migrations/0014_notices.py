"""Mentions and what a member was told."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Mentions and what a member was told."""

    dependencies: ClassVar = [("tickets", "0013_time")]

    operations: ClassVar = []
