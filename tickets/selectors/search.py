"""Find tickets by words of their messages, #number, a customer's address or the beginning of their name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

#: Results of one search at most: more would make common words slow, and nobody reads them.
MOST = 100
_NUMBER = re.compile(r"#?(\d{1,15})\Z")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\Z")
_SQL = """
SELECT ticket_id, looked_at_all FROM tickets_search(%(words)s, %(inboxes)s, %(most)s)
UNION ALL SELECT id, true FROM tickets_ticket WHERE number = %(number)s
UNION ALL (SELECT id, true FROM tickets_ticket WHERE customer_id IN (
    SELECT customer_id FROM people_customeraddress WHERE address = %(address)s
) ORDER BY id DESC LIMIT %(most)s)
UNION ALL (SELECT id, true FROM tickets_ticket WHERE customer_id IN (
    SELECT id FROM people_customer WHERE name_key >= %(name)s AND name_key < %(name_end)s LIMIT 50
) ORDER BY id DESC LIMIT %(most)s)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of tickets, and whether older ones may fit too."""

    ids: list[int]
    truncated: bool


def search(query: str, inboxes: Sequence[int] | None) -> Found:
    """Tickets that fit, of these inboxes (None: all). The rows are still to be read with the member's visibility.

    One query: what is not asked for (no number, no address) meets no row.
    """
    query = " ".join(query.split())[:200]
    number, folded = _NUMBER.match(query), query.lower()
    is_name = len(folded) >= 2 and not number and "@" not in folded
    params = {
        "words": query.lstrip("#") if number else query,
        "inboxes": None if inboxes is None else list(inboxes),
        "most": MOST,
        "number": int(number[1]) if number else None,
        "address": folded if _ADDRESS.match(folded) else None,
        "name": folded if is_name else None,
        "name_end": _after(folded) if is_name else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, params)
        rows = cursor.fetchall()
    full = len(rows) >= MOST or any(not whole for _pk, whole in rows)
    return Found(list(dict.fromkeys(pk for pk, _whole in rows)), truncated=full)


def _after(prefix: str) -> str:
    """The first text, in byte order, that does not begin with the prefix any more."""
    return prefix + chr(0x10FFFF)
