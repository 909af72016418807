"""Facts that the newer checks judge on."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
import django.db.models.deletion
import helpdesk.tenancy.models
from helpdesk.tenancy.operations import IsolateTables, TieForeignKey

FORWARD = r"""
-- The epoch never returns to a value: what a rolled-back write left in a cache must not be taken for a later one's.
CREATE SEQUENCE governance_epoch_seq START 1000000;
GRANT USAGE ON SEQUENCE governance_epoch_seq TO helpdesk_app;
CREATE OR REPLACE FUNCTION governance_raise_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO governance_epoch (organization_id, value)
        VALUES (COALESCE(NEW.organization_id, OLD.organization_id), nextval('governance_epoch_seq'))
        ON CONFLICT (organization_id) DO UPDATE SET value = EXCLUDED.value;
    RETURN NULL;
END $$;
CREATE TRIGGER raise_epoch AFTER INSERT OR UPDATE OR DELETE ON governance_aisystem
    FOR EACH ROW EXECUTE FUNCTION governance_raise_epoch();
CREATE TRIGGER raise_epoch AFTER INSERT OR UPDATE OR DELETE ON governance_systemversion
    FOR EACH ROW EXECUTE FUNCTION governance_raise_epoch();
CREATE TRIGGER raise_epoch AFTER INSERT OR UPDATE OR DELETE ON governance_vendor
    FOR EACH ROW EXECUTE FUNCTION governance_raise_epoch();

-- Append-only, but for the one change that forgetting a person makes: its columns (the arguments) become empty.
CREATE FUNCTION governance_only_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named text;
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - TG_ARGV) = (to_jsonb(OLD) - TG_ARGV) THEN
        FOREACH named IN ARRAY TG_ARGV LOOP
            IF to_jsonb(NEW) -> named <> 'null' AND to_jsonb(NEW) -> named <> to_jsonb(OLD) -> named THEN
                RAISE EXCEPTION 'The table % only grows: what was recorded is never changed.', TG_TABLE_NAME;
            END IF;
        END LOOP;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The table % only grows: what was recorded is never changed or removed.', TG_TABLE_NAME;
END $$;
CREATE TRIGGER only_forgets BEFORE UPDATE OR DELETE ON governance_registerchange
    FOR EACH ROW EXECUTE FUNCTION governance_only_forgets('member_id');
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON governance_registerchange
    FOR EACH STATEMENT EXECUTE FUNCTION governance_append_only();
REVOKE DELETE, TRUNCATE ON governance_registerchange FROM helpdesk_app;
"""

BACKWARD = """
DROP FUNCTION governance_only_forgets CASCADE;
DROP TRIGGER append_only_truncate ON governance_registerchange;
DROP TRIGGER raise_epoch ON governance_aisystem;
DROP TRIGGER raise_epoch ON governance_systemversion;
DROP TRIGGER raise_epoch ON governance_vendor;
CREATE OR REPLACE FUNCTION governance_raise_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO governance_epoch (organization_id, value) VALUES (COALESCE(NEW.organization_id, OLD.organization_id), 2)
        ON CONFLICT (organization_id) DO UPDATE SET value = governance_epoch.value + 1;
    RETURN NULL;
