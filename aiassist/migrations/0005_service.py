"""How an organization reaches its AI service."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """How an organization reaches its AI service."""

    dependencies: ClassVar = [("aiassist", "0004_isolation")]

    operations: ClassVar = []
