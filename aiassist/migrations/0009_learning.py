"""What is learned, and golden tickets."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """What is learned, and golden tickets."""

    dependencies: ClassVar = [("aiassist", "0008_selfservice")]

    operations: ClassVar = []
