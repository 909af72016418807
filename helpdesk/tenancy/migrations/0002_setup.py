"""What kind of business an organization is, and what its owner still has to do."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

KINDS = [
    ("shop", "Shop"),
    ("trades", "Services and trades"),
    ("travel", "Travel"),
    ("software", "Software"),
    ("care", "Health and care"),
    ("hospitality", "Restaurant or hotel"),
]


class Migration(migrations.Migration):
    """What kind of business an organization is, and what its owner still has to do."""

    dependencies: ClassVar = [("tenancy", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            "organization",
            "kind",
            models.CharField("kind of business", max_length=12, choices=KINDS, blank=True, default=""),
        ),
        migrations.AddField("organization", "agreement_due", models.BooleanField(default=False)),
        migrations.AddField("organization", "checklist_shown", models.BooleanField(default=False)),
    ]
