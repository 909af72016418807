"""Since when an own host is known to lead here: it answers, and is in links, from then on. Those of today do."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    """Since when an own host is known to lead here."""

    dependencies: ClassVar = [("tenancy", "0003_leaving")]

    operations: ClassVar = [
        migrations.AddField(
            "domain",
            "verified_at",
            models.DateTimeField(blank=True, editable=False, null=True, default=timezone.now),
            preserve_default=False,
        ),
        migrations.AlterField(
            "domain", "verified_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
    ]
