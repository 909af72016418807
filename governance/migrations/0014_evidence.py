"""What registers are called on screens: the words that owners know."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """What registers are called on screens: the words that owners know."""

    dependencies: ClassVar = [("governance", "0013_survey")]

    operations: ClassVar = [
        migrations.AlterModelOptions(
            name="ethicspolicy",
            options={
                "verbose_name": "version of the rules",
                "verbose_name_plural": "versions of the rules",
            },
        ),
        migrations.AlterModelOptions(name="biasaudit", options={"verbose_name": "fairness check"}),
        migrations.AlterModelOptions(
            name="aidecision",
            options={"verbose_name": "step of the AI", "verbose_name_plural": "steps of the AI"},
        ),
        migrations.AlterModelOptions(
            name="ledgerentry",
            options={
                "verbose_name": "entry of what happened",
                "verbose_name_plural": "entries of what happened",
            },
        ),
    ]
