"""More guards: a message that left or was stopped never starts again, and the AI's texts stay as they were shown."""

from __future__ import annotations

from django.db import migrations

FORWARD = r"""
-- One approval, one sending: only a message that is on its way (the server asked to come back later) may queue again.
CREATE FUNCTION tickets_message_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = OLD.state OR OLD.kind NOT IN ('reply', 'ack') OR OLD.state = 'prepared'
        OR (OLD.state = 'queued' AND NEW.state IN ('sending', 'held', 'failed', 'cancelled'))
        OR (OLD.state = 'sending' AND NEW.state IN ('sent', 'queued', 'held', 'failed'))
        OR (OLD.state = 'held' AND NEW.state IN ('sent', 'cancelled'))
        OR (OLD.state = 'failed' AND NEW.state = 'cancelled')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Message % is % and cannot become %: write a new one.', OLD.id, OLD.state, NEW.state;
END $$;
CREATE TRIGGER one_way BEFORE UPDATE ON tickets_message FOR EACH ROW EXECUTE FUNCTION tickets_message_order();

-- What the AI showed is what a paste is compared with: it is as hashed, never changed, and goes only with an erasure.
CREATE FUNCTION tickets_ai_text_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.text_hash IS DISTINCT FROM tickets_text_hash(NEW.text) THEN
            RAISE EXCEPTION 'The hash of an AI text is not the hash of its text.';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM tickets_ticket t JOIN people_customer c ON c.organization_id = t.organization_id AND c.id = t.customer_id
        WHERE t.organization_id = OLD.organization_id AND t.id = OLD.ticket_id AND c.erased_at IS NOT NULL
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'AI text % is a record and never changed: it goes only when its customer is erased (set erased_at first).', OLD.id;
END $$;
CREATE TRIGGER stays BEFORE INSERT OR UPDATE OR DELETE ON tickets_aitext
    FOR EACH ROW EXECUTE FUNCTION tickets_ai_text_stays();
"""

BACKWARD = "DROP FUNCTION tickets_message_order, tickets_ai_text_stays CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_sending"), ("people", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
