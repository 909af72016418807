"""Older mail that an owner asked for: closed tickets with the dates of their mails, and nobody hears of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from helpdesk.people.models import Customer
from tickets.mail.charsets import one_line
from tickets.models import Inbox, Message, MessageKind, MessageState, Status, Ticket
from tickets.services.opening import SNIPPET, Inbound, add_event, store_message

#: The same word as for what a program brought in: the thread says that it came from elsewhere.
IMPORTED: Final = "imported"
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)


def past(date: datetime | None) -> datetime:
    """The date of a mail as far as it can be believed: never in the future, never before there was mail."""
    now = timezone.now()
    return min(max(date, _EARLIEST), now) if date is not None else now


@transaction.atomic
def open_old_ticket(*, inbox: Inbox, customer: Customer, subject: str, at: datetime) -> Ticket:
    """A closed ticket of that day, without a number (`give_number` comes last).

    No outcome is recorded: statistics tell how requests are handled here, and these were handled elsewhere.
    """
    ticket = Ticket.objects.create(
        inbox=inbox,
        customer=customer,
        subject=one_line(subject)[:300],
        status=Status.CLOSED,
        is_unread=False,
        created_at=at,
        updated_at=at,
    )
    add_event(ticket, IMPORTED, data={"history": True})
    return ticket


@transaction.atomic
def add_old_message(*, ticket: Ticket, customer: Customer, inbound: Inbound) -> Message:
    """Add an older mail to its closed ticket: no reopening, no announcement, nothing live."""
    message = store_message(ticket, customer, inbound)
    ticket.customer_messages += 1
    ticket.snippet = " ".join(inbound.text.split())[:SNIPPET]
    ticket.updated_at = max(ticket.updated_at, inbound.created_at)
    ticket.created_at = min(ticket.created_at, inbound.created_at)
    ticket.save(update_fields=["customer_messages", "snippet", "updated_at", "created_at"])
    return message


@transaction.atomic
def add_old_answer(*, ticket: Ticket, answer: Inbound) -> Message:
    """Add what the shop answered before to its closed ticket, as sent on that day by nobody who is known here.

    Prepared first, with its files: what was sent lets none be added.
    """
    message = store_message(ticket, None, answer, kind=MessageKind.REPLY, state=MessageState.PREPARED)
    message.state, message.sent_at = MessageState.SENT, answer.created_at
    message.save(update_fields=["state", "sent_at"])
    ticket.updated_at = max(ticket.updated_at, answer.created_at)
    ticket.save(update_fields=["updated_at"])
    return message


def is_history(ticket: Ticket) -> bool:
    """Whether the ticket is older mail and still closed; one that a colleague opened again is at work."""
    imported = ticket.events.filter(kind=IMPORTED, data__history=True)
    return ticket.status == Status.CLOSED and imported.exists()
