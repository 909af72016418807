"""Search looks deeper into the newest messages before it asks the index: a word in 1 % of a million is no rare word.

A word too seldom for the newest 5,000 messages to fill a page was looked up in the index, which reads every message
that has it: half a second for 1 % of three million. What the newest 5,000 show says how deep to look instead.
"""

from __future__ import annotations

from django.db import migrations

FUNCTION = r"""
CREATE OR REPLACE FUNCTION tickets_search(words text, inboxes bigint[], most integer) RETURNS TABLE (ticket_id bigint, looked_at_all boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    org uuid := NULLIF(current_setting('app.organization', true), '')::uuid;
    wanted tsquery := websearch_to_tsquery('simple', left(words, 400));
    found_ids bigint[];
    %(declared)s
BEGIN
    IF org IS NULL THEN
        RAISE EXCEPTION 'Search needs an organization in force.';
    END IF;
    IF numnode(wanted) = 0 OR most < 1 THEN
        RETURN;
    END IF;
    -- Words that are common are found among the newest messages.
    %(begin)s
    SELECT array_agg(f.id) INTO found_ids FROM (
        SELECT t.id FROM (
            SELECT n.ticket_id, max(n.id) AS newest FROM (
                SELECT m.id, m.ticket_id, m.tsv FROM public.tickets_message m
                WHERE m.organization_id = org ORDER BY m.id DESC LIMIT %(depth)s
            ) n WHERE n.tsv @@ wanted GROUP BY n.ticket_id
        ) h JOIN public.tickets_ticket t ON t.organization_id = org AND t.id = h.ticket_id
        WHERE inboxes IS NULL OR t.inbox_id = ANY (inboxes)
        ORDER BY h.newest DESC LIMIT most
    ) f;
    IF COALESCE(cardinality(found_ids), 0) >= most THEN
        RETURN QUERY SELECT unnest(found_ids), false;
        RETURN;
    END IF;
    %(again)s
    -- Rare ones have few rows in the index.
    RETURN QUERY SELECT t.id, true FROM (
        SELECT m.ticket_id, max(m.id) AS newest FROM public.tickets_message m
        WHERE m.organization_id = org AND m.tsv @@ wanted GROUP BY m.ticket_id
    ) h JOIN public.tickets_ticket t ON t.organization_id = org AND t.id = h.ticket_id
    WHERE inboxes IS NULL OR t.inbox_id = ANY (inboxes)
    ORDER BY h.newest DESC LIMIT most;
END $$;
"""
DEEPER = {
    "declared": "depth integer := 5000;",
    "begin": "LOOP",
    "depth": "depth",
    "again": """
        -- Half as deep again as these would need to fill the answer; too few of them, and the index is cheaper.
        EXIT WHEN depth > 5000 OR COALESCE(cardinality(found_ids), 0) * 8 < most;
        depth := LEAST(60000, 5000 * (most * 3 / (cardinality(found_ids) * 2) + 1));
    END LOOP;""",
}
ONCE = {"declared": "", "begin": "", "depth": "5000", "again": ""}


def _as_its_owner(function: str) -> str:
    return f"SET LOCAL ROLE helpdesk_search; {function} RESET ROLE;"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0007_ai_text_age")]

    operations = [migrations.RunSQL(_as_its_owner(FUNCTION % DEEPER), _as_its_owner(FUNCTION % ONCE))]
