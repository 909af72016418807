"""What a message on its way must remember: the ticket's next status, and how often it was tried."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_search")]

    operations = [
        migrations.AddField("message", "status_after", models.CharField(blank=True, max_length=8)),
        migrations.AddField("message", "attempts", models.PositiveSmallIntegerField(default=0)),
    ]
