"""What an owner settled on the first day."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """What an owner settled on the first day."""

    dependencies: ClassVar = [("people", "0003_customer_search")]

    operations: ClassVar = []
