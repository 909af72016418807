"""An approval rests on its approver's own decision about this very ticket, and a decision carries one approval."""

from __future__ import annotations

from django.db import migrations, models

#: As in 0003_guards, with what `decided_for` adds: before, any allowed decision of the organization did.
FUNCTION = r"""
CREATE OR REPLACE FUNCTION tickets_approval_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    m tickets_message;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'An approval is a record: it can be revoked, never removed.';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL
            AND to_jsonb(NEW) - 'revoked_at' = to_jsonb(OLD) - 'revoked_at' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'An approval is a record: it can only be revoked, once.';
    END IF;
    SELECT * INTO m FROM tickets_message WHERE organization_id = NEW.organization_id AND id = NEW.message_id;
    IF m.kind IS DISTINCT FROM 'reply' OR m.state IS DISTINCT FROM 'prepared' THEN
        RAISE EXCEPTION 'Only a reply that is being prepared can be approved.';
    END IF;
    IF NEW.content_hash IS DISTINCT FROM tickets_content_hash(m) THEN
        RAISE EXCEPTION 'The approval is for another content than the message has.';
    END IF;
    IF NOT EXISTS (
        SELECT FROM people_membership p WHERE p.organization_id = NEW.organization_id AND p.id = NEW.approver_id
            AND p.is_active AND p.role <> 'auditor'
    ) THEN
        RAISE EXCEPTION 'An approval needs an active member who may answer customers.';
    END IF;
    IF NOT EXISTS (
        SELECT FROM governance_aidecision d WHERE d.organization_id = NEW.organization_id AND d.id = NEW.decision_id
            AND d.allowed AND d.kind = 'real' AND d.action = 'approve' %(decided_for)s
    ) THEN
        RAISE EXCEPTION '%(said)s';
    END IF;
    RETURN NEW;
END $$;
"""
FITTING = {
    "decided_for": """
            AND d.subject_kind = 'ticket' AND d.subject_id = m.ticket_id AND d.actor_id = NEW.approver_id""",
    "said": "An approval needs a decision that allowed it, about this ticket, asked for by the approver, "
    "and never one of the practice inbox.",
}
ANY = {
    "decided_for": "",
    "said": "An approval needs a decision that allowed it, and never one of the practice inbox.",
}


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_search_deeper")]

    operations = [
        migrations.RunSQL(FUNCTION % FITTING, FUNCTION % ANY),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                fields=["organization", "decision"], name="one_approval_per_decision"
            ),
        ),
    ]
