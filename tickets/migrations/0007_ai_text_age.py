"""An AI text goes with its customer, or when it is old: the rules say after how many days."""

from __future__ import annotations

from django.db import migrations

#: The shortest term that a policy may set is longer; no draft is sent after that without being noticed.
FORWARD = r"""
CREATE OR REPLACE FUNCTION tickets_ai_text_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.text_hash IS DISTINCT FROM tickets_text_hash(NEW.text) THEN
            RAISE EXCEPTION 'The hash of an AI text is not the hash of its text.';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND (OLD.created_at < now() - interval '30 days' OR EXISTS (
        SELECT FROM tickets_ticket t JOIN people_customer c ON c.organization_id = t.organization_id AND c.id = t.customer_id
        WHERE t.organization_id = OLD.organization_id AND t.id = OLD.ticket_id AND c.erased_at IS NOT NULL
    )) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'AI text % is a record and never changed: it goes when it is old or its customer is erased (set erased_at first).', OLD.id;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_once")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
