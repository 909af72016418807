"""The ledger's database side: what happened is noted during a scope and appended once, last, in its transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from governance.core import ledger_hash
from governance.core.ledger_hash import Entry, Head, Verification
from governance.models import LedgerAnchor, LedgerEntry, LedgerHead
from helpdesk.people.models import Customer, Membership
from helpdesk.tenancy.scope import at_scope_exit, current_organization_id, current_scope

_KEY = "ledger"
_APPEND = """
WITH entries AS (
    SELECT * FROM jsonb_to_recordset(%s::jsonb) AS e(
        seq bigint, created_at timestamptz, event text, actor text, object_ref text, policy_version text,
        commitment text, prev text, hash text, salt text, customer_id bigint)
), appended AS (
    INSERT INTO governance_ledgerentry
        (seq, created_at, event, actor, object_ref, policy_version, commitment, prev, hash)
    SELECT seq, created_at, event, actor, object_ref, policy_version, commitment, prev, hash FROM entries ORDER BY seq
), salted AS (
    INSERT INTO governance_ledgersalt (seq, salt, customer_id) SELECT seq, salt, customer_id FROM entries
)
UPDATE governance_ledgerhead SET seq = %s, hash = %s
"""


@dataclass(frozen=True, kw_only=True)
class _Noted:
    """An event on its way into the ledger; `alive` tells whether its savepoint still stands."""

    event: str
    actor: str
    object_ref: str
    policy_version: str
    payload: Any
    customer_id: int | None
    marker: Any

    def alive(self) -> bool:
        return any(marker is self.marker for _sids, marker, _robust in connection.run_on_commit)  # type: ignore[misc]


def actor_name(actor: Membership | Customer | None) -> str:
    """How the ledger names who did it: an id or a pseudonym, never a name."""
    if isinstance(actor, Membership):
        return f"membership:{actor.pk}"
    return f"customer:{actor.reference}" if actor else "system"


def record(
    event: str,
    *,
    actor: str,
    object_ref: str,
    payload: Any,
    policy_version: str = "",
    customer_id: int | None = None,
) -> None:
    """Note an event; it is appended when the open scope ends, in the same transaction.

    `payload` (plain JSON without floats) is committed to under a salt, not stored. A rolled-back savepoint
    takes its events with it. Raises ScopeError without a scope.
    """

    def marker() -> None:
        """Stands in Django's list of commit hooks exactly as long as the surrounding savepoint does."""

    transaction.on_commit(marker)
    noted = _Noted(
        event=event,
        actor=actor,
        object_ref=object_ref,
        policy_version=policy_version,
        payload=payload,
        customer_id=customer_id,
        marker=marker,
    )
    current_scope().state.setdefault(_KEY, []).append(noted)
    at_scope_exit(_KEY, append_pending)


def record_now(event: str, *, object_refs: Sequence[str], payload: Any) -> None:
    """Append the same event for many objects at once, by the system. Locks the ledger's head row: for works that have
    the organization to themselves, such as an import into a new one, where noting a million events would pile up."""
    noted = [
        _Noted(
            event=event,
            actor="system",
            object_ref=one,
            policy_version="",
            payload=payload,
            customer_id=None,
            marker=None,
        )
        for one in object_refs
    ]
    if noted:
        _append(noted, _lock_head())


def append_pending() -> None:
    """Append what was noted. Locks the ledger's head row: call it last in a transaction. Two queries."""
    noted = [one for one in current_scope().state.pop(_KEY, []) if one.alive()]
    current_scope().at_exit.pop(_KEY, None)
    if noted:
        _append(noted, _lock_head())


def _lock_head() -> Head:
    organization = str(current_organization_id())
    row = LedgerHead.objects.select_for_update().first()
    if row is None:
        start = ledger_hash.genesis(organization)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO governance_ledgerhead (seq, hash) VALUES (0, %s) ON CONFLICT DO NOTHING",
                [start.hash],
            )
        row = LedgerHead.objects.select_for_update().get()
    return Head(organization=organization, seq=row.seq, hash=row.hash)


def _append(noted: list[_Noted], head: Head) -> None:
    rows, now = [], timezone.now()
    for one in noted:
        salt = ledger_hash.new_salt()
        entry = ledger_hash.seal(
            head,
            at=now,
            event=one.event,
            actor=one.actor,
            object_ref=one.object_ref,
            policy_version=one.policy_version,
            commitment=ledger_hash.commit(one.payload, salt),
        )
        head = ledger_hash.head_of(entry)
        rows.append(_row(entry, salt, one.customer_id))
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, [json.dumps(rows), head.seq, head.hash])


def _row(entry: Entry, salt: bytes, customer_id: int | None) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "created_at": entry.at,
        "event": entry.event,
        "actor": entry.actor,
        "object_ref": entry.object_ref,
        "policy_version": entry.policy_version,
        "commitment": entry.commitment,
        "prev": entry.prev,
        "hash": entry.hash,
        "salt": salt.hex(),
        "customer_id": customer_id,
    }


def entries(after: int = 0) -> Iterator[Entry]:
    """The organization's entries in order, streamed in keyset pages of 5,000."""
    organization = str(current_organization_id())
    while True:
        page = list(LedgerEntry.objects.filter(seq__gt=after).order_by("seq")[:5000])
        if not page:
            return
        for row in page:
            yield _entry(row, organization)
        after = page[-1].seq


def _entry(row: LedgerEntry, organization: str) -> Entry:
    return Entry(
        organization=organization,
        seq=row.seq,
        at=ledger_hash.timestamp(row.created_at),
        actor=row.actor,
        event=row.event,
        object_ref=row.object_ref,
        policy_version=row.policy_version,
        commitment=row.commitment,
        prev=row.prev,
        hash=row.hash,
    )


def verify(extra_anchors: tuple[Head, ...] = (), *, checkpoint: Head | None = None) -> Verification:
    """Walk the chain against the kept anchors (and others, from outside). Streams.

    `checkpoint`: a head whose signature was verified; what is before it was walked another time and is left out.
    """
    organization = str(current_organization_id())
    kept = [Head(organization=organization, seq=one.seq, hash=one.hash) for one in LedgerAnchor.objects.all()]
    head = LedgerHead.objects.first()
    if head is not None and head.seq:
        kept.append(Head(organization=organization, seq=head.seq, hash=head.hash))
    anchors = (*kept, *extra_anchors)
    if checkpoint is None:
        return ledger_hash.verify_chain(entries(), organization, anchors=anchors)
    if not LedgerEntry.objects.filter(seq=checkpoint.seq, hash=checkpoint.hash).exists():
        return Verification(
            checked=0, head=checkpoint, bad_seq=checkpoint.seq, problem="not as it was signed"
        )
    return ledger_hash.verify_chain(
        entries(checkpoint.seq), organization, checkpoint=checkpoint, anchors=anchors
    )
