"""The guard lets go of one more thing: the address of a customer who is being deleted, as a recipient of others' mails."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

from django.db import migrations

_CONVERSATION = import_module("tickets.migrations.0012_conversation")
#: Where the guard of 0012 lets an erased message through, and what may pass there besides.
_ERASED = (
    "AND NEW.recipients_cc = '' AND NEW.content_salt = '' AND NEW.recipients_bcc = '' AND NEW.quoted = '')"
)
_FORGOTTEN = (
    _ERASED
    + """
            AND NOT (OLD.state <> 'sending' AND (NEW.subject, NEW.text, NEW.html, NEW.quoted, NEW.content_salt)
                    IS NOT DISTINCT FROM (OLD.subject, OLD.text, OLD.html, OLD.quoted, OLD.content_salt)
                AND tickets_only_forgets(NEW.organization_id, OLD.recipients_to, NEW.recipients_to)
                AND tickets_only_forgets(NEW.organization_id, OLD.recipients_cc, NEW.recipients_cc)
                AND tickets_only_forgets(NEW.organization_id, OLD.recipients_bcc, NEW.recipients_bcc))"""
)
#: True where `after` is `before` without the lines that are addresses of erased customers: none added, none moved.
_ONLY_FORGETS = """
CREATE FUNCTION tickets_only_forgets(org uuid, before text, after text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT before = after OR after = COALESCE((
        SELECT string_agg(line, E'\\n' ORDER BY place)
        FROM string_to_table(before, E'\\n') WITH ORDINALITY AS lines(line, place)
        WHERE NOT EXISTS (
            SELECT FROM people_customeraddress a JOIN people_customer c ON c.id = a.customer_id
            WHERE a.organization_id = org AND a.address = lower(line) AND c.erased_at IS NOT NULL
        )
    ), '')
$$;
"""


def _guard() -> str:
    """The guard of messages as 0012 wrote it."""
    whole: str = _CONVERSATION.filled_in(_CONVERSATION.IS)
    start = whole.index("CREATE OR REPLACE FUNCTION tickets_message_guard()")
    return whole[start : whole.index("END $$;", start) + len("END $$;")]


def _forgetting() -> str:
    before = _guard()
    after = before.replace(_ERASED, _FORGOTTEN)
    if after == before:
        raise RuntimeError("The guard of 0012 is not what this migration changes.")
    return after


class Migration(migrations.Migration):
    """One function and the guard anew."""

    dependencies: ClassVar = [("tickets", "0014_notices")]

    operations: ClassVar = [
        migrations.RunSQL(_ONLY_FORGETS, "DROP FUNCTION tickets_only_forgets(uuid, text, text);"),
        migrations.RunSQL(_forgetting(), _guard()),
    ]
