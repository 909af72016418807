"""What an owner settled on the first day: the agreement, the set-up, the weekly mail, and the way in."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import helpdesk.tenancy.models
from helpdesk.tenancy.operations import IsolateTables

#: What an owner accepted stays as it was accepted.
GUARD = """
CREATE FUNCTION people_agreement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was accepted is never changed or removed.';
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON people_agreementacceptance
    FOR EACH ROW EXECUTE FUNCTION people_agreement_stays();
CREATE TRIGGER stays_truncate BEFORE TRUNCATE ON people_agreementacceptance
    FOR EACH STATEMENT EXECUTE FUNCTION people_agreement_stays();
REVOKE UPDATE, DELETE, TRUNCATE ON people_agreementacceptance FROM helpdesk_app;
"""
UNGUARD = "DROP FUNCTION people_agreement_stays CASCADE"


class Migration(migrations.Migration):
    """What an owner settled on the first day."""

    dependencies: ClassVar = [("people", "0003_customer_search"), ("tenancy", "0002_setup")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="membership",
            name="gets_weekly_mail",
            field=models.BooleanField(default=True, verbose_name="gets the weekly mail"),
        ),
        migrations.AddField("invitation", "inbox_ids", models.JSONField(default=list, blank=True)),
        migrations.CreateModel(
            name="AgreementAcceptance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("operator", models.CharField(max_length=200)),
                ("accepted_name", models.CharField(max_length=320)),
                ("accepted_at", models.DateTimeField(auto_now_add=True)),
                (
                    "accepted_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.membership",
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
            ],
            options={
                "indexes": [models.Index(fields=["organization", "-id"], name="agreement_newest_first")],
            },
        ),
        migrations.CreateModel(
            name="FirstDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("screen", models.CharField(blank=True, max_length=20)),
                ("skipped", models.JSONField(default=list, blank=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
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
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organization",), name="one_first_day")],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "membership",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.membership",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "token_hash"), name="hand_over_is_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="WeeklyMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("week", models.DateField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "week"), name="one_weekly_mail_a_week")
                ],
            },
        ),
        IsolateTables(["HandOver", "AgreementAcceptance", "FirstDay", "WeeklyMail"]),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
