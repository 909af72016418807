"""What kind of business an organization is."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """What kind of business an organization is."""

    dependencies: ClassVar = [("tenancy", "0001_initial")]

    operations: ClassVar = []
