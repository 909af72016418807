"""Mailboxes: where an inbox fetches and sends its mail."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Mailboxes: where an inbox fetches and sends its mail."""

    dependencies: ClassVar = [("tickets", "0009_approval_fits")]

    operations: ClassVar = []
