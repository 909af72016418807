"""How a member wants to be told, and how far they came in the tour."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """How a member wants to be told, and how far they came in the tour."""

    dependencies: ClassVar = [("people", "0004_setup")]

    operations: ClassVar = [
        migrations.AddField("membership", "told", models.JSONField(blank=True, default=dict)),
        migrations.AddField("membership", "tour_step", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("membership", "tour_ended_at", models.DateTimeField(blank=True, null=True)),
    ]
