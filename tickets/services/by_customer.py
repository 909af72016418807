"""What a customer does with their own ticket: settle it, open it again, and say whether the answer was right."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from governance.services import outcomes
from helpdesk.live.events import publish_on_commit
from tickets.models import Status, Ticket
from tickets.services import timing
from tickets.services.opening import add_event

LONGEST_WORDS = 1000
_OPEN = (Status.NEW, Status.OPEN, Status.PENDING)


@transaction.atomic
def settle(*, ticket: Ticket) -> None:
    """The customer needs no answer any more. A settled ticket opens again when they write. Twice is once."""
    locked = _locked(ticket)
    if locked.status not in _OPEN:
        return
    hours = (timezone.now() - locked.created_at).total_seconds() / 3600
    _set(locked, Status.SOLVED)
    _record(locked, "solved", hours)


@transaction.atomic
def reopen(*, ticket: Ticket) -> None:
    """The customer needs us again. A closed ticket stays closed: they ask anew."""
    locked = _locked(ticket)
    if locked.status != Status.SOLVED:
        return
    _set(locked, Status.OPEN)
    _record(locked, "reopened", None)


@transaction.atomic
def say(*, ticket: Ticket, right: bool, words: str = "") -> None:
    """Keep whether the answer was right, in place of what was said before; the team reads it in the ticket."""
    locked = _locked(ticket)
    outcomes.satisfied(
        subject_id=locked.pk,
        right=right,
        customer=locked.customer,
        channel=locked.channel,
        language=locked.language,
    )
    known = locked.events.filter(kind="was_right").order_by("-pk").first()
    data = {"right": right, "words": " ".join(words.split())[:LONGEST_WORDS]}
    if known is not None and known.data == data:
        return
    add_event(locked, "was_right", data=data)
    Ticket.objects.filter(pk=locked.pk).update(is_unread=True)
    _tell(locked)


def _locked(ticket: Ticket) -> Ticket:
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("customer")
    found: Ticket = rows.get(pk=ticket.pk)  # type: ignore[assignment]
    return found


def _set(ticket: Ticket, status: Status) -> None:
    now, was = timezone.now(), ticket.status
    ticket.status, ticket.updated_at, ticket.is_unread = status, now, True
    ticket.solved_at = now if status == Status.SOLVED else None
    timing.changed(ticket)
    ticket.save(update_fields=["status", "solved_at", "updated_at", "is_unread", *timing.CLOCK])
    add_event(ticket, "status", data={"from": was, "to": status.value, "by": "customer"})
    _tell(ticket)


def _record(ticket: Ticket, event: str, value: float | None) -> None:
    outcomes.record(
        subject_id=ticket.pk,
        event=event,
        customer=ticket.customer,
        value=value,
        channel=ticket.channel,
        language=ticket.language,
    )


def _tell(ticket: Ticket) -> None:
    publish_on_commit("ticket", ticket=ticket.pk)
    publish_on_commit("tickets", ticket=ticket.pk)
