"""How messages and files of a former installation come in: through the guards, and without waking anybody."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.privacy.leaving import arriving
from helpdesk.privacy.leaving.arriving import LeaveOutError, Values
from helpdesk.privacy.leaving.reading import AT_ONCE, Reading
from tickets.models import Message, MessageKind, MessageOutcome, MessageState

#: What stands as prepared until its files and its approval are there; then the guard is asked whether it was sent.
GUARDED = (MessageKind.REPLY, MessageKind.FORWARD, MessageKind.ACK)
_ON_ITS_WAY = (MessageState.QUEUED, MessageState.SENDING)
_POINTING = {"message": "tickets.Message", "note": "tickets.Message", "ticket": "tickets.Ticket",
             "request": "governance.DataRequest"}  # fmt: skip


def register() -> None:
    """Called once, with what this room takes along."""
    arriving.adapt("tickets.Mailbox", _disconnected)
    arriving.adapt("tickets.Message", _prepared)
    arriving.adapt("tickets.Attachment", _as_hashed)
    arriving.adapt("tickets.Notice", _told)
    arriving.adapt("tickets.TicketEvent", _event)
    arriving.at_end(_as_they_stood)
    arriving.at_end(_no_ai_on_old_messages)


def _disconnected(values: Values, reading: Reading) -> Values:
    """Its password stayed behind, and no two installations read one mailbox."""
    del reading
    return {**values, "is_active": False, "lease": "", "leased_until": None, "next_fetch_at": None}


def _prepared(values: Values, reading: Reading) -> Values:
    del reading
    if values["kind"] not in GUARDED:
        return values
    return {**values, "state": MessageState.PREPARED, "send_after": None, "claimed_at": None}


def _as_hashed(values: Values, reading: Reading) -> Values:
    """An approval names the hash of each file: the file is that one or does not come in."""
    found = reading.archive.files.get(f"attachments/{values['id']}")
    if found is not None and found["sha256"] != values["sha256"]:
        raise LeaveOutError(_("The file is another one than its row says."))
    return values


def _told(values: Values, reading: Reading) -> Values:
    """No mail goes about what happened elsewhere."""
    del reading
    return {**values, "mail_done_at": values["mail_done_at"] or timezone.now().isoformat()}


def _event(values: Values, reading: Reading) -> Values:
    data = dict(values["data"])
    for name, label in _POINTING.items():
        if isinstance(data.get(name), int):
            data[name] = reading.key(label, data[name])
    return {**values, "data": data}


def _as_they_stood(reading: Reading) -> None:
    """Ask the guard for each message that was sent; what it refuses is held, where a person sees it, and never sent."""
    rows = (row for row in reading.lines("tickets.Message") if row["kind"] in GUARDED)
    while batch := list(islice(rows, AT_ONCE)):
        for state in {row["state"] for row in batch}:
            keys = [key for row in batch if row["state"] == state and (key := _key(reading, row))]
            if state in _ON_ITS_WAY:
                _hold(keys, _("It was on its way when everything was taken along."))
            elif not _set_state(keys, state):
                for key in keys:
                    _one_by_one(reading, key, state)


def _key(reading: Reading, row: dict[str, Any]) -> int | None:
    return reading.key("tickets.Message", row["id"])


def _set_state(keys: list[int], state: str) -> bool:
    try:
        with transaction.atomic():
            Message.objects.filter(pk__in=keys).exclude(state=state).update(state=state)
    except DatabaseError:
        return False
    return True


def _one_by_one(reading: Reading, key: int, state: str) -> None:
    if _set_state([key], state):
        return
    erased = not Message.objects.exclude(text="", html="", content_salt="").filter(pk=key).exists()
    reading.report.leave_out(
        "tickets.Message",
        _("Its content was deleted, so nothing shows the approval: kept as taken back.")
        if erased
        else _("No approval by a person fits it: held."),
    )
    if erased:
        Message.objects.filter(pk=key).update(state=MessageState.CANCELLED)
    else:
        _hold([key], _("It came from another installation without an approval that fits."))


def _hold(keys: list[int], reason: str) -> None:
    Message.objects.filter(pk__in=keys).update(state=MessageState.HELD, held_reason=reason)


def _no_ai_on_old_messages(reading: Reading) -> None:
    """The sweep looks for messages without outcome; what came along is none of its business."""
    reason = str(_("It came along from another installation."))
    waiting = _without_outcome()
    while batch := list(islice(waiting, AT_ONCE)):
        MessageOutcome.objects.bulk_create(
            MessageOutcome(message_id=key, result="no_draft", reason=reason) for key in batch
        )


def _without_outcome() -> Iterator[int]:
    known = MessageOutcome.objects.filter(message_id=OuterRef("pk"))
    rows = Message.objects.filter(~Exists(known), kind=MessageKind.INBOUND)
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        yield from page
        last = page[-1]
