"""Search: the words of every message, and the one function that may look past row-level security for them.

`@@` is not leakproof, so under row-level security its index is never used (seconds, with many messages). The function
runs as helpdesk_search, whose one policy lets it read messages; it asks for the scope itself, filters by it, and gives
nothing back but ids of tickets.
"""

from __future__ import annotations

from django.db import migrations

FORWARD = r"""
-- Bounded, so that no mail can be too long for a tsvector. Django does not know the column: no page reads it.
ALTER TABLE tickets_message ADD COLUMN tsv tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', left(subject || ' ' || text, 100000))) STORED;
CREATE INDEX message_words ON tickets_message USING gin (organization_id, tsv);

GRANT SELECT (id, organization_id, ticket_id, tsv) ON tickets_message TO helpdesk_search;
GRANT SELECT (id, organization_id, inbox_id) ON tickets_ticket TO helpdesk_search;
-- A condition here would be a barrier in front of the index again: the function has it, and is all that this role owns.
CREATE POLICY search_by_organization ON tickets_message FOR SELECT TO helpdesk_search USING (true);

CREATE FUNCTION tickets_search(words text, inboxes bigint[], most integer) RETURNS TABLE (ticket_id bigint, looked_at_all boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    org uuid := NULLIF(current_setting('app.organization', true), '')::uuid;
    wanted tsquery := websearch_to_tsquery('simple', left(words, 400));
    found_ids bigint[];
BEGIN
    IF org IS NULL THEN
        RAISE EXCEPTION 'Search needs an organization in force.';
    END IF;
    IF numnode(wanted) = 0 OR most < 1 THEN
        RETURN;
    END IF;
    -- Words that are common are found among the newest messages.
    SELECT array_agg(f.id) INTO found_ids FROM (
        SELECT t.id FROM (
            SELECT n.ticket_id, max(n.id) AS newest FROM (
                SELECT m.id, m.ticket_id, m.tsv FROM public.tickets_message m
                WHERE m.organization_id = org ORDER BY m.id DESC LIMIT 5000
            ) n WHERE n.tsv @@ wanted GROUP BY n.ticket_id
        ) h JOIN public.tickets_ticket t ON t.organization_id = org AND t.id = h.ticket_id
        WHERE inboxes IS NULL OR t.inbox_id = ANY (inboxes)
        ORDER BY h.newest DESC LIMIT most
    ) f;
    IF COALESCE(cardinality(found_ids), 0) >= most THEN
        RETURN QUERY SELECT unnest(found_ids), false;
        RETURN;
    END IF;
    -- Rare ones have few rows in the index.
    RETURN QUERY SELECT t.id, true FROM (
        SELECT m.ticket_id, max(m.id) AS newest FROM public.tickets_message m
        WHERE m.organization_id = org AND m.tsv @@ wanted GROUP BY m.ticket_id
    ) h JOIN public.tickets_ticket t ON t.organization_id = org AND t.id = h.ticket_id
    WHERE inboxes IS NULL OR t.inbox_id = ANY (inboxes)
    ORDER BY h.newest DESC LIMIT most;
END $$;
REVOKE ALL ON FUNCTION tickets_search(text, bigint[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_search(text, bigint[], integer) TO helpdesk_app;
ALTER FUNCTION tickets_search(text, bigint[], integer) OWNER TO helpdesk_search;
"""

BACKWARD = """
SET LOCAL ROLE helpdesk_search;
DROP FUNCTION tickets_search(text, bigint[], integer);
RESET ROLE;
DROP POLICY search_by_organization ON tickets_message;
REVOKE SELECT (id, organization_id, inbox_id) ON tickets_ticket FROM helpdesk_search;
REVOKE SELECT (id, organization_id, ticket_id, tsv) ON tickets_message FROM helpdesk_search;
ALTER TABLE tickets_message DROP COLUMN tsv;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_guards")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
