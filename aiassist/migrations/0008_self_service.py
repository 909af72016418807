"""The assistant on the help pages: questions, answers, and the guard that stands before each answer."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q

from helpdesk.tenancy.models import CurrentOrganization, TenantForeignKey
from helpdesk.tenancy.operations import IsolateTables

CASCADE, SET_NULL, PROTECT = (
    django.db.models.deletion.CASCADE,
    django.db.models.deletion.SET_NULL,
    django.db.models.deletion.PROTECT,
)
STATES = [("waiting", "Waiting"), ("answered", "Answered by the assistant"), ("person", "For a person")]
GUARD = r"""
CREATE FUNCTION aiassist_answer_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'answered' AND (NEW.state, NEW.text, NEW.label, NEW.answer, NEW.sentences,
        NEW.sources, NEW.decision_id, NEW.conversation_id) IS DISTINCT FROM (OLD.state, OLD.text, OLD.label, OLD.answer,
        OLD.sentences, OLD.sources, OLD.decision_id, OLD.conversation_id)
    THEN
        RAISE EXCEPTION 'What a customer was told is not changed afterwards.';
    END IF;
    IF NEW.state = 'answered' AND (TG_OP = 'INSERT' OR OLD.state <> 'answered') THEN
        IF NEW.label = '' THEN
            RAISE EXCEPTION 'An answer of the AI says whose words it is.';
        END IF;
        IF NOT EXISTS (
            SELECT FROM governance_aidecision d WHERE d.organization_id = NEW.organization_id
                AND d.id = NEW.decision_id AND d.allowed AND d.kind = 'real' AND d.action = 'answer'
                AND d.subject_kind = 'assistant' AND d.subject_id = NEW.id
        ) THEN
            RAISE EXCEPTION 'An answer of the AI needs a decision that allowed exactly this one.';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON aiassist_question
    FOR EACH ROW EXECUTE FUNCTION aiassist_answer_guard();
"""


def _table(name: str, *fields: Any, **options: Any) -> migrations.CreateModel:
    key = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
    owner = models.ForeignKey(
        db_default=CurrentOrganization(),
        db_index=False,
        editable=False,
        on_delete=CASCADE,
        related_name="+",
        to="tenancy.organization",
    )
    return migrations.CreateModel(
        name=name, fields=[("id", key), *fields, ("organization", owner)], options=options
    )


def _key(to: str, on_delete: Any, **options: Any) -> Any:
    return TenantForeignKey(on_delete=on_delete, to=to, **options)


class Migration(migrations.Migration):
    """The assistant on the help pages."""

    dependencies: ClassVar = [
        ("aiassist", "0007_drafting"),
        ("governance", "0003_guards"),
        ("people", "0001_initial"),
        ("tickets", "0003_guards"),
    ]

    operations: ClassVar = [
        _table(
            "Conversation",
            ("token_hash", models.CharField(max_length=64)),
            ("language", models.CharField(blank=True, max_length=8)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("customer", _key("people.customer", CASCADE, blank=True, null=True)),
            ("ticket", _key("tickets.ticket", SET_NULL, blank=True, null=True)),
            constraints=[
                models.UniqueConstraint(
                    fields=("organization", "token_hash"), name="one_conversation_per_token"
                )
            ],
            indexes=[models.Index(fields=["organization", "created_at"], name="conversation_by_time")],
        ),
        _table(
            "Question",
            ("text", models.TextField()),
            ("state", models.CharField(choices=STATES, default="waiting", max_length=8)),
            ("why", models.CharField(blank=True, max_length=12)),
            ("language", models.CharField(blank=True, max_length=8)),
            ("label", models.CharField(blank=True, max_length=200)),
            ("answer", models.TextField(blank=True)),
            ("answer_language", models.CharField(blank=True, max_length=8)),
            ("sentences", models.JSONField(default=list)),
            ("sources", models.JSONField(default=list)),
            ("open_parts", models.JSONField(default=list)),
            ("right", models.BooleanField(blank=True, null=True)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("done_at", models.DateTimeField(blank=True, null=True)),
            ("conversation", _key("aiassist.conversation", CASCADE, related_name="questions")),
            ("decision", _key("governance.aidecision", PROTECT, blank=True, null=True)),
            constraints=[
                models.CheckConstraint(
                    condition=Q(state="answered") | Q(answer="", right__isnull=True),
                    name="only_answers_have_words",
                )
            ],
            indexes=[
                models.Index(fields=["organization", "conversation", "id"], name="question_by_conversation"),
                models.Index(fields=["organization", "-id"], name="question_newest"),
            ],
        ),
        IsolateTables(["Conversation", "Question"]),
        migrations.RunSQL(GUARD, "DROP FUNCTION aiassist_answer_guard CASCADE"),
    ]
