"""What an agent can do in a conversation."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """What an agent can do in a conversation."""

    dependencies: ClassVar = [("tickets", "0011_knowledge")]

    operations: ClassVar = []
