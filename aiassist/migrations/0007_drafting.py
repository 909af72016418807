"""What agents ask the AI for beside a draft, words while they are written, calls that are not paid twice."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
import django.utils.timezone
import pgvector.django.vector
from django.db import migrations, models

import helpdesk.privacy.crypto
from helpdesk.tenancy.models import CurrentOrganization, TenantForeignKey
from helpdesk.tenancy.operations import IsolateTables

CASCADE, SET_NULL, PROTECT = (
    django.db.models.deletion.CASCADE,
    django.db.models.deletion.SET_NULL,
    django.db.models.deletion.PROTECT,
)
KINDS = [
    ("shorter", "Shorter"),
    ("warmer", "Warmer"),
    ("clearer", "Clearer"),
    ("translate", "Translate"),
    ("summary", "Summary"),
    ("article", "Article"),
]
STATES = [
    ("waiting", "Waiting"),
    ("done", "Done"),
    ("stopped", "Not allowed"),
    ("failed", "Failed"),
    ("used", "Used"),
]


def _key(to: str, on_delete: Any, **options: Any) -> Any:
    return TenantForeignKey(on_delete=on_delete, to=to, **options)


def _table(name: str, *fields: Any, **options: Any) -> Any:
    """A table of an organization."""
    number = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
    organization = models.ForeignKey(
        db_default=CurrentOrganization(),
        db_index=False,
        editable=False,
        on_delete=CASCADE,
        related_name="+",
        to="tenancy.organization",
    )
    every = [("id", number), *fields, ("organization", organization)]
    return migrations.CreateModel(name=name, fields=every, options=options)


def _once(name: str, *fields: str) -> dict[str, Any]:
    return {"constraints": [models.UniqueConstraint(fields=("organization", *fields), name=name)]}


def _now() -> Any:
    return models.DateTimeField(default=django.utils.timezone.now)


class Migration(migrations.Migration):
    """Drafting beside the draft."""

    dependencies: ClassVar = [
        ("aiassist", "0006_triage"),
        ("governance", "0003_guards"),
        ("people", "0001_initial"),
        ("tickets", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            "draft",
            "instead",
            models.CharField(blank=True, default="", max_length=300),
            preserve_default=False,
        ),
        _table(
            "Writing",
            ("text", models.TextField()),
            ("updated_at", _now()),
            ("decision", _key("governance.aidecision", PROTECT)),
            ("message", _key("tickets.message", CASCADE)),
            **_once("one_writing_per_message", "message"),
        ),
        _table(
            "PaidCall",
            ("key", models.CharField(max_length=64)),
            ("answer", helpdesk.privacy.crypto.EncryptedTextField(blank=True)),
            ("claimed_at", _now()),
            ("decision", _key("governance.aidecision", PROTECT)),
            ("ticket", _key("tickets.ticket", CASCADE)),
            **_once("one_paid_call_per_key", "key"),
        ),
        _table(
            "Help",
            ("kind", models.CharField(choices=KINDS, max_length=10)),
            ("state", models.CharField(choices=STATES, default="waiting", max_length=8)),
            ("language", models.CharField(blank=True, max_length=8)),
            ("before", models.TextField(blank=True)),
            ("text", models.TextField(blank=True)),
            ("points", models.JSONField(default=list)),
            ("service", models.CharField(blank=True, max_length=160)),
            ("masked_request", models.TextField(blank=True)),
            ("reason", models.CharField(blank=True, max_length=300)),
            ("next_step", models.CharField(blank=True, max_length=300)),
            ("created_at", models.DateTimeField(auto_now_add=True)),
            ("decision", _key("governance.aidecision", PROTECT, blank=True, null=True)),
            ("member", _key("people.membership", SET_NULL, blank=True, null=True)),
            ("ticket", _key("tickets.ticket", CASCADE)),
            indexes=[models.Index(fields=["organization", "ticket", "-id"], name="help_by_ticket")],
        ),
        _table(
            "TicketMeaning",
            ("vector", pgvector.django.vector.VectorField(dimensions=384)),
            ("updated_at", _now()),
            ("ticket", _key("tickets.ticket", CASCADE)),
            **_once("one_meaning_per_ticket", "ticket"),
        ),
        IsolateTables(["Writing", "PaidCall", "Help", "TicketMeaning"]),
    ]
