"""Guards of the promises: append-only records, frozen policies and decisions, the epoch, and no event without its entry."""

from __future__ import annotations

from django.db import migrations

FORWARD = r"""
-- Append-only: the ledger, its anchors, and the customers' choices.
CREATE FUNCTION governance_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The table % only grows: what was recorded is never changed or removed.', TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON governance_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION governance_append_only();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON governance_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION governance_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON governance_ledgeranchor
    FOR EACH ROW EXECUTE FUNCTION governance_append_only();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON governance_ledgeranchor
    FOR EACH STATEMENT EXECUTE FUNCTION governance_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON governance_consent
    FOR EACH ROW EXECUTE FUNCTION governance_append_only();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON governance_consent
    FOR EACH STATEMENT EXECUTE FUNCTION governance_append_only();
REVOKE UPDATE, DELETE, TRUNCATE ON governance_ledgerentry, governance_ledgeranchor, governance_consent FROM helpdesk_app;

-- The chain: an entry continues the one before it, and the head follows. No forks, no gaps, whoever writes.
CREATE FUNCTION governance_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last governance_ledgerentry;
BEGIN
    SELECT * INTO last FROM governance_ledgerentry WHERE organization_id = NEW.organization_id ORDER BY seq DESC LIMIT 1;
    IF NEW.seq <> COALESCE(last.seq, 0) + 1 OR NEW.prev <> COALESCE(last.hash,
        encode(sha256(convert_to('helpdesk ledger genesis' || chr(10) || NEW.organization_id, 'UTF8')), 'hex')) THEN
        RAISE EXCEPTION 'Ledger entry % does not continue the chain.', NEW.seq;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER chain BEFORE INSERT ON governance_ledgerentry FOR EACH ROW EXECUTE FUNCTION governance_chain();

-- A published policy never changes; it can only be replaced.
CREATE FUNCTION governance_policy_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'replaced' THEN
        NEW.status := 'published';
        IF NEW IS NOT DISTINCT FROM OLD THEN
            NEW.status := 'replaced';
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Version % of the policy is published and cannot be changed: write a new version.', OLD.version;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON governance_ethicspolicy
    FOR EACH ROW EXECUTE FUNCTION governance_policy_frozen();

-- A decision stays as it was made; only what it cost is added.
CREATE FUNCTION governance_decision_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.tokens_in := GREATEST(NEW.tokens_in, OLD.tokens_in);
        NEW.tokens_out := GREATEST(NEW.tokens_out, OLD.tokens_out);
        NEW.cost_micro := GREATEST(NEW.cost_micro, OLD.cost_micro);
        IF (to_jsonb(NEW) - '{tokens_in,tokens_out,cost_micro}'::text[])
            = (to_jsonb(OLD) - '{tokens_in,tokens_out,cost_micro}'::text[]) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'AI decision % is a record and is never changed or removed.', OLD.id;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON governance_aidecision
    FOR EACH ROW EXECUTE FUNCTION governance_decision_frozen();

-- Cached facts fall with the epoch.
CREATE FUNCTION governance_raise_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO governance_epoch (organization_id, value) VALUES (COALESCE(NEW.organization_id, OLD.organization_id), 2)
        ON CONFLICT (organization_id) DO UPDATE SET value = governance_epoch.value + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER raise_epoch AFTER INSERT OR UPDATE OR DELETE ON governance_ethicspolicy
    FOR EACH ROW EXECUTE FUNCTION governance_raise_epoch();
CREATE TRIGGER raise_epoch AFTER INSERT OR UPDATE OR DELETE ON governance_aistop
    FOR EACH ROW EXECUTE FUNCTION governance_raise_epoch();
CREATE TRIGGER raise_epoch AFTER INSERT OR UPDATE OR DELETE ON governance_risk
    FOR EACH ROW EXECUTE FUNCTION governance_raise_epoch();
CREATE TRIGGER raise_epoch AFTER INSERT OR UPDATE OR DELETE ON governance_biasaudit
    FOR EACH ROW EXECUTE FUNCTION governance_raise_epoch();

-- No event without its entry: checked when the transaction ends, in the event's own organization.
CREATE FUNCTION governance_has_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := current_setting('app.organization', true);
    found boolean;
BEGIN
    PERFORM set_config('app.organization', NEW.organization_id::text, true);
    SELECT EXISTS (
        SELECT FROM governance_ledgerentry
        WHERE organization_id = NEW.organization_id AND object_ref = TG_ARGV[0] || ':' || NEW.id
    ) INTO found;
    PERFORM set_config('app.organization', COALESCE(before, ''), true);
    IF NOT found THEN
        RAISE EXCEPTION '% % has no entry in the ledger: write it through its service.', TG_ARGV[0], NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER has_entry AFTER INSERT ON governance_aidecision DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION governance_has_entry('decision');
CREATE CONSTRAINT TRIGGER has_entry AFTER INSERT ON governance_consent DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION governance_has_entry('consent');
CREATE CONSTRAINT TRIGGER has_entry AFTER INSERT ON governance_aistop DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION governance_has_entry('stop');
"""

BACKWARD = """
DROP FUNCTION governance_append_only, governance_chain, governance_policy_frozen, governance_decision_frozen,
    governance_raise_epoch, governance_has_entry CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0002_isolation")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
