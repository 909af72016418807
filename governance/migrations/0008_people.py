"""Courses, certificates, surveys."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
import django.db.models.deletion
import helpdesk.tenancy.models
from helpdesk.tenancy.operations import IsolateTables


class Migration(migrations.Migration):
    """Courses, certificates, surveys."""

    dependencies: ClassVar = [("governance", "0007_registers")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Course",
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
                ("key", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=160)),
                ("about", models.TextField(blank=True)),
                ("lessons", models.JSONField(default=list)),
                ("skills", models.JSONField(blank=True, default=list)),
                ("minutes", models.PositiveSmallIntegerField(default=10)),
                ("pass_percent", models.PositiveSmallIntegerField(default=80)),
                ("valid_days", models.PositiveIntegerField(default=365)),
                ("is_outside", models.BooleanField(default=False, verbose_name="given by others")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being written"),
                            ("live", "Offered"),
                            ("retired", "No longer offered"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "verbose_name": "course",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "key"), name="course_key_is_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("pass_percent__lte", 100)), name="course_pass_is_a_percentage"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseAttempt",
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
                    "course",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="governance.course",
                    ),
                ),
                ("answers", models.JSONField(default=dict)),
                ("lesson", models.PositiveSmallIntegerField(default=0)),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "member", "course", "-id"], name="attempt_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
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
                    "course",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.course",
                    ),
                ),
                ("policy_version", models.PositiveIntegerField(blank=True, null=True)),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("source", models.CharField(blank=True, max_length=160)),
                ("issued_on", models.DateField()),
                ("expires_on", models.DateField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "certificate",
                "indexes": [
                    models.Index(fields=["organization", "member", "course"], name="certificate_by_member")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_on__gte", models.F("issued_on"))),
                        name="certificate_runs_forward",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyAnswer",
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
                    "customer",
                    helpdesk.tenancy.models.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.customer",
                    ),
                ),
                ("subject_kind", models.CharField(default="ticket", max_length=20)),
                ("subject_id", models.BigIntegerField(blank=True, null=True)),
                ("question", models.CharField(max_length=20)),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("text", models.TextField(blank=True)),
                ("ai_involvement", models.CharField(blank=True, max_length=10)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "answer to a survey",
                "indexes": [
                    models.Index(
                        fields=["organization", "question", "created_at"], name="survey_by_question"
                    ),
                    models.Index(fields=["organization", "customer"], name="survey_by_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("score__isnull", True),
                            models.Q(("score__gte", 1), ("score__lte", 5)),
                            _connector="OR",
                        ),
                        name="survey_score_is_one_to_five",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("score__isnull", False), models.Q(("text", ""), _negated=True), _connector="OR"
                        ),
                        name="survey_says_something",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "subject_kind", "subject_id", "question", "customer"),
                        name="one_answer_per_subject",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PulseTicket",
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
                ("round", models.CharField(max_length=10)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "member", "round"), name="one_pulse_per_round"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PulseAnswer",
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
                ("round", models.CharField(max_length=10)),
                ("answers", models.JSONField(default=dict)),
                ("text", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "answer to the staff pulse",
                "indexes": [models.Index(fields=["organization", "round"], name="pulse_by_round")],
            },
        ),
        IsolateTables(
            ["Course", "CourseAttempt", "Certificate", "SurveyAnswer", "PulseTicket", "PulseAnswer"]
        ),
    ]
