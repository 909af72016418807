"""Systems, services, incidents, risks."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Systems, services, incidents, risks."""

    dependencies: ClassVar = [("governance", "0006_policy")]

    operations: ClassVar = []
