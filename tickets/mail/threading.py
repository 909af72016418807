"""Which ticket a mail belongs to: by our signed address or by identifiers, and never by a stranger's word."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from helpdesk.tenancy.scope import current_organization_id
from tickets.conversation import home_of, messages_of
from tickets.mail.keys import mark_in
from tickets.mail.parse import ParsedMail
from tickets.models import Message, MessageKind, MessageReference, MessageState, Ticket

#: A mail that names more tickets than this is no answer to the rest.
MOST_CANDIDATES = 20
#: States in which we did write to the recipients, or may have.
_TO_THE_CUSTOMER = (MessageKind.REPLY, MessageKind.ACK)
_WRITTEN = (MessageState.SENDING, MessageState.SENT, MessageState.HELD)


def find_ticket(mail: ParsedMail, *, sender: str, customer_id: int | None) -> Ticket | None:
    """The ticket that the mail joins, or None for a new one. One that was merged is where it lives on.

    The address token is a mark that only our recipients hold, so it joins by itself. Identifiers can be seen
    by others (archives, forwards), so they count only for the ticket's customer and for addresses that we wrote
    to on it.
    """
    addressed = _by_token(mail)
    if addressed is not None:
        return home_of(addressed)
    candidates = [home_of(one) for one in _by_identifiers(mail)]
    return next((one for one in candidates if _takes_part(one, sender, customer_id)), None)


def named_tickets(mail: ParsedMail) -> list[Ticket]:
    """Tickets whose identifiers the mail names, where they live on, closest first. For mail whose sender is certain."""
    return [home_of(one) for one in _by_identifiers(mail)]


def is_from_outside(mail: ParsedMail, ticket: Ticket, *, sender: str, customer_id: int | None) -> bool:
    """Whether it is an answer of somebody whom the customer does not know to be in the conversation.

    Somebody we forwarded to, or whom they gave our mail; or a recipient in BCC. The customer is never one.
    """
    if customer_id is not None and ticket.customer_id == customer_id:
        return False
    if any(sender in one for one in _recipients(ticket, "recipients_to", "recipients_cc")):
        return False
    mark = mark_in(_addressed_to(mail), current_organization_id())
    return (mark is not None and mark[1]) or _knows_from_us(ticket, sender)


def _by_token(mail: ParsedMail) -> Ticket | None:
    mark = mark_in(_addressed_to(mail), current_organization_id())
    return _tickets().filter(number=mark[0]).first() if mark else None


def _addressed_to(mail: ParsedMail) -> list[str]:
    return [one.address for one in (*mail.to, *mail.cc)] + list(mail.delivered_to)


def _by_identifiers(mail: ParsedMail) -> list[Ticket]:
    """Tickets whose identifiers the mail names, the one named last (the mail answered) first."""
    own = mail.message_id
    named = [*reversed(mail.references), *([own] if own else [])]
    rank = {value: place for place, value in reversed(list(enumerate(named)))}
    rows = MessageReference.objects.filter(value__in=list(rank)).values_list("ticket_id", "value")
    found = sorted(((rank[value], -ticket_id, value) for ticket_id, value in rows.order_by("-id")[:500]))
    # The mail's own identifier is known before it only when its answer overtook it; a copy to a second inbox is new.
    if any(value == own for _, _, value in found) and Message.objects.filter(message_id=own).exists():
        found = [one for one in found if one[2] != own]
    best = list(dict.fromkeys(-negative for _, negative, _ in found))[:MOST_CANDIDATES]
    tickets = {one.pk: one for one in _tickets().filter(pk__in=best)} if best else {}
    return [tickets[pk] for pk in best if pk in tickets]


def _tickets() -> QuerySet[Any]:
    """Those of customers whose data was deleted take no mail any more, also not by their address token."""
    return Ticket.objects.select_related(
        "customer", "inbox", "merged_into__customer", "merged_into__inbox"
    ).filter(customer__erased_at=None)


def _takes_part(ticket: Ticket, sender: str, customer_id: int | None) -> bool:
    if customer_id is not None and ticket.customer_id == customer_id:
        return True
    return any(
        sender in one for one in _recipients(ticket, "recipients_to", "recipients_cc")
    ) or _knows_from_us(ticket, sender)


def _recipients(ticket: Ticket, *fields: str, kinds: tuple[str, ...] = _TO_THE_CUSTOMER) -> list[list[str]]:
    """Addresses that we wrote to in the conversation, a list for each message and line."""
    written = messages_of(ticket).filter(kind__in=kinds, state__in=_WRITTEN)
    return [line.split("\n") for lines in written.values_list(*fields) for line in lines if line]


def _knows_from_us(ticket: Ticket, sender: str) -> bool:
    """In secret copy of an answer, or reader of a forward."""
    every = ("recipients_to", "recipients_cc", "recipients_bcc")
    forwards = _recipients(ticket, *every, kinds=(MessageKind.FORWARD,))
    return any(sender in one for one in [*forwards, *_recipients(ticket, "recipients_bcc")])
