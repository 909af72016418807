"""Records, papers, the law as data."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Records, papers, the law as data."""

    dependencies: ClassVar = [("governance", "0008_people")]

    operations: ClassVar = []
