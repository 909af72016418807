"""Where articles came from, what was imported, and the words by which the help centre finds them."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import helpdesk.tenancy.models
from django.db import migrations, models
from helpdesk.tenancy.operations import IsolateTables

KEY = {"auto_created": True, "primary_key": True, "serialize": False, "verbose_name": "ID"}


def organization() -> tuple[str, models.Field]:
    return (
        "organization",
        models.ForeignKey(
            db_default=helpdesk.tenancy.models.CurrentOrganization(),
            db_index=False,
            editable=False,
            on_delete=django.db.models.deletion.CASCADE,
            related_name="+",
            to="tenancy.organization",
        ),
    )


def link(to: str, *, name: str = "+", null: bool = True) -> models.Field:
    gone = django.db.models.deletion.SET_NULL if null else django.db.models.deletion.CASCADE
    more = {"blank": True, "null": True} if null else {}
    return helpdesk.tenancy.models.TenantForeignKey(
        db_index=False, on_delete=gone, related_name=name, to=to, **more
    )


#: Words in the form that each language searches by; constants, so that the column may be generated.
WORDS = """
ALTER TABLE tickets_article ADD COLUMN words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector(CASE language
        WHEN 'de' THEN 'german'::regconfig WHEN 'fr' THEN 'french'::regconfig WHEN 'es' THEN 'spanish'::regconfig
        WHEN 'it' THEN 'italian'::regconfig WHEN 'nl' THEN 'dutch'::regconfig WHEN 'pt' THEN 'portuguese'::regconfig
        WHEN 'en' THEN 'english'::regconfig ELSE 'simple'::regconfig END, title), 'A')
    || setweight(to_tsvector(CASE language
        WHEN 'de' THEN 'german'::regconfig WHEN 'fr' THEN 'french'::regconfig WHEN 'es' THEN 'spanish'::regconfig
        WHEN 'it' THEN 'italian'::regconfig WHEN 'nl' THEN 'dutch'::regconfig WHEN 'pt' THEN 'portuguese'::regconfig
        WHEN 'en' THEN 'english'::regconfig ELSE 'simple'::regconfig END, body), 'B')
) STORED
"""


class Migration(migrations.Migration):
    """Where articles came from, and what was imported."""

    dependencies: ClassVar = [("tickets", "0010_mailbox")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="article",
            name="origin",
            field=models.CharField(blank=True, default="", editable=False, max_length=80),
        ),
        migrations.CreateModel(
            name="KnowledgeImport",
            fields=[
                ("id", models.BigAutoField(**KEY)),
                (
                    "kind",
                    models.CharField(
                        choices=[("text", "Pasted text"), ("file", "File"), ("page", "Page on the web")],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                ("content", models.BinaryField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("reading", "Being read"),
                            ("ready", "Read"),
                            ("failed", "Could not be read"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=40)),
                ("detail", models.CharField(blank=True, default="", max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("member", link("people.membership")),
                organization(),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "state", "created_at"], name="import_by_state")
                ]
            },
        ),
        migrations.CreateModel(
            name="KnowledgeImportItem",
            fields=[
                ("id", models.BigAutoField(**KEY)),
                ("position", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=160)),
                ("body", models.TextField()),
                ("language", models.CharField(default="en", max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("added", "Added"), ("left_out", "Left out")],
                        default="proposed",
                        max_length=8,
                    ),
                ),
                ("article", link("tickets.article")),
                ("like", link("tickets.article")),
                ("source", link("tickets.knowledgeimport", name="items", null=False)),
                organization(),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "source", "position"), name="import_item_place"
                    )
                ]
            },
        ),
        IsolateTables(["KnowledgeImport", "KnowledgeImportItem"]),
        migrations.RunSQL(WORDS, "ALTER TABLE tickets_article DROP COLUMN words"),
    ]
