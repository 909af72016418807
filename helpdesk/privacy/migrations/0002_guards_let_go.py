"""Guards of what only grows let go of an organization whose time is over; and how its rows go, table by table."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

#: Every row trigger of a tenant's table that looks at deletes begins by asking: whatever else its function says today
#: stays as it is. (`UPDATE` is never let through, nor is TRUNCATE.)
FORWARD = r"""
DO $do$
DECLARE
    guard record;
BEGIN
    FOR guard IN
        SELECT DISTINCT p.oid, pg_get_functiondef(p.oid) AS said
        FROM pg_trigger t
        JOIN pg_proc p ON p.oid = t.tgfoid
        JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
        JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attname = 'organization_id' AND NOT a.attisdropped
        WHERE NOT t.tgisinternal
            AND t.tgtype & 1 = 1 AND t.tgtype & 2 = 2 AND t.tgtype & 8 = 8  -- each row, before, delete
            AND p.prosrc NOT LIKE '%tenancy_is_over(%'
    LOOP
        EXECUTE regexp_replace(guard.said, '\mBEGIN\M', $with$BEGIN
    IF TG_OP = 'DELETE' THEN
        IF tenancy_is_over(OLD.organization_id) THEN
            RETURN OLD;
        END IF;
    END IF;$with$);
    END LOOP;
END $do$;
-- One table at a time and only then, also where the app's role may not delete: the rows of the organization in force.
CREATE FUNCTION tenancy_forget(relation text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    org uuid := NULLIF(current_setting('app.organization', true), '')::uuid;
    gone bigint;
BEGIN
    IF org IS NULL OR NOT tenancy_is_over(org) THEN
        RAISE EXCEPTION 'Only an organization whose time is over is deleted.';
    END IF;
    IF NOT EXISTS (
        SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
        WHERE c.relname = relation AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    ) THEN
        RAISE EXCEPTION 'No table of an organization: %', relation;
    END IF;
    EXECUTE format('DELETE FROM public.%I WHERE organization_id = $1', relation) USING org;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
"""


class Migration(migrations.Migration):
    """Guards of what only grows let go of an organization whose time is over."""

    dependencies: ClassVar = [
        ("privacy", "0001_leaving"),
        ("tickets", "0014_notices"),
        ("governance", "0009_records"),
        ("aiassist", "0005_service"),
    ]

    operations: ClassVar = [migrations.RunSQL(FORWARD, "DROP FUNCTION tenancy_forget(text)")]
