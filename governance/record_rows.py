"""Whether the rows that the record speaks of still say what it committed to: a row changed in place fits the chain."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from governance.core.ledger_hash import LedgerError, keeps_commitment
from governance.models import AIDecision, AIStop, Consent, EthicsPolicy, LedgerEntry, LedgerSalt
from helpdesk.tenancy.models import TenantOwned

#: Entries looked at in one go; memory does not grow with the record.
PIECE = 2_000
GONE = gettext_noop("what it speaks of is gone")
CHANGED = gettext_noop("what it speaks of was changed")
_REF = re.compile(r"[a-z_]+:(\d{1,18})")


@dataclass(frozen=True)
class Kept:
    """One kind of row that never changes: what its entry committed to, and what the entry's own name says of it."""

    model: type[TenantOwned]
    payload: Callable[[Any], Any]
    fits: Callable[[Any], bool] = lambda _row: True


def _judged(row: AIDecision) -> dict[str, Any]:
    return {"request": row.request, "reasons": row.reasons}


#: By event. A decision's answer is in the event's name, so it cannot be turned round in the row.
KEPT: Mapping[str, Kept] = {
    "ai_allowed": Kept(AIDecision, _judged, lambda row: row.allowed),
    "ai_stopped": Kept(AIDecision, _judged, lambda row: not row.allowed),
    "choice": Kept(Consent, lambda row: {"purpose": row.purpose, "state": row.state, "method": row.method}),
    "policy_published": Kept(EthicsPolicy, lambda row: {"version": row.version, "hash": row.content_hash}),
    "ai_stop_started": Kept(
        AIStop, lambda row: {"scope": row.scope, "topic": row.topic, "ticket": row.subject_id}
    ),
}


@dataclass(frozen=True)
class Compared:
    """How many rows were held against their entry, and the first entry that one does not fit."""

    checked: int = 0
    bad_seq: int | None = None
    problem: str = ""


def compare(after: int = 0) -> Compared:
    """Hold each row against its entry's commitment, from the entry after this one on; stops at the first that does not
    fit. What somebody's deletion took the salt of cannot be told any more, and is left out. Streams."""
    checked = 0
    for piece in _pieces(after):
        salts = dict(LedgerSalt.objects.filter(seq__in=[one.seq for one in piece]).values_list("seq", "salt"))
        rows = _rows(one for one in piece if one.seq in salts)
        for entry in piece:
            if entry.seq not in salts:
                continue
            problem = _problem(entry, salts[entry.seq], rows[entry.event])
            if problem:
                return Compared(checked, entry.seq, problem)
            checked += 1
    return Compared(checked)


def _pieces(after: int) -> Iterator[list[LedgerEntry]]:
    while True:
        rows = LedgerEntry.objects.filter(seq__gt=after, event__in=KEPT).order_by("seq")
        piece = list(rows.only("seq", "event", "object_ref", "commitment")[:PIECE])
        if not piece:
            return
        yield piece
        after = piece[-1].seq


def _rows(entries: Iterator[LedgerEntry]) -> dict[str, dict[int, Any]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for one in entries:
        wanted[one.event].add(_number(one))
    return defaultdict(
        dict, {event: KEPT[event].model._default_manager.in_bulk(ids) for event, ids in wanted.items()}
    )


def _number(entry: LedgerEntry) -> int:
    found = _REF.fullmatch(entry.object_ref)
    return int(found[1]) if found else 0


def _problem(entry: LedgerEntry, salt: str, rows: Mapping[int, Any]) -> str:
    row, kept = rows.get(_number(entry)), KEPT[entry.event]
    if row is None:
        return GONE
    try:
        same = keeps_commitment(kept.payload(row), bytes.fromhex(salt), entry.commitment)
    except (LedgerError, ValueError):
        same = False
    return "" if same and kept.fits(row) else CHANGED
