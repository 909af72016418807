"""Rounds, approvals, readings of the policy; overrides of a check."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
import datetime
import django.db.models.deletion
import django.db.models.expressions
import helpdesk.tenancy.models
from helpdesk.tenancy.operations import IsolateTables

FORWARD = r"""
-- A published version changes in two ways only: it is replaced, or somebody says that it is still right.
CREATE OR REPLACE FUNCTION governance_policy_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := '{status,review_due}';
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF OLD.status = 'scheduled' THEN
        free := '{status,review_due,published_at,effective_at}';
    END IF;
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - free) = (to_jsonb(OLD) - free) AND (
        NEW.status = OLD.status
        OR (OLD.status = 'published' AND NEW.status = 'replaced')
        OR (OLD.status = 'scheduled' AND NEW.status IN ('published', 'draft'))
    ) AND (OLD.status <> 'replaced' OR NEW.review_due IS NOT DISTINCT FROM OLD.review_due) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Version % of the policy is published and cannot be changed: write a new version.', OLD.version;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE ON governance_attestation
    FOR EACH ROW EXECUTE FUNCTION governance_append_only();
REVOKE UPDATE, TRUNCATE ON governance_attestation FROM helpdesk_app;
CREATE TRIGGER raise_epoch AFTER INSERT OR UPDATE OR DELETE ON governance_override
    FOR EACH ROW EXECUTE FUNCTION governance_raise_epoch();

-- An exception is ended early at most; it is never rewritten, lengthened or removed.
CREATE FUNCTION governance_override_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL
        AND (to_jsonb(NEW) - '{ended_at,ended_by_id}'::text[]) = (to_jsonb(OLD) - '{ended_at,ended_by_id}'::text[]) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Exception % is a record: it can be ended, not changed.', OLD.id;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON governance_override
    FOR EACH ROW EXECUTE FUNCTION governance_override_frozen();
CREATE CONSTRAINT TRIGGER has_entry AFTER INSERT ON governance_override DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION governance_has_entry('override');
"""

BACKWARD = """
DROP TRIGGER append_only ON governance_attestation;
DROP TRIGGER raise_epoch ON governance_override;
DROP FUNCTION governance_override_frozen CASCADE;
DROP TRIGGER has_entry ON governance_override;
CREATE OR REPLACE FUNCTION governance_policy_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'replaced' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Version % of the policy is published and cannot be changed: write a new version.', OLD.version;
END $$;
"""


class Migration(migrations.Migration):
    """Rounds, approvals, readings of the policy; overrides of a check."""

    dependencies: ClassVar = [("governance", "0005_law")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="ethicspolicy",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("scheduled", "Starts later"),
                    ("published", "In force"),
                    ("replaced", "Replaced"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="ethicspolicy",
            name="effective_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ethicspolicy",
            name="summary",
            field=models.TextField(blank=True, verbose_name="what changes and why"),
        ),
        migrations.AddField(
            model_name="ethicspolicy",
            name="round_opened_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ethicspolicy",
            name="round_closes_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ethicspolicy",
            name="editors",
            field=models.JSONField(blank=True, default=list),
        ),
        # Versions published so far had one author and approver: they may stay; a new row says so itself.
        migrations.AddField(
            model_name="ethicspolicy",
            name="self_approved",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="ethicspolicy",
            name="self_approved",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="ethicspolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("self_approved", True),
                    ("approver__isnull", True),
                    models.Q(("approver", models.F("author")), _negated=True),
                    _connector="OR",
                ),
                name="author_is_not_approver",
            ),
        ),
        migrations.CreateModel(
            name="PolicyComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=helpdesk.tenancy.models.CurrentOrganization(),
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "policy",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="governance.ethicspolicy",
                    ),
                ),
                (
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120)),
                ("text", models.TextField()),
                ("answer", models.TextField(blank=True)),
                (
                    "answered_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "comment on the rules",
                "indexes": [models.Index(fields=["organization", "policy"], name="comment_by_policy")],
            },
        ),
        migrations.CreateModel(
            name="PolicyApproval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=helpdesk.tenancy.models.CurrentOrganization(),
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "policy",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="governance.ethicspolicy",
                    ),
                ),
                (
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("content_hash", models.CharField(max_length=64)),
                ("step", models.PositiveSmallIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "approval of the rules",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "policy", "member", "content_hash", "step"),
                        name="one_yes_per_text",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attestation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=helpdesk.tenancy.models.CurrentOrganization(),
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "policy",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.ethicspolicy",
                    ),
                ),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "reading of the rules",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "member", "policy"), name="read_once_per_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=helpdesk.tenancy.models.CurrentOrganization(),
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
                ("gate", models.CharField(max_length=3)),
                ("subject_kind", models.CharField(blank=True, max_length=20)),
                ("subject_id", models.BigIntegerField(blank=True, null=True)),
                ("topic", models.CharField(blank=True, max_length=40)),
                (
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("why", models.TextField(verbose_name="why")),
                ("value_given_way", models.CharField(max_length=40, verbose_name="which value gives way")),
                ("starts_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "exception",
                "verbose_name_plural": "exceptions",
                "indexes": [models.Index(fields=["organization", "until"], name="override_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__gt", models.F("starts_at")),
                            (
                                "until__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("starts_at"), "+", models.Value(datetime.timedelta(days=7))
                                ),
                            ),
                        ),
                        name="override_lasts_seven_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("gate__in", ["G01", "G06", "G07", "G13", "G16", "G18"]), _negated=True
                        ),
                        name="some_checks_never_give_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("why", ""), _negated=True),
                            models.Q(("value_given_way", ""), _negated=True),
                        ),
                        name="override_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("subject_kind", ""), ("subject_id__isnull", True)),
                            models.Q(
                                models.Q(("subject_kind", ""), _negated=True), ("subject_id__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="override_names_its_subject",
                    ),
                ],
            },
        ),
        IsolateTables(["PolicyComment", "PolicyApproval", "Attestation", "Override"]),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
