"""A certificate of an outside course: where its proof can be read, and who looked at it."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import helpdesk.tenancy.models
from helpdesk.tenancy.operations import TieForeignKey


class Migration(migrations.Migration):
    """A certificate of an outside course: where its proof can be read, and who looked at it."""

    dependencies: ClassVar = [("governance", "0010_questions")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="certificate",
            name="link",
            field=models.URLField(blank=True),
        ),
        migrations.AddField(
            model_name="certificate",
            name="approved_by",
            field=helpdesk.tenancy.models.TenantForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.membership",
            ),
        ),
        TieForeignKey("Certificate", "approved_by"),
    ]
