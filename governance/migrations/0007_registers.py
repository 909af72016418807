"""Incidents, findings, changes, the product's own checks, figures."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
import django.core.validators
import django.db.models.deletion
import helpdesk.tenancy.models
from helpdesk.tenancy.operations import IsolateTables

FORWARD = r"""
CREATE TRIGGER raise_epoch AFTER INSERT OR UPDATE OR DELETE ON governance_incident
    FOR EACH ROW EXECUTE FUNCTION governance_raise_epoch();
"""

BACKWARD = """
DROP TRIGGER raise_epoch ON governance_incident;
"""


class Migration(migrations.Migration):
    """Incidents, findings, changes, the product's own checks, figures."""

    dependencies: ClassVar = [("governance", "0006_policy")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Incident",
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
                ("title", models.CharField(max_length=160)),
                ("description", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("leak", "Data reached the wrong people"),
                            ("wrong", "A wrong answer went out"),
                            ("unfair", "Somebody was treated unfairly"),
                            ("record", "A record does not add up"),
                            ("stopped", "Something did not work"),
                            ("other", "Something else"),
                        ],
                        default="other",
                        max_length=12,
                    ),
                ),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="how bad",
                    ),
                ),
                (
                    "is_serious",
                    models.BooleanField(default=False, verbose_name="serious: the AI stops there"),
                ),
                (
                    "system",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.aisystem",
                    ),
                ),
                ("topic", models.CharField(blank=True, max_length=40)),
                ("signal", models.CharField(blank=True, max_length=40)),
                (
                    "opened_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("noticed_at", models.DateTimeField()),
                ("report_due_at", models.DateTimeField(blank=True, null=True)),
                ("reported_at", models.DateTimeField(blank=True, null=True)),
                ("not_reported_because", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("contained", "Under control"),
                            ("review", "Being looked into"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("affected", models.JSONField(blank=True, default=list)),
                ("affected_count", models.PositiveIntegerField(default=0)),
                ("apology", models.TextField(blank=True, verbose_name="what we told those affected")),
                ("apologised_at", models.DateTimeField(blank=True, null=True)),
                ("remedy", models.TextField(blank=True, verbose_name="how we put it right")),
                ("review", models.TextField(blank=True, verbose_name="what we learned, without blame")),
                (
                    "reviewed_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("public_text", models.TextField(blank=True, verbose_name="what the trust page says")),
                ("is_published", models.BooleanField(default=False, verbose_name="show on the trust page")),
            ],
            options={
                "verbose_name": "incident",
                "indexes": [models.Index(fields=["organization", "state"], name="incident_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("severity__gte", 1), ("severity__lte", 5)),
                        name="incident_severity_is_one_to_five",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(models.Q(("review", ""), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="closed_incident_was_reviewed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("signal", ""), _negated=True),
                            models.Q(("state", "closed"), _negated=True),
                        ),
                        fields=("organization", "signal"),
                        name="one_open_incident_per_signal",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
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
                ("said", models.TextField(verbose_name="what you said")),
                ("changed", models.TextField(verbose_name="what we changed")),
                ("source_ref", models.CharField(blank=True, max_length=60)),
                ("change_ref", models.CharField(max_length=60)),
                ("change_hash", models.CharField(blank=True, max_length=64)),
                (
                    "author",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "change after feedback",
                "verbose_name_plural": "changes after feedback",
            },
        ),
        migrations.CreateModel(
            name="Finding",
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
                ("title", models.CharField(max_length=160)),
                ("description", models.TextField(blank=True)),
                ("source", models.CharField(default="hand", max_length=20)),
                ("source_ref", models.CharField(blank=True, max_length=60)),
                (
                    "audit",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.biasaudit",
                    ),
                ),
                (
                    "risk",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.risk",
                    ),
                ),
                (
                    "incident",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.incident",
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not decided"),
                            ("mend", "Mend it"),
                            ("accept", "Live with it"),
                            ("stop", "Stop"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("decision_text", models.TextField(blank=True, verbose_name="why")),
                (
                    "decided_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("mitigation", models.TextField(blank=True, verbose_name="what we do about it")),
                ("retest_due", models.DateField(blank=True, null=True, verbose_name="check again on")),
                (
                    "change",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.change",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("decided", "Decided"), ("closed", "Closed")],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "closed_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "finding",
                "indexes": [models.Index(fields=["organization", "state"], name="finding_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(
                                models.Q(("decision", ""), _negated=True), ("decided_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="finding_is_decided_before_it_closes",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("source_ref", ""), _negated=True),
                            models.Q(("state", "closed"), _negated=True),
                        ),
                        fields=("organization", "source", "source_ref"),
                        name="one_open_finding_per_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfCheck",
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
                ("kind", models.CharField(max_length=40)),
                ("ok", models.BooleanField()),
                ("results", models.JSONField(default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "check by the product itself",
                "indexes": [models.Index(fields=["organization", "kind", "-id"], name="self_check_newest")],
            },
        ),
        migrations.CreateModel(
            name="MetricEntry",
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
                ("key", models.CharField(max_length=40)),
                ("period_from", models.DateField()),
                ("period_to", models.DateField()),
                ("value", models.FloatField(blank=True, null=True)),
                ("low", models.FloatField(blank=True, null=True)),
                ("high", models.FloatField(blank=True, null=True)),
                ("n", models.PositiveIntegerField(default=0)),
                ("not_measured_because", models.CharField(blank=True, max_length=300)),
                (
                    "entered_by",
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
                "verbose_name": "figure",
                "indexes": [models.Index(fields=["organization", "key", "-period_to"], name="metric_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value__isnull", False),
                            models.Q(("not_measured_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="measured_or_said_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_to__gte", models.F("period_from"))),
                        name="period_runs_forward",
                    ),
                ],
            },
        ),
        IsolateTables(["Incident", "Change", "Finding", "SelfCheck", "MetricEntry"]),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
