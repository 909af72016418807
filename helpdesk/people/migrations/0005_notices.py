"""How a member wants to be told."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """How a member wants to be told."""

    dependencies: ClassVar = [("people", "0004_setup")]

    operations: ClassVar = []
