"""Where a draft that is written by answering questions stands."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Where a draft that is written by answering questions stands."""

    dependencies: ClassVar = [("governance", "0009_records")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="ethicspolicy",
            name="questions",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
