"""Where articles came from, and what was imported."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Where articles came from, and what was imported."""

    dependencies: ClassVar = [("tickets", "0010_mailbox")]

    operations: ClassVar = []
