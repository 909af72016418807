"""Customers by the beginning of their name: a folded copy whose `>=` and `<` are leakproof, so the index is used."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
ALTER TABLE people_customer ADD COLUMN name_key text COLLATE "C" GENERATED ALWAYS AS (lower(name)) STORED;
CREATE INDEX customer_by_name ON people_customer (organization_id, name_key);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_isolation")]

    operations = [migrations.RunSQL(FORWARD, "ALTER TABLE people_customer DROP COLUMN name_key;")]
