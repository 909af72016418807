"""Mentions and what a member was told."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from helpdesk.tenancy.models import CurrentOrganization, TenantForeignKey
from helpdesk.tenancy.operations import IsolateTables

CASCADE, SET_NULL = django.db.models.deletion.CASCADE, django.db.models.deletion.SET_NULL
KINDS = [
    ("mentioned", "A colleague mentions me in a note"),
    ("assigned", "I am given a ticket"),
    ("asked", "A colleague asks for my help"),
    ("answered", "The customer answers on a ticket of mine"),
    ("held", "A reply of mine is held"),
    ("ai_stopped", "Somebody stops the AI"),
]


def _key(to: str, on_delete: Any = CASCADE, **options: Any) -> Any:
    return TenantForeignKey(on_delete=on_delete, to=to, **options)


class Migration(migrations.Migration):
    """Mentions and what a member was told."""

    dependencies: ClassVar = [("tickets", "0013_time"), ("people", "0005_notices")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=KINDS, max_length=12)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("mail_done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "actor",
                    _key("people.membership", SET_NULL, blank=True, null=True, related_name="notices_caused"),
                ),
                ("member", _key("people.membership", related_name="notices")),
                ("message", _key("tickets.message", blank=True, null=True)),
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
                ("ticket", _key("tickets.ticket", blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "member", "-id"], name="notice_by_member"),
                    models.Index(
                        condition=models.Q(seen_at=None),
                        fields=["organization", "member", "ticket"],
                        name="notice_unseen",
                    ),
                    models.Index(
                        condition=models.Q(seen_at=None, mail_done_at=None),
                        fields=["organization", "created_at"],
                        name="notice_to_mail",
                    ),
                ],
            },
        ),
        IsolateTables(["Notice"]),
    ]
