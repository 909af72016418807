"""An index for the tickets of a topic: the page of topics counts them, and learning reads the newest."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Tickets by topic."""

    dependencies: ClassVar = [("tickets", "0015_forgotten_recipients")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("topic", ""), _negated=True),
                fields=["organization", "topic", "-id"],
                name="ticket_by_topic",
            ),
        )
    ]