END $$;
DROP SEQUENCE governance_epoch_seq;
"""


class Migration(migrations.Migration):
    """Facts that the newer checks judge on."""

    dependencies: ClassVar = [("governance", "0004_decision_by_time")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AISystem",
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
                    "accountable",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                        verbose_name="who answers for it",
                    ),
                ),
                ("review_due", models.DateField(blank=True, null=True, verbose_name="look at it again on")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=120)),
                ("provider", models.CharField(max_length=80)),
                (
                    "is_external",
                    models.BooleanField(default=True, verbose_name="texts leave this installation"),
                ),
                ("purpose", models.TextField(blank=True, verbose_name="what it is for")),
                ("limits", models.TextField(blank=True, verbose_name="what it is not for")),
                ("bounds", models.TextField(blank=True, verbose_name="what may change without a new test")),
                ("data", models.TextField(blank=True, verbose_name="data it was made with and data it sees")),
                ("figures", models.JSONField(blank=True, default=dict)),
                ("known_failures", models.TextField(blank=True, verbose_name="what it gets wrong")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("plan", "Planned"),
                            ("build", "Being set up"),
                            ("pilot", "Trial"),
                            ("live", "In use"),
                            ("retired", "No longer used"),
                        ],
                        default="plan",
                        max_length=10,
                    ),
                ),
                (
                    "follows_release",
                    models.BooleanField(default=True, verbose_name="takes tested updates by itself"),
                ),
                ("is_published", models.BooleanField(default=True, verbose_name="show on the trust page")),
            ],
            options={
                "verbose_name": "AI system",
                "verbose_name_plural": "AI systems",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "provider"), name="one_system_per_provider"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SystemVersion",
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
                    "system",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.aisystem",
                    ),
                ),
                ("model", models.CharField(max_length=120)),
                ("prompt_hash", models.CharField(blank=True, max_length=64)),
                ("release", models.CharField(blank=True, max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("shadow", "Being tested"),
                            ("approved", "In use"),
                            ("retired", "No longer used"),
                        ],
                        default="shadow",
                        max_length=10,
                    ),
                ),
                ("results", models.JSONField(blank=True, default=dict)),
                (
                    "proposed_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "approved_by",
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
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "version of an AI system",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "system", "model", "prompt_hash"),
                        name="version_is_registered_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="approved_has_a_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Vendor",
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
                    "accountable",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                        verbose_name="who answers for it",
                    ),
                ),
                ("review_due", models.DateField(blank=True, null=True, verbose_name="look at it again on")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=120)),
                ("provider", models.CharField(max_length=80)),
                ("website", models.CharField(blank=True, max_length=200)),
                ("region", models.CharField(blank=True, max_length=12, verbose_name="where the data goes")),
                ("answers", models.JSONField(blank=True, default=list)),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("contract", models.CharField(blank=True, max_length=300, verbose_name="contract")),
                ("contract_signed_on", models.DateField(blank=True, null=True)),
                ("sub_processors", models.JSONField(blank=True, default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Not decided"), ("approved", "Approved"), ("ended", "Ended")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "approved_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="valid until")),
            ],
            options={
                "verbose_name": "AI service",
                "verbose_name_plural": "AI services",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "provider"), name="one_vendor_per_provider"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("expires_on__isnull", False),
                                models.Q(("region", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="approved_vendor_is_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondLook",
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
                ("subject_kind", models.CharField(default="ticket", max_length=20)),
                ("subject_id", models.BigIntegerField()),
                ("content_hash", models.CharField(max_length=64)),
                (
                    "asked_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                (
                    "looked_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("is_fine", models.BooleanField(null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "second look",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "subject_kind", "subject_id", "content_hash"),
                        name="one_second_look_per_text",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("looked_by__isnull", True),
                            models.Q(("looked_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="second_look_is_another_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_fine__isnull", True),
                            models.Q(("looked_by__isnull", False), ("looked_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="second_look_names_who",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterChange",
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
                ("object_ref", models.CharField(max_length=60)),
                ("title", models.CharField(blank=True, max_length=160)),
                ("action", models.CharField(max_length=12)),
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
                ("values", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "change of a register",
                "indexes": [
                    models.Index(fields=["organization", "object_ref", "-id"], name="change_by_object")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockNotice",
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
                ("object_ref", models.CharField(max_length=60)),
                ("due_on", models.DateField()),
                ("days_before", models.PositiveSmallIntegerField()),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "object_ref", "due_on", "days_before"),
                        name="one_notice_per_date",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="risk",
            name="key",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="risk",
            name="appetite",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="how much of it we take"
            ),
        ),
        migrations.AddField(
            model_name="risk",
            name="strategy",
            field=models.CharField(
                choices=[
                    ("reduce", "Make it smaller"),
                    ("avoid", "Do not do it"),
                    ("share", "Share it"),
                    ("accept", "Live with it"),
                ],
                default="reduce",
                max_length=10,
                verbose_name="what we do",
            ),
        ),
        migrations.AddField(
            model_name="risk",
            name="control",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="risk",
            name="control_ok",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="risk",
            name="control_checked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="risk",
            name="indicator",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="risk",
            name="indicator_limit",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="risk",
            name="indicator_value",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="risk",
            name="reopened_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="risk",
            name="reopened_because",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="risk",
            name="decide_by",
            field=models.DateField(blank=True, null=True, verbose_name="decide until"),
        ),
        migrations.AddField(
            model_name="risk",
            name="accepted_by",
            field=helpdesk.tenancy.models.TenantForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.membership",
            ),
        ),
        migrations.AddField(
            model_name="risk",
            name="accepted_until",
            field=models.DateField(blank=True, null=True, verbose_name="accepted until"),
        ),
        migrations.AddField(
            model_name="risk",
            name="accepted_because",
            field=models.TextField(blank=True, verbose_name="why it is accepted"),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("organization", "key"),
                name="shipped_risk_is_there_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("appetite__isnull", True),
                    models.Q(("appetite__gte", 1), ("appetite__lte", 25)),
                    _connector="OR",
                ),
                name="risk_appetite_is_on_the_scale",
            ),
        ),
        migrations.AddField(
            model_name="biasaudit",
            name="kind",
            field=models.CharField(
                choices=[("pairs", "Invented customers"), ("live", "Real tickets"), ("hand", "By hand")],
                default="hand",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="biasaudit",
            name="key",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="biasaudit",
            name="system",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="biasaudit",
            name="prompt_hash",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="biasaudit",
            name="decision",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not decided"),
                    ("mend", "Mend it, then check again"),
                    ("accept", "Go on, with reasons"),
                    ("stop", "Stop the AI there"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="biasaudit",
            name="decision_text",
            field=models.TextField(blank=True, verbose_name="why"),
        ),
        migrations.AddField(
            model_name="biasaudit",
            name="decided_by",
            field=helpdesk.tenancy.models.TenantForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.membership",
            ),
        ),
        migrations.AddField(
            model_name="biasaudit",
            name="decided_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="biasaudit",
            name="decision_until",
            field=models.DateField(blank=True, null=True, verbose_name="decision valid until"),
        ),
        migrations.AddField(
            model_name="biasaudit",
            name="made_by",
            field=helpdesk.tenancy.models.TenantForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.membership",
            ),
        ),
        migrations.AddField(
            model_name="biasaudit",
            name="accountable",
            field=helpdesk.tenancy.models.TenantForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.membership",
            ),
        ),
        migrations.AddField(
            model_name="biasaudit",
            name="review_due",
            field=models.DateField(blank=True, null=True, verbose_name="look at it again on"),
        ),
        migrations.AddIndex(
            model_name="biasaudit",
            index=models.Index(fields=["organization", "key", "-id"], name="audit_newest"),
        ),
        migrations.AddConstraint(
            model_name="biasaudit",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision", ""), ("decision_until__isnull", False), _connector="OR"),
                name="audit_decision_ends",
            ),
        ),
        migrations.AlterField(
            model_name="aistop",
            name="scope",
            field=models.CharField(
                choices=[
                    ("organization", "Everything"),
                    ("system", "AI service"),
                    ("topic", "Topic"),
                    ("ticket", "Ticket"),
                ],
                default="organization",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="aistop",
            name="topic",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="aispend",
            name="reserved_drafts",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="aispend",
            name="reserved_micro",
            field=models.PositiveBigIntegerField(db_default=0, default=0),
        ),
        IsolateTables(["AISystem", "SystemVersion", "Vendor", "SecondLook", "RegisterChange", "ClockNotice"]),
        TieForeignKey("Risk", "accepted_by"),
        TieForeignKey("BiasAudit", "decided_by"),
        TieForeignKey("BiasAudit", "made_by"),
        TieForeignKey("BiasAudit", "accountable"),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
