"""Where a stored mail goes: a new ticket, an old one, or only its own record (machines, bounces)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.mail import bounce, quote
from tickets.mail.classify import Classification, classify
from tickets.mail.customers import customer_for, find_customer, sender_of
from tickets.mail.headers import Address
from tickets.mail.parse import ParsedMail
from tickets.mail.returned import mark_returned
from tickets.mail.stored import ReadMail
from tickets.mail.threading import find_ticket, is_from_outside, named_tickets
from tickets.models import BlockedSender, Inbox, Message, RawMail, Status, Ticket
from tickets.services.older import add_old_answer, add_old_message, is_history, open_old_ticket, past
from tickets.services.opening import Inbound, add_event, add_message, give_number, open_ticket
from tickets.services.outside import add_answer

_NOT_FOR_PEOPLE: Final = ("loop", "auto_reply")
_NO_SENDER: Final = "the mail does not say who sent it"
#: What a stored source from the folder of sent mail says until it is filed: an answer of the shop's own.
SENT: Final = "from the folder of sent mail"


@dataclass(frozen=True)
class Filed:
    """What became of a mail inside the transaction."""

    outcome: str
    ticket_number: int | None = None
    reason: str = ""
    uses_files: bool = False


def file_mail(raw_mail: RawMail, read: ReadMail) -> Filed:
    """File one locked source. Inside a scope; the ticket's number is the last write."""
    mail = read.mail
    kind = _classify(raw_mail.inbox, mail)
    sender = sender_of(mail)
    if raw_mail.is_history and raw_mail.reason == SENT:
        return _old_answer(raw_mail, read)
    if raw_mail.is_history:
        return _old_mail(raw_mail, read, sender, kind)
    if kind.kind == "bounce":
        return _bounce(raw_mail, mail, kind)
    if kind.kind in _NOT_FOR_PEOPLE:
        return _only_kept(raw_mail, mail, kind, sender)
    if sender is None:
        return _done(raw_mail, "quarantined", None, _NO_SENDER)
    return _from_person(raw_mail, read, sender, kind)


def _classify(inbox: Inbox, mail: ParsedMail) -> Classification:
    own = list(Inbox.objects.values_list("address", flat=True))
    return classify(mail, own, {address.rpartition("@")[2] for address in own})


def _bounce(raw_mail: RawMail, mail: ParsedMail, kind: Classification) -> Filed:
    info = bounce.read(mail)
    ticket = mark_returned(mail, info) if info else None
    return _done(raw_mail, "bounce", ticket, kind.reason)


def _only_kept(raw_mail: RawMail, mail: ParsedMail, kind: Classification, sender: Address | None) -> Filed:
    """Machines' answers are kept with the ticket they answer; they say nothing that a person must read."""
    ticket = None
    if sender is not None and kind.kind == "auto_reply":
        customer = find_customer(sender.address)
        ticket = find_ticket(mail, sender=sender.address, customer_id=customer.pk if customer else None)
    return _done(raw_mail, kind.kind, ticket, kind.reason)


def _from_person(raw_mail: RawMail, read: ReadMail, sender: Address, kind: Classification) -> Filed:
    mail = read.mail
    blocked = blocked_sender(sender.address, mail.from_address)
    if blocked is not None:
        raw_mail.blocked = blocked
        raw_mail.save(update_fields=["blocked"])
        return _done(raw_mail, "blocked", None, "")
    customer = customer_for(address=sender.address, name=sender.name)
    known = find_ticket(mail, sender=sender.address, customer_id=customer.pk)
    inbound = _inbound(raw_mail, read)
    if known is not None and is_from_outside(mail, known, sender=sender.address, customer_id=customer.pk):
        ticket = _locked(known)
        add_answer(ticket=ticket, sender=customer, inbound=inbound)
        return _done(raw_mail, "appended", ticket, kind.reason, uses_files=True)
    if known is not None and known.status != Status.CLOSED:
        ticket = _locked(known)
        if ticket.status != Status.CLOSED:
            add_message(ticket=ticket, customer=customer, inbound=inbound)
            return _done(raw_mail, "appended", ticket, kind.reason, uses_files=True)
    ticket = open_ticket(inbox=raw_mail.inbox, customer=customer, subject=mail.subject, channel="mail")
    if known is not None:
        add_event(ticket, "follows", data={"ticket": known.pk, "number": known.number})
    message = add_message(ticket=ticket, customer=customer, inbound=inbound)
    if kind.kind == "human":
        from tickets.tasks import acknowledge

        enqueue_on_commit(acknowledge, organization_id=ticket.organization_id, message_id=message.pk)
    _record(raw_mail, "created", ticket, kind.reason)
    number = give_number(ticket)
    if known is not None:
        add_event(known, "followed_by", data={"ticket": ticket.pk, "number": number})
    return Filed("created", number, kind.reason, uses_files=True)


