"""A mail arrives: stored first, then filed, exactly once, whatever crashes in between."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from helpdesk.tenancy.scope import organization_scope
from tickets.mail import headers, mime
from tickets.mail.filing import SENT, Filed, file_mail
from tickets.mail.stored import discard, keep_files
from tickets.models import Inbox, RawMail

log = structlog.get_logger(__name__)
MAX_REASON: Final = 300
#: What a person hears for outcomes that are none of the documented words.
_SPOKEN = {"loop": "auto_reply", "blocked": "quarantined"}

_STORE = """
INSERT INTO tickets_rawmail (inbox_id, content_key, source, size, received_at, is_history, outcome, reason)
VALUES (%s, %s, %s, %s, %s, %s, 'stored', %s) ON CONFLICT DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class Received:
    """What became of a mail. `outcome`: created, appended, duplicate, auto_reply, bounce or quarantined."""

    outcome: str
    ticket_number: int | None = None
    reason: str = ""
    raw_mail_id: int | None = None


def receive(*, inbox: Inbox, raw: bytes, is_history: bool = False, is_sent: bool = False) -> Received:
    """Store the source (committed), then file it. Raises only when the database cannot be reached.

    Call it outside any transaction: the source must be safe before anything is read from it. The same mail
    again is a `duplicate`, unless the first run crashed before filing: then this one files it. `is_history`: older
    mail that an owner asked for, filed into closed tickets without a word to anybody; `is_sent`: of these, what
    lay in the folder of sent mail, which joins the closed ticket that it answers or is only kept.
    """
    organization_id = inbox.organization_id
    raw_mail_id, fresh = _store(inbox, raw, is_history or is_sent, SENT if is_sent else "")
    if not fresh and not _waits(organization_id, raw_mail_id):
        return _duplicate(organization_id, raw_mail_id)
    return _file_patiently(organization_id, raw_mail_id, raw if fresh else None)


def refile(*, organization_id: UUID, raw_mail_id: int) -> Received:
    """File a stored or quarantined source (again). One that was filed already is a `duplicate`."""
    return _file_patiently(organization_id, raw_mail_id, None)


def _file_patiently(organization_id: UUID, raw_mail_id: int, raw: bytes | None) -> Received:
    for attempt in (1, 2, 3):
        try:
            return _file(organization_id, raw_mail_id, raw)
        except OperationalError as error:  # a deadlock is worth another try
            if attempt == 3 or connection.in_atomic_block:
                raise
            log.warning("filing_retried", error=type(error).__name__, raw_mail=raw_mail_id)
    raise AssertionError("unreachable")


def content_key(raw: bytes) -> tuple[str, str]:
    """What makes the mail the same mail: its Message-ID, else its content; and who says to have sent it."""
    fields, body = mime.split_headers(raw, mime.Budget())
    values = [(name, headers.text(value)) for name, value in fields]
    sender = ", ".join(value for name, value in values if name == "from")
    address = next((one.address for one in headers.addresses(sender)), "")
    named = (headers.message_ids(value) for name, value in values if name == "message-id")
    found = next((ids[0] for ids in named if ids), None)
    return found or _digest(fields, body), address


def _digest(fields: list[tuple[str, bytes]], body: bytes) -> str:
    """Without the trace headers, which differ each time the same mail is delivered."""
    digest = hashlib.sha256()
    for name, value in fields:
        if name in {"from", "to", "cc", "subject", "date", "content-type"}:
            digest.update(name.encode() + b"\0" + b" ".join(value.split()) + b"\0")
    digest.update(b"\n".join(body.splitlines()).strip())
    return f"sha256:{digest.hexdigest()}"


def _store(inbox: Inbox, raw: bytes, is_history: bool, reason: str) -> tuple[int, bool]:  # noqa: FBT001 - passed on
    """The id of the stored source, and whether it is new. Committed when this returns."""
    key, sender = content_key(raw)
    with organization_scope(inbox.organization_id):
        stored = _insert(inbox, key, raw, is_history, reason)
        if stored is not None:
            return stored, True
        known = RawMail.objects.get(inbox=inbox, content_key=key)
        if content_key(bytes(known.source))[1] == sender:
            return known.pk, False
        # Another sender under a known Message-ID: a mistake or an attack, never a reason to lose the mail.
        other = f"{key[:250]}#{hashlib.sha256(sender.encode()).hexdigest()[:32]}"
        stored = _insert(inbox, other, raw, is_history, reason)
        if stored is not None:
            return stored, True
        return RawMail.objects.values_list("pk", flat=True).get(inbox=inbox, content_key=other), False


def _insert(inbox: Inbox, key: str, raw: bytes, is_history: bool, reason: str) -> int | None:  # noqa: FBT001 - as above
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [inbox.pk, key, raw, len(raw), timezone.now(), is_history, reason])
        row = cursor.fetchone()
    return row[0] if row else None


def _waits(organization_id: UUID, raw_mail_id: int) -> bool:
    with organization_scope(organization_id):
        return RawMail.objects.filter(pk=raw_mail_id, outcome="stored").exists()


def _duplicate(organization_id: UUID, raw_mail_id: int) -> Received:
    with organization_scope(organization_id):
        known = RawMail.objects.select_related("ticket").defer("source").get(pk=raw_mail_id)
        number = known.ticket.number if known.ticket else None
    return Received("duplicate", number, "this mail arrived before", raw_mail_id)


def _file(organization_id: UUID, raw_mail_id: int, raw: bytes | None) -> Received:
    """Files first (outside the transaction), then everything else in one."""
    files: list[str] = []
    try:
        read = keep_files(organization_id, raw or _source(organization_id, raw_mail_id), files)
        with organization_scope(organization_id):
            known = _lock(raw_mail_id)
            filed = None if known is None else file_mail(known, read)
    except OperationalError:
        discard(files)
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a mail, it is kept and a person is told
        discard(files)
        return _quarantine(organization_id, raw_mail_id, error)
    if filed is None or not filed.uses_files:
        discard(files)
    if filed is None:
        return _duplicate(organization_id, raw_mail_id)
    return _received(filed, raw_mail_id)


def _source(organization_id: UUID, raw_mail_id: int) -> bytes:
    with organization_scope(organization_id):
        return bytes(RawMail.objects.values_list("source", flat=True).get(pk=raw_mail_id))


def _received(filed: Filed, raw_mail_id: int) -> Received:
    return Received(_SPOKEN.get(filed.outcome, filed.outcome), filed.ticket_number, filed.reason, raw_mail_id)


def _lock(raw_mail_id: int) -> RawMail | None:
    """The source, ours alone until the commit; None when another run has filed it."""
    waiting = RawMail.objects.select_for_update(of=("self",)).select_related("inbox").defer("source")
    return waiting.filter(pk=raw_mail_id, outcome__in=("stored", "quarantined")).first()


def _quarantine(organization_id: UUID, raw_mail_id: int, error: Exception) -> Received:
    """The class of the error only: its text may hold what the customer wrote."""
    reason = f"could not be filed: {type(error).__name__}"[:MAX_REASON]
    log.warning("mail_quarantined", raw_mail=raw_mail_id, error=type(error).__name__)
    with organization_scope(organization_id), transaction.atomic():
        waiting = RawMail.objects.filter(pk=raw_mail_id, outcome__in=("stored", "quarantined"))
        waiting.update(outcome="quarantined", reason=reason)
    return Received("quarantined", None, reason, raw_mail_id)
