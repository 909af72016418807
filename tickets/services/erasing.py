"""What an erasure needs of this room: work with the customer stops first, and rows that no key leads to are named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.errors import Conflict
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Customer
from tickets.models import (
    Approval,
    Attachment,
    BlockedSender,
    ComposerDraft,
    Message,
    MessageKind,
    MessageState,
    RawMail,
    Status,
    Ticket,
    TicketEvent,
)
from tickets.services.opening import add_event

_WAITING: Final = (MessageState.PREPARED, MessageState.QUEUED, MessageState.HELD, MessageState.FAILED)
#: Mails of machines about one of ours: they name the customer, and no customer wrote them.
_ABOUT_OURS: Final = ("bounce", "loop")
#: Where a message names its readers, one address a line.
_LISTS: Final = ("recipients_to", "recipients_cc", "recipients_bcc")


def stop_work(customer: Customer) -> None:
    """Nothing that waits will leave, no ticket stays open. Raises Conflict while an answer is just leaving.

    Locks the customer's tickets, so a worker has either claimed an answer before (and is waited for) or finds it
    stopped.
    """
    locked = Ticket.objects.select_for_update(of=("self",)).filter(customer=customer).order_by("pk")
    tickets = list(locked)
    messages = Message.objects.filter(ticket__customer=customer)
    if messages.filter(state=MessageState.SENDING).exists():
        raise Conflict(
            _("An answer to this customer is leaving right now."),
            next_step=_("Nothing was deleted. Try again in a few minutes."),
        )
    waiting = messages.filter(state__in=_WAITING)
    Approval.objects.filter(message__in=waiting.values("pk"), revoked_at=None).update(
        revoked_at=timezone.now()
    )
    waiting.update(state=MessageState.CANCELLED)
    for ticket in tickets:
        _close(ticket)
    _forget_last_words(customer)
    _forget_as_recipient(customer)


def _close(ticket: Ticket) -> None:
    """Nobody can answer it any more."""
    if ticket.status == Status.CLOSED:
        return
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.CLOSED)
    add_event(ticket, "status", data={"from": ticket.status, "to": Status.CLOSED.value})
    publish_on_commit("ticket", ticket=ticket.pk)
    publish_on_commit("tickets", ticket=ticket.pk)


def _forget_last_words(customer: Customer) -> None:
    """The list shows the last words of a ticket; in somebody else's they may be this customer's."""
    others = Ticket.objects.filter(messages__customer=customer).exclude(customer=customer).distinct()
    for ticket in others:
        newest = ticket.messages.filter(kind=MessageKind.INBOUND).order_by("pk").last()
        if newest is not None and newest.customer_id == customer.pk:
            Ticket.objects.filter(pk=ticket.pk).update(snippet="")


def _forget_as_recipient(customer: Customer) -> None:
    """Their addresses go from mails to and from others: lists, unsent texts, and sources that name them.

    While the addresses are still known as an erased customer's: only those may be taken out (guard). What waits to
    leave goes without them; an answer that was approved with them in copy waits for a person again.
    """
    for address in customer.addresses.values_list("address", flat=True):
        _take_out(address, Message.objects.exclude(ticket__customer=customer))
        _take_out_of_unsent(address)


def _take_out(address: str, messages: QuerySet[Any]) -> None:
    named = messages.filter(_any_contains(_LISTS, address)).only(*_LISTS, "state", "raw_mail")
    sources: list[int] = []
    for message in named.select_for_update(of=("self",)).order_by("pk"):
        lists = {name: _without(getattr(message, name), address) for name in _LISTS}
        if all(getattr(message, name) == value for name, value in lists.items()):
            continue  # another address that holds this one
        if message.state == MessageState.SENDING:
            raise Conflict(
                _("An answer that this customer reads in copy is leaving right now."),
                next_step=_("Nothing was deleted. Try again in a few minutes."),
            )
        Message.objects.filter(pk=message.pk).update(**lists)
        sources += [message.raw_mail_id] if message.raw_mail_id else []
    RawMail.objects.filter(pk__in=sources).delete()


def _take_out_of_unsent(address: str) -> None:
    for draft in ComposerDraft.objects.filter(_any_contains(("cc", "bcc"), address)).order_by("pk"):
        for name in ("cc", "bcc"):
            kept = [one for one in getattr(draft, name).split(",") if address not in one.lower()]
            setattr(draft, name, ",".join(kept).strip())
        draft.save(update_fields=["cc", "bcc"])


def _any_contains(names: Iterable[str], address: str) -> Q:
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__icontains": address})
    return found


def _without(lines: str, address: str) -> str:
    return "\n".join(line for line in lines.split("\n") if line.lower() != address)


def own_messages(customer: Customer) -> QuerySet[Any]:
    """What the customer wrote in other people's tickets."""
    return Message.objects.filter(customer=customer)


def own_attachments(customer: Customer) -> QuerySet[Any]:
    """What the customer attached there."""
    return Attachment.objects.filter(message__customer=customer)


def own_blocks(customer: Customer) -> QuerySet[Any]:
    """Addresses of theirs whose mail is kept aside."""
    return BlockedSender.objects.filter(address__in=customer.addresses.values("address"))


def own_returns(customer: Customer) -> QuerySet[Any]:
    """Notices, in whatever ticket, that a mail to them came back."""
    named = Q()
    for address in customer.addresses.values_list("address", flat=True):
        named |= Q(data__recipients__icontains=address)
    found = TicketEvent.objects.filter(kind="bounced")
    return found.filter(named) if named else found.none()


def own_mails(customer: Customer) -> QuerySet[Any]:
    """Sources of the customer's messages wherever they were filed, and those that no ticket has."""
    filed = Message.objects.filter(Q(customer=customer) | Q(ticket__customer=customer))
    named = filed.exclude(raw_mail=None).values_list("raw_mail_id", flat=True)
    return RawMail.objects.filter(Q(pk__in=named) | Q(pk__in=_without_ticket(customer)))


def _without_ticket(customer: Customer) -> list[int]:
    """Kept aside, or of machines. One that is not filed yet is a new mail: it is left to be filed."""
    from tickets.mail.receive import content_key

    escaped = Func(F("source"), Value("escape"), function="encode", output_field=TextField())
    mails = RawMail.objects.filter(ticket=None).exclude(outcome="stored").annotate(words=Lower(escaped))
    found: list[int] = []
    for address in customer.addresses.values_list("address", flat=True):
        named = mails.filter(words__contains=address).values_list("pk", "outcome", "source")
        found += [
            pk
            for pk, outcome, source in named.iterator()
            if outcome in _ABOUT_OURS or content_key(bytes(source))[1] == address
        ]
    return found
