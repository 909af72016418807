"""The record checks itself, from the last signed checkpoint or its first entry; what is old is sealed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from governance import anchors, ledger, owners_mail, record_rows, signals
from governance.core.ledger_hash import Head
from governance.models import LedgerEntry, LedgerHead, LedgerSalt, SelfCheck
from helpdesk.tenancy.scope import current_organization_id

KIND = "record"
WHOLE_EVERY = timedelta(days=7)
#: How long what was committed to can still be proved. Then the salts go, and the hashes say nothing for ever.
SEAL_AFTER = relativedelta(months=36)


def run(*, whole: bool | None = None) -> SelfCheck:
    """Anchor, walk the chain, hold what it speaks of against it, keep what was found.

    A break is mailed to the owners and opens one incident.

    Where the end was cut off nothing can be recorded at all (the database refuses to continue the chain), so no step
    of the AI is allowed any more and no incident can be written either; the mail goes out all the same.
    `whole`: from the first entry; None decides by itself (once a week). Streams: memory does not grow.
    """
    anchors.anchor()
    since = None if whole or (whole is None and _whole_is_due()) else checkpoint()
    forged, found = anchors.forged(), ledger.verify(checkpoint=since)
    rows = record_rows.compare(since.seq if since else 0) if found.ok else record_rows.Compared()
    result: dict[str, Any] = {
        "from": since.seq if since else 0,
        "checked": found.checked,
        "rows": rows.checked,
        "seq": found.head.seq,
        "hash": found.head.hash,
        "bad_seq": forged if forged is not None else found.bad_seq or rows.bad_seq,
        "problem": "a strange signature" if forged is not None else found.problem or rows.problem,
    }
    row = SelfCheck.objects.create(kind=KIND, ok=result["bad_seq"] is None, results=[result])
    if not row.ok:
        owners_mail.tell_of_break(result["bad_seq"])
        if _goes_on():
            signals.ledger_broken(seq=result["bad_seq"], problem=result["problem"])
    return row


def _goes_on() -> bool:
    """Whether the head fits the newest entry, so that another can follow."""
    head, last = LedgerHead.objects.first(), LedgerEntry.objects.order_by("-seq").first()
    return head is not None and last is not None and (head.seq, head.hash) == (last.seq, last.hash)


def checkpoint() -> Head | None:
    """Where the last good check ended, if a head signed by us still says the same; None: start at the first entry."""
    last = SelfCheck.objects.filter(kind=KIND, ok=True).order_by("-pk").first()
    if last is None:
        return None
    seq, digest = last.results[0]["seq"], last.results[0]["hash"]
    if not anchors.is_signed(seq, digest):
        return None
    return Head(organization=str(current_organization_id()), seq=seq, hash=digest)


def seal() -> int:
    """Seal what is older than 36 months: its last entry becomes a signed checkpoint, and its salts are destroyed.

    The entries stay (ids and hashes only), so the chain verifies from its first entry as before; what they committed
    to can no longer be proved or guessed. Returns the number of salts that went; running it twice seals once.
    """
    old = LedgerEntry.objects.filter(created_at__lt=timezone.now() - SEAL_AFTER).order_by("-seq").first()
    if old is None or not LedgerSalt.objects.filter(seq__lte=old.seq).exists():
        return 0
    with transaction.atomic():
        anchors.sign(old.seq, old.hash)
        gone, _tables = LedgerSalt.objects.filter(seq__lte=old.seq).delete()
        ledger.record(
            "record_sealed",
            actor="system",
            object_ref=f"seal:{old.seq}",
            payload={"seq": old.seq, "hash": old.hash, "salts": gone},
        )
    return gone


def _whole_is_due() -> bool:
    since = timezone.now() - WHOLE_EVERY
    recent = SelfCheck.objects.filter(kind=KIND, ok=True, created_at__gte=since)
    return not any(one.results[0]["from"] == 0 for one in recent)
