"""Records, papers, the law as data."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
import django.db.models.deletion
import helpdesk.privacy.crypto
import helpdesk.tenancy.models
from helpdesk.tenancy.operations import IsolateTables

FORWARD = r"""
-- A version of a paper stays as it was made.
CREATE TRIGGER only_forgets BEFORE UPDATE OR DELETE ON governance_paper
    FOR EACH ROW EXECUTE FUNCTION governance_only_forgets('made_by_id');
REVOKE DELETE, TRUNCATE ON governance_paper FROM helpdesk_app;
"""

BACKWARD = """
DROP TRIGGER only_forgets ON governance_paper;
"""


class Migration(migrations.Migration):
    """Records, papers, the law as data."""

    dependencies: ClassVar = [("governance", "0008_people")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Record",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("committee", "Meeting of those responsible"),
                            ("board", "Advice from outside"),
                            ("guest_review", "Review by a guest"),
                            ("consultation", "Talk with people concerned"),
                            ("scenario", "What if"),
                            ("business_case", "Cost and benefit"),
                            ("concern", "Concern"),
                            ("question", "Question or objection from outside"),
                            ("horizon", "Something to watch"),
                            ("lesson", "Lesson shared"),
                            ("talk", "Talk in the team"),
                            ("tabletop", "Rehearsal"),
                        ],
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("people", models.JSONField(blank=True, default=list)),
                ("text", models.TextField(blank=True)),
                ("data", models.JSONField(blank=True, default=dict)),
                ("due", models.DateField(blank=True, null=True)),
                ("decision", models.TextField(blank=True)),
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
                ("effect", models.CharField(blank=True, max_length=20)),
                ("effect_ref", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("answered", "Answered"), ("closed", "Closed")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("is_anonymous", models.BooleanField(default=False, verbose_name="without a name")),
                ("is_from_outside", models.BooleanField(default=False, verbose_name="from outside")),
                (
                    "reporter",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("contact", helpdesk.privacy.crypto.EncryptedTextField(blank=True, default="")),
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
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("is_published", models.BooleanField(default=False, verbose_name="show on the trust page")),
            ],
            options={
                "verbose_name": "record",
                "indexes": [models.Index(fields=["organization", "kind", "state"], name="record_by_kind")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_anonymous", False), ("reporter__isnull", True), _connector="OR"
                        ),
                        name="anonymous_names_nobody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="answered_record_has_an_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GuestAccess",
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
                    "record",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="governance.record",
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("token_hash", models.CharField(max_length=64)),
                ("may_read", models.JSONField(default=list)),
                (
                    "invited_by",
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
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_read_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "guest",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "token_hash"), name="guest_token_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Paper",
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
                ("kind", models.CharField(max_length=30)),
                ("language", models.CharField(default="en", max_length=8)),
                ("version", models.PositiveIntegerField(default=1)),
                ("title", models.CharField(max_length=160)),
                ("content", models.TextField(blank=True)),
                ("data", models.JSONField(blank=True, default=dict)),
                ("content_hash", models.CharField(max_length=64)),
                (
                    "made_by",
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
                "verbose_name": "paper",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "kind", "language", "version"), name="paper_version_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LawRule",
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
                ("key", models.CharField(max_length=60)),
                ("pack_version", models.CharField(max_length=20)),
                ("regime", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("source", models.CharField(max_length=300)),
                ("source_date", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("adopted", "Adopted"), ("in_force", "In force")],
                        default="in_force",
                        max_length=10,
                    ),
                ),
                ("in_force_on", models.DateField(blank=True, null=True)),
                ("value", models.JSONField(blank=True, default=dict)),
                ("clauses", models.JSONField(blank=True, default=list)),
                ("checked_on", models.DateField(blank=True, null=True)),
                (
                    "checked_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of the law",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "key"), name="law_rule_is_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="LawTask",
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
                ("rule_key", models.CharField(max_length=60)),
                ("pack_version", models.CharField(max_length=20)),
                ("clause", models.CharField(max_length=40)),
                ("what_changed", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("dropped", "Not for us")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                (
                    "done_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.membership",
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "task from a change of law",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "pack_version", "rule_key", "clause"),
                        name="one_task_per_clause",
                    )
                ],
            },
        ),
        IsolateTables(["Record", "GuestAccess", "Paper", "LawRule", "LawTask"]),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
