"""Row-level security for the AI room, and: no draft without a decision that allowed it."""

from __future__ import annotations

from django.db import migrations

from helpdesk.tenancy.operations import IsolateTables

FORWARD = r"""
CREATE FUNCTION aiassist_draft_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM governance_aidecision d WHERE d.organization_id = NEW.organization_id AND d.id = NEW.decision_id
            AND d.allowed AND d.action IN ('draft', 'save')
    ) THEN
        RAISE EXCEPTION 'A draft needs a decision that allowed it.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OF decision_id ON aiassist_draft
    FOR EACH ROW EXECUTE FUNCTION aiassist_draft_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("aiassist", "0003_initial"), ("tickets", "0003_guards")]

    operations = [
        IsolateTables(["Draft", "AIService", "Passage"]),
        migrations.RunSQL(FORWARD, "DROP FUNCTION aiassist_draft_guard CASCADE"),
    ]
