"""How an organization reaches its AI service, and trials of one on own tickets."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from helpdesk.tenancy.models import CurrentOrganization, TenantForeignKey
from helpdesk.tenancy.operations import IsolateTables

CASCADE, SET_NULL, PROTECT = (
    django.db.models.deletion.CASCADE,
    django.db.models.deletion.SET_NULL,
    django.db.models.deletion.PROTECT,
)
STATES = [
    ("shown", "Shown"),
    ("waiting", "Waiting"),
    ("done", "Done"),
    ("stopped", "Not allowed"),
    ("failed", "Failed"),
]


def _key(to: str, on_delete: Any, **options: Any) -> Any:
    return TenantForeignKey(on_delete=on_delete, to=to, **options)


class Migration(migrations.Migration):
    """How an organization reaches its AI service."""

    dependencies: ClassVar = [
        ("aiassist", "0004_isolation"),
        ("governance", "0003_guards"),
        ("people", "0001_initial"),
        ("tickets", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            "aiservice", "monthly_cap_micro", models.PositiveBigIntegerField(default=0, db_default=0)
        ),
        migrations.CreateModel(
            name="ServiceTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state", models.CharField(choices=STATES, default="shown", max_length=8)),
                ("shown", models.TextField()),
                ("text", models.TextField(blank=True)),
                ("built_in", models.TextField(blank=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("next_step", models.CharField(blank=True, max_length=300)),
                ("cost_micro", models.PositiveBigIntegerField(default=0)),
                ("milliseconds", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("decision", _key("governance.aidecision", PROTECT, blank=True, null=True)),
                ("member", _key("people.membership", SET_NULL, blank=True, null=True)),
                ("message", _key("tickets.message", CASCADE)),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=CurrentOrganization(),
                        db_index=False,
                        editable=False,
                        on_delete=CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
                ("service", _key("aiassist.aiservice", CASCADE, related_name="tries")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "service", "message"), name="one_try_per_message"
                    )
                ],
            },
        ),
        IsolateTables(["ServiceTry"]),
    ]
