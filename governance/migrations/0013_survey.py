"""Whom we asked by mail how we did, and who does not want to be asked."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import helpdesk.tenancy.models
from helpdesk.tenancy.operations import IsolateTables


class Migration(migrations.Migration):
    """Whom we asked by mail how we did, and who does not want to be asked."""

    dependencies: ClassVar = [
        ("governance", "0012_clauses"),
        ("people", "0005_notices"),
        ("tenancy", "0004_verified_domain"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SurveyInvite",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.customer",
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("refused_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "question by mail",
                "indexes": [
                    models.Index(fields=["organization", "customer", "created_at"], name="invite_by_customer")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["organization", "subject_id"], name="one_invite_per_ticket"
                    )
                ],
            },
        ),
        IsolateTables(["SurveyInvite"]),
    ]
