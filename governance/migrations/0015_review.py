"""Rules come into force, and the AI runs again, only with their entry in the record; a stop is a record itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

FORWARD = r"""
-- As governance_has_entry, for a row that changes: one of the named events about it must stand in the record.
CREATE FUNCTION governance_has_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := current_setting('app.organization', true);
    found boolean;
BEGIN
    PERFORM set_config('app.organization', NEW.organization_id::text, true);
    SELECT EXISTS (
        SELECT FROM governance_ledgerentry
        WHERE organization_id = NEW.organization_id AND object_ref = TG_ARGV[0] || ':' || NEW.id
            AND event = ANY (TG_ARGV[1:])
    ) INTO found;
    PERFORM set_config('app.organization', COALESCE(before, ''), true);
    IF NOT found THEN
        RAISE EXCEPTION '% % has no entry in the ledger for this change: make it through its service.', TG_ARGV[0], NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER published_has_entry AFTER INSERT OR UPDATE ON governance_ethicspolicy
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'published')
    EXECUTE FUNCTION governance_has_event('policy', 'policy_published', 'came_along');
CREATE CONSTRAINT TRIGGER lifted_has_entry AFTER UPDATE ON governance_aistop
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL)
    EXECUTE FUNCTION governance_has_event('stop', 'ai_stop_lifted');

-- A stop is lifted once; it is never rewritten or removed.
CREATE FUNCTION governance_stop_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF tenancy_is_over(OLD.organization_id) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'Stop % is a record: it can be lifted, not removed.', OLD.id;
    END IF;
    IF (to_jsonb(NEW) - '{lifted_at,lifted_by_id,started_by_id}'::text[])
            = (to_jsonb(OLD) - '{lifted_at,lifted_by_id,started_by_id}'::text[])
        AND (NEW.started_by_id IS NULL OR NEW.started_by_id = OLD.started_by_id)
        AND (OLD.lifted_at IS NULL OR NEW.lifted_at = OLD.lifted_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Stop % is a record: it can be lifted once, not changed.', OLD.id;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON governance_aistop
    FOR EACH ROW EXECUTE FUNCTION governance_stop_frozen();
"""

BACKWARD = "DROP FUNCTION governance_has_event, governance_stop_frozen CASCADE"


class Migration(migrations.Migration):
    """Rules in force and lifted stops have their entry in the record."""

    dependencies: ClassVar = [("governance", "0014_evidence")]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
