"""Guards of the promises: an approval by a person for what an AI had a hand in, frozen messages, numbers that stay."""

from __future__ import annotations

from django.db import migrations

FORWARD = r"""
-- Length-prefixed, so that no two contents share a hash; `tickets.content.content_hash` computes the same.
CREATE FUNCTION tickets_part(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT length(value) || ':' || value
$$;
CREATE FUNCTION tickets_content_hash(m tickets_message) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(
        tickets_part(m.content_salt) || tickets_part(m.subject) || tickets_part(m.text) || tickets_part(m.html)
        || tickets_part(m.recipients_to) || tickets_part(m.recipients_cc)
        || COALESCE((
            SELECT string_agg(tickets_part(a.name) || tickets_part(a.sha256), '' ORDER BY a.id)
            FROM tickets_attachment a WHERE a.organization_id = m.organization_id AND a.message_id = m.id
        ), ''), 'UTF8')), 'hex')
$$;
-- White space and case do not make another text; `tickets.content.text_hash` computes the same.
CREATE FUNCTION tickets_text_hash(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(lower(regexp_replace(value, '[[:space:]]+', '', 'g')), 'UTF8')), 'hex')
$$;

CREATE FUNCTION tickets_message_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    leaving boolean := NEW.state IN ('queued', 'sending', 'sent');
    revision bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.kind <> OLD.kind OR NEW.ticket_id <> OLD.ticket_id THEN
            RAISE EXCEPTION 'Message % keeps its kind and its ticket.', OLD.id;
        END IF;
        IF OLD.ai_involvement <> 'none' AND NEW.ai_involvement = 'none' THEN
            RAISE EXCEPTION 'Message %: the AI had a hand in it, and that is never taken back.', OLD.id;
        END IF;
        IF OLD.state = 'sent' AND NEW.state <> 'sent' THEN
            RAISE EXCEPTION 'Message % was sent, and that is never taken back.', OLD.id;
        END IF;
        IF OLD.state NOT IN ('prepared') AND OLD.kind <> 'note'
            AND (NEW.subject, NEW.text, NEW.html, NEW.recipients_to, NEW.recipients_cc, NEW.content_salt)
                IS DISTINCT FROM (OLD.subject, OLD.text, OLD.html, OLD.recipients_to, OLD.recipients_cc, OLD.content_salt)
            AND NOT (NEW.subject = '' AND NEW.text = '' AND NEW.html = '' AND NEW.recipients_to = ''
                AND NEW.recipients_cc = '' AND NEW.content_salt = '')
        THEN
            RAISE EXCEPTION 'Message % is frozen: it can be erased as a whole, never changed.', OLD.id;
        END IF;
    END IF;
    IF NEW.kind NOT IN ('reply', 'ack') OR NOT leaving OR (TG_OP = 'UPDATE' AND NEW.state = OLD.state) THEN
        RETURN NEW;
    END IF;
    IF NEW.ai_involvement = 'none' THEN
        IF EXISTS (
            SELECT FROM tickets_aitext t WHERE t.organization_id = NEW.organization_id AND t.ticket_id = NEW.ticket_id
                AND t.text_hash = tickets_text_hash(NEW.text)
        ) THEN
            RAISE EXCEPTION 'Message % is a text of the AI and says that it is not.', NEW.id;
        END IF;
        RETURN NEW;
    END IF;
    SELECT a.ticket_revision INTO revision FROM tickets_approval a
        WHERE a.organization_id = NEW.organization_id AND a.message_id = NEW.id AND a.revoked_at IS NULL
            AND a.content_hash = tickets_content_hash(NEW)
        ORDER BY a.id DESC LIMIT 1;
    IF revision IS NULL THEN
        RAISE EXCEPTION 'Message % has no approval by a person for exactly this content.', NEW.id;
    END IF;
    IF NEW.state = 'sending' AND revision <> (
        SELECT customer_messages FROM tickets_ticket t WHERE t.organization_id = NEW.organization_id AND t.id = NEW.ticket_id
    ) THEN
        RAISE EXCEPTION 'Message %: the customer wrote again after the approval.', NEW.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON tickets_message FOR EACH ROW EXECUTE FUNCTION tickets_message_guard();

-- An approval: by an active member who may answer, for the content as it stands, on a real decision that allowed it.
CREATE FUNCTION tickets_approval_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
            AND d.allowed AND d.kind = 'real' AND d.action = 'approve'
    ) THEN
        RAISE EXCEPTION 'An approval needs a decision that allowed it, and never one of the practice inbox.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON tickets_approval
    FOR EACH ROW EXECUTE FUNCTION tickets_approval_guard();

-- Attachments of a message that was queued are frozen with it; an erased message lets them go.
CREATE FUNCTION tickets_attachment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.message_id] WHEN 'DELETE' THEN ARRAY[OLD.message_id]
        ELSE ARRAY[NEW.message_id, OLD.message_id] END;
BEGIN
    IF EXISTS (
        SELECT FROM tickets_message m WHERE m.id = ANY (touched) AND m.kind = 'reply'
            AND m.state <> 'prepared' AND m.content_salt <> ''
    ) THEN
        RAISE EXCEPTION 'The attachments of a message that is on its way are frozen.';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON tickets_attachment
    FOR EACH ROW EXECUTE FUNCTION tickets_attachment_guard();

-- A ticket keeps its number, and has one when the transaction ends.
CREATE FUNCTION tickets_number_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.number IS NOT NULL AND NEW.number IS DISTINCT FROM OLD.number THEN
        RAISE EXCEPTION 'Ticket % keeps its number.', OLD.number;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER number_stays BEFORE UPDATE ON tickets_ticket FOR EACH ROW EXECUTE FUNCTION tickets_number_stays();
CREATE FUNCTION tickets_number_given() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := current_setting('app.organization', true);
    missing boolean;
BEGIN
    PERFORM set_config('app.organization', NEW.organization_id::text, true);
    SELECT number IS NULL INTO missing FROM tickets_ticket WHERE organization_id = NEW.organization_id AND id = NEW.id;
    PERFORM set_config('app.organization', COALESCE(before, ''), true);
    IF missing THEN
        RAISE EXCEPTION 'Ticket % was opened without a number: use the service.', NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER number_given AFTER INSERT ON tickets_ticket DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION tickets_number_given();

-- The source of a mail is kept as it came.
CREATE FUNCTION tickets_source_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.source IS DISTINCT FROM OLD.source OR NEW.content_key IS DISTINCT FROM OLD.content_key THEN
        RAISE EXCEPTION 'The source of mail % is kept as it came.', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER source_stays BEFORE UPDATE ON tickets_rawmail FOR EACH ROW EXECUTE FUNCTION tickets_source_stays();

-- One outcome per inbound message, decided once.
CREATE FUNCTION tickets_outcome_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM tickets_message m WHERE m.organization_id = NEW.organization_id AND m.id = NEW.message_id
            AND m.kind = 'inbound'
    ) THEN
        RAISE EXCEPTION 'Only a message of a customer has an outcome.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON tickets_messageoutcome
    FOR EACH ROW EXECUTE FUNCTION tickets_outcome_guard();
"""

BACKWARD = """
DROP FUNCTION tickets_message_guard, tickets_approval_guard, tickets_attachment_guard, tickets_number_stays,
    tickets_number_given, tickets_source_stays, tickets_outcome_guard, tickets_text_hash, tickets_content_hash(tickets_message),
    tickets_part CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_isolation")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
