"""Texts the AI writes beside drafts."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Texts the AI writes beside drafts."""

    dependencies: ClassVar = [("aiassist", "0006_triage")]

    operations: ClassVar = []
