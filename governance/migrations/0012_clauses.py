"""What was practised goes after 90 days: the one kind of decision that the guard lets go, and only that old."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

#: As in 0003_guards, and as the guards of every organization let go once its time is over.
GUARD = """
CREATE OR REPLACE FUNCTION governance_decision_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND (tenancy_is_over(OLD.organization_id){practice}) THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        NEW.tokens_in := GREATEST(NEW.tokens_in, OLD.tokens_in);
        NEW.tokens_out := GREATEST(NEW.tokens_out, OLD.tokens_out);
        NEW.cost_micro := GREATEST(NEW.cost_micro, OLD.cost_micro);
        IF (to_jsonb(NEW) - '{{tokens_in,tokens_out,cost_micro}}'::text[])
            = (to_jsonb(OLD) - '{{tokens_in,tokens_out,cost_micro}}'::text[]) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'AI decision % is a record and is never changed or removed.', OLD.id;
END $$;
"""
PRACTICE = """
        OR OLD.kind = 'canary' AND OLD.subject_kind = 'practice' AND OLD.created_at < now() - interval '90 days'"""


class Migration(migrations.Migration):
    """The guard anew, with its one exception."""

    dependencies: ClassVar = [("governance", "0011_outside_courses"), ("tenancy", "0003_leaving")]

    operations: ClassVar = [
        migrations.RunSQL(GUARD.format(practice=PRACTICE), GUARD.format(practice="")),
    ]
