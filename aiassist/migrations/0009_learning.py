"""What became of drafts and what that teaches, test questions, wordings of the instructions, proposals for topics."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from helpdesk.tenancy.models import CurrentOrganization, TenantForeignKey
from helpdesk.tenancy.operations import IsolateTables

CASCADE, SET_NULL, PROTECT = (
    django.db.models.deletion.CASCADE,
    django.db.models.deletion.SET_NULL,
    django.db.models.deletion.PROTECT,
)
BECAME = [
    ("used", "Used as it was"),
    ("edited", "Used and edited"),
    ("rejected", "Rejected"),
    ("ignored", "Answered without it"),
    ("none", "There was no draft"),
]
STATES = [("open", "To decide"), ("accepted", "Accepted"), ("declined", "Declined")]


def _key(to: str, on_delete: Any, **options: Any) -> Any:
    return TenantForeignKey(on_delete=on_delete, to=to, **options)


def _member() -> Any:
    return _key("people.membership", SET_NULL, blank=True, null=True)


def _now() -> Any:
    return models.DateTimeField(auto_now_add=True)


def _words(length: int, **options: Any) -> Any:
    return models.CharField(max_length=length, **options)


def _list(**options: Any) -> Any:
    return models.JSONField(default=list, **options)


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


class Migration(migrations.Migration):
    """Learning without taking."""

    dependencies: ClassVar = [
        ("aiassist", "0008_self_service"),
        ("governance", "0003_guards"),
        ("people", "0001_initial"),
        ("tickets", "0001_initial"),
    ]

    operations: ClassVar = [
        _table(
            "AnswerFact",
            ("topic", _words(40, blank=True)),
            ("became", _words(8, choices=BECAME)),
            ("changed", models.FloatField(blank=True, null=True)),
            ("reason", _words(20, blank=True)),
            ("wait_seconds", models.PositiveIntegerField(default=0)),
            ("system", _words(160, blank=True)),
            ("prompt_hash", _words(64, blank=True)),
            ("created_at", _now()),
            ("message", _key("tickets.message", CASCADE)),
            ("ticket", _key("tickets.ticket", CASCADE)),
            constraints=[
                models.UniqueConstraint(
                    fields=("organization", "message"), name="one_answer_fact_per_message"
                ),
                models.CheckConstraint(
                    condition=Q(changed__isnull=True) | Q(changed__gte=0, changed__lte=1),
                    name="changed_is_a_share",
                ),
            ],
            indexes=[models.Index(fields=["organization", "created_at"], name="answer_fact_by_time")],
        ),
        _table(
            "Lesson",
            ("passage", _words(32, blank=True)),
            ("topic", _words(40, blank=True)),
            ("value", models.FloatField()),
            ("created_at", _now()),
            ("forgotten_at", models.DateTimeField(blank=True, null=True)),
            ("customer", _key("people.customer", CASCADE)),
            ("decision", _key("governance.aidecision", PROTECT)),
            ("fact", _key("aiassist.answerfact", CASCADE)),
            constraints=[
                models.UniqueConstraint(
                    fields=("organization", "fact", "passage", "topic"),
                    name="one_lesson_per_passage_or_topic",
                ),
                models.CheckConstraint(condition=Q(value__gte=-1, value__lte=1), name="a_lesson_is_bounded"),
                models.CheckConstraint(
                    condition=Q(passage="") ^ Q(topic=""), name="a_lesson_is_about_one_thing"
                ),
            ],
        ),
        _table(
            "GoldenTicket",
            ("title", _words(160)),
            ("question", models.TextField()),
            ("subject", _words(300, blank=True)),
            ("language", _words(8, default="en")),
            ("must_say", _list(blank=True)),
            ("must_not_say", _list(blank=True)),
            ("sources", _list(blank=True)),
            ("answer", models.BooleanField(default=True)),
            ("still_open", _words(160, blank=True)),
            ("created_at", _now()),
            ("removed_at", models.DateTimeField(blank=True, null=True)),
            ("created_by", _member()),
            ("customer", _key("people.customer", CASCADE, blank=True, null=True)),
            verbose_name="test question",
            verbose_name_plural="test questions",
        ),
        _table(
            "GoldenRun",
            ("system", _words(160)),
            ("prompt_hash", _words(64, blank=True)),
            ("set_hash", _words(64)),
            ("figures", models.JSONField(default=dict)),
            ("worse", _list()),
            ("than", _words(230, blank=True)),
            ("created_at", _now()),
            indexes=[models.Index(fields=["organization", "system", "-id"], name="golden_run_by_system")],
        ),
        _table(
            "PromptChoice",
            ("prompt_hash", _words(64)),
            ("reason", _words(300, blank=True)),
            ("despite", _list()),
            ("created_at", _now()),
            ("member", _member()),
            indexes=[models.Index(fields=["organization", "-id"], name="prompt_choice_newest")],
        ),
        _table(
            "TopicProposal",
            ("topic", _words(40)),
            ("reasons", _list()),
            ("figures", models.JSONField(default=dict)),
            ("state", _words(8, choices=STATES, default="open")),
            ("decided_at", models.DateTimeField(blank=True, null=True)),
            ("note", _words(300, blank=True)),
            ("created_at", _now()),
            ("decided_by", _member()),
            ("policy", _key("governance.ethicspolicy", SET_NULL, blank=True, null=True)),
            constraints=[
                models.UniqueConstraint(
                    condition=Q(state="open"),
                    fields=("organization", "topic"),
                    name="one_open_proposal_per_topic",
                ),
                models.CheckConstraint(
                    condition=Q(state="open") | Q(decided_at__isnull=False), name="decided_has_a_date"
                ),
            ],
        ),
        IsolateTables(["AnswerFact", "Lesson", "GoldenTicket", "GoldenRun", "PromptChoice", "TopicProposal"]),
    ]
