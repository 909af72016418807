"""What is learned from solved tickets, how each message was sorted, and earlier answers as sources."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
import django.utils.timezone
import pgvector.django.vector
from django.db import migrations, models

import helpdesk.privacy.crypto
from helpdesk.tenancy.models import CurrentOrganization, TenantForeignKey
from helpdesk.tenancy.operations import IsolateTables, TieForeignKey

CASCADE, SET_NULL, PROTECT = (
    django.db.models.deletion.CASCADE,
    django.db.models.deletion.SET_NULL,
    django.db.models.deletion.PROTECT,
)
STATES = [
    ("unsure", "Not sure"),
    ("proposed", "Suggested"),
    ("applied", "Set"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("taken_back", "Taken back"),
]


def _id() -> Any:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _key(to: str, on_delete: Any, **options: Any) -> Any:
    return TenantForeignKey(on_delete=on_delete, to=to, **options)


def _organization() -> Any:
    return models.ForeignKey(
        db_default=CurrentOrganization(),
        db_index=False,
        editable=False,
        on_delete=CASCADE,
        related_name="+",
        to="tenancy.organization",
    )


class Migration(migrations.Migration):
    """Topics learned, messages sorted, earlier answers found."""

    dependencies: ClassVar = [("aiassist", "0005_service"), ("tickets", "0015_forgotten_recipients")]

    operations: ClassVar = [
        migrations.AddField("passage", "message", _key("tickets.message", CASCADE, blank=True, null=True)),
        migrations.AddField(
            "passage",
            "title_vector",
            pgvector.django.vector.VectorField(blank=True, dimensions=384, null=True),
        ),
        migrations.AddConstraint(
            "passage",
            models.UniqueConstraint(
                fields=("organization", "message", "position"), name="passage_of_earlier_answer"
            ),
        ),
        TieForeignKey("Passage", "message"),
        migrations.CreateModel(
            name="LearnedTopics",
            fields=[
                ("id", _id()),
                ("data", helpdesk.privacy.crypto.EncryptedTextField()),
                ("recipe", models.CharField(max_length=40)),
                ("examples", models.JSONField(default=list)),
                ("topics", models.JSONField(default=list)),
                ("figures", models.JSONField(default=dict)),
                ("learned_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decision", _key("governance.aidecision", PROTECT, blank=True, null=True)),
                ("organization", _organization()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization",), name="one_set_of_learned_topics")
                ]
            },
        ),
        migrations.CreateModel(
            name="Sorting",
            fields=[
                ("id", _id()),
                ("state", models.CharField(choices=STATES, default="unsure", max_length=10)),
                ("topic", models.CharField(blank=True, max_length=40)),
                ("confidence", models.FloatField(blank=True, null=True)),
                ("nearest", models.JSONField(default=list)),
                ("priority", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("because", models.CharField(blank=True, max_length=20)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("human_topics", models.JSONField(default=list)),
                ("mood", models.CharField(blank=True, max_length=10)),
                ("before", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", _key("people.membership", SET_NULL, blank=True, null=True)),
                ("decision", _key("governance.aidecision", PROTECT)),
                ("message", _key("tickets.message", CASCADE)),
                ("organization", _organization()),
                ("ticket", _key("tickets.ticket", CASCADE)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "message"), name="one_sorting_per_message"
                    )
                ],
                "indexes": [
                    models.Index(fields=["organization", "ticket", "-id"], name="sorting_by_ticket"),
                    models.Index(fields=["organization", "topic", "state"], name="sorting_by_topic"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TopicMerge",
            fields=[
                ("id", _id()),
                ("source", models.CharField(max_length=40)),
                ("target", models.CharField(max_length=40)),
                ("tickets", models.JSONField(default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("member", _key("people.membership", SET_NULL, blank=True, null=True)),
                ("organization", _organization()),
            ],
        ),
        IsolateTables(["LearnedTopics", "Sorting", "TopicMerge"]),
    ]
