"""Find tickets by words and codes of messages, #number, a customer's address or the beginning of their name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

#: Results of one search at most: more would make common words slow, and nobody reads them.
MOST = 100
_NUMBER = re.compile(r"#?(\d{1,15})\Z")
#: What may be a code: as tickets_codes() in migration 0013 takes them from messages, and a space instead of a hyphen.
_CODE = re.compile(r"#?(?=(?:\D*\d){2})[^\W_]+(?:[-_/# ][^\W_]+){0,6}")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\Z")
_SQL = """
SELECT id, true, 'number' FROM tickets_ticket WHERE number = %(number)s
UNION ALL (SELECT m.ticket_id, true, 'code' FROM tickets_messagecode k JOIN tickets_message m ON m.id = k.message_id
    WHERE k.code = tickets_code(%(code)s) ORDER BY m.id DESC LIMIT %(most)s)
UNION ALL (SELECT id, true, 'address' FROM tickets_ticket WHERE customer_id IN (
    SELECT customer_id FROM people_customeraddress WHERE address = %(address)s
) ORDER BY id DESC LIMIT %(most)s)
UNION ALL SELECT ticket_id, looked_at_all, 'words' FROM tickets_search(%(words)s, %(inboxes)s, %(most)s)
UNION ALL (SELECT id, true, 'name' FROM tickets_ticket WHERE customer_id IN (
    SELECT id FROM people_customer WHERE name_key >= %(name)s AND name_key < %(name_end)s LIMIT 50
) ORDER BY id DESC LIMIT %(most)s)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of tickets, whether older ones may fit too, and what each was found by (the surest, where by several)."""

    ids: list[int]
    truncated: bool
    why: dict[int, str] = field(default_factory=dict)


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
        "code": query if _CODE.fullmatch(query) else None,
        "address": folded if _ADDRESS.match(folded) else None,
        "name": folded if is_name else None,
        "name_end": _after(folded) if is_name else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, params)
        rows = cursor.fetchall()
    full = len(rows) >= MOST or any(not whole for _pk, whole, _why in rows)
    why: dict[int, str] = {}
    for pk, _whole, found_by in rows:
        why.setdefault(pk, found_by)
    return Found(list(why), truncated=full, why=why)


def _after(prefix: str) -> str:
    """The first text, in byte order, that does not begin with the prefix any more."""
    return prefix + chr(0x10FFFF)