def _old_mail(raw_mail: RawMail, read: ReadMail, sender: Address | None, kind: Classification) -> Filed:
    """Older mail on request: what people wrote becomes closed history, the rest is only kept."""
    mail = read.mail
    if sender is None or kind.kind not in ("human", "list"):
        return _done(
            raw_mail, "quarantined" if sender is None else kind.kind, None, kind.reason or _NO_SENDER
        )
    if blocked_sender(sender.address, mail.from_address) is not None:
        return _done(raw_mail, "blocked", None, "")
    customer = customer_for(address=sender.address, name=sender.name)
    if customer.is_erased:
        return _done(raw_mail, "auto_reply", None, "the customer's data was deleted")
    known = find_ticket(mail, sender=sender.address, customer_id=customer.pk)
    inbound = _inbound(raw_mail, read, at=past(mail.date))
    if known is not None and is_history(known) and customer.pk == known.customer_id:
        add_old_message(ticket=_locked(known), customer=customer, inbound=inbound)
        return _done(raw_mail, "appended", known, kind.reason, uses_files=True)
    ticket = open_old_ticket(
        inbox=raw_mail.inbox, customer=customer, subject=mail.subject, at=inbound.created_at
    )
    add_old_message(ticket=ticket, customer=customer, inbound=inbound)
    _record(raw_mail, "created", ticket, kind.reason)
    return Filed("created", give_number(ticket), kind.reason, uses_files=True)


def _old_answer(raw_mail: RawMail, read: ReadMail) -> Filed:
    """What the shop answered before: it joins the closed ticket whose customer it went to; the rest is only kept."""
    mail = read.mail
    if mail.message_id and Message.objects.filter(message_id=mail.message_id).exists():
        return _done(raw_mail, "loop", None, "it is in a ticket already")
    readers = {one.address for one in (*mail.to, *mail.cc)}
    for ticket in named_tickets(mail):
        if is_history(ticket) and ticket.customer.addresses.filter(address__in=readers).exists():
            add_old_answer(ticket=_locked(ticket), answer=_inbound(raw_mail, read, at=past(mail.date)))
            return _done(raw_mail, "appended", ticket, "", uses_files=True)
    return _done(raw_mail, "loop", None, "it answers no older mail that is here")


def blocked_sender(*addresses: str | None) -> BlockedSender | None:
    """The block on any of these addresses."""
    return BlockedSender.objects.filter(address__in=[one for one in addresses if one]).first()


def _locked(ticket: Ticket) -> Ticket:
    """The ticket as it is now, ours until the commit; where it lives on if it was merged a moment ago."""
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("customer", "inbox")
    found: Ticket = rows.get(pk=ticket.pk)  # type: ignore[assignment]
    return rows.get(pk=found.merged_into_id) if found.merged_into_id else found  # type: ignore[return-value]


def _inbound(raw_mail: RawMail, read: ReadMail, *, at: datetime | None = None) -> Inbound:
    mail = read.mail
    text, quoted = quote.split_reply(mail.text)
    return Inbound(
        text=text,
        quoted=quoted,
        html=mail.html or "",
        subject=mail.subject,
        recipients_to=[one.address for one in mail.to],
        recipients_cc=[one.address for one in mail.cc],
        message_id=mail.message_id or "",
        in_reply_to=mail.references[-1] if mail.references else "",
        references=mail.references,
        files=read.files,
        raw_mail=raw_mail,
        created_at=at or timezone.now(),
    )


def _record(raw_mail: RawMail, outcome: str, ticket: Ticket | None, reason: str) -> None:
    raw_mail.outcome, raw_mail.ticket, raw_mail.reason = outcome, ticket, reason[:300]
    raw_mail.save(update_fields=["outcome", "ticket", "reason"])


def _done(
    raw_mail: RawMail, outcome: str, ticket: Ticket | None, reason: str, *, uses_files: bool = False
) -> Filed:
    _record(raw_mail, outcome, ticket, reason)
    return Filed(outcome, ticket.number if ticket else None, reason, uses_files=uses_files)
