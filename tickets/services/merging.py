"""Merge two tickets of one customer, take messages out into a ticket of their own, and undo either.

A merge moves nothing: what was written, decided and approved stays where it was, and the ticket merged points to the
one where it lives on. A split moves what came in; what we wrote stays where it was approved (the guard sees to it).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.services import stops
from helpdesk.errors import Conflict, InvalidState
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Customer, Membership
from tickets.conversation import messages_of
from tickets.mail.customers import customer_for
from tickets.models import (
    Attachment,
    ComposerDraft,
    Message,
    MessageKind,
    MessageReference,
    MessageState,
    RawMail,
    Status,
    Ticket,
)
from tickets.services import timing
from tickets.services.drafts import may_work
from tickets.services.opening import SNIPPET, add_event, give_number, open_ticket

_DONE = (Status.SOLVED, Status.CLOSED)
MOVABLE = (MessageKind.INBOUND, MessageKind.NOTE, MessageKind.OUTSIDE)


@transaction.atomic
def merge(*, source: Ticket, target: Ticket, member: Membership) -> Ticket:
    """Let `source` live on in `target`; returns the target. Locks both, in the order of their ids.

    Raises InvalidState for tickets of two customers (each would read what the other wrote) or one merged already,
    Conflict while an answer of either is about to leave.
    """
    source, target = _both(source, target, member)
    _may_merge(source, target)
    _nothing_leaving(source, target)
    children = list(Ticket.objects.filter(merged_into=source).order_by("pk").values_list("pk", flat=True))
    data = {"into": target.pk, "number": target.number, "was": source.status, "children": children}
    data |= {"assignee": source.assignee_id, "target_was": target.status}
    Ticket.objects.filter(pk__in=children).update(merged_into=target)
    add_event(source, "merged", actor=member, data=data)
    add_event(target, "merged_in", actor=member, data={"ticket": source.pk, "number": source.number})
    if source.status not in _DONE and target.status in (*_DONE, Status.PENDING):
        target.status, target.solved_at = Status.OPEN, None
    waiting = [one.waiting_since for one in (source, target) if one.waiting_since]
    target.waiting_since = min(waiting, default=None)  # they wait since they first wrote, in either
    target.customer_messages += source.customer_messages  # an approval of before has not seen these
    target.is_unread = target.is_unread or source.is_unread
    target.snippet = source.snippet if source.updated_at > target.updated_at else target.snippet
    _save(target, "status", "solved_at", "customer_messages", "is_unread", "snippet")
    source.status, source.merged_into, source.is_unread = Status.MERGED, target, False
    _save(source, "status", "merged_into", "is_unread")
    _bring_drafts(source, target)
    _bring_limits(source, target, member)
    return target


def _bring_limits(source: Ticket, target: Ticket, member: Membership) -> None:
    """What only a person may answer, or where the AI was stopped, stays so; taking apart does not loosen it."""
    if source.human_only and not target.human_only:
        target.human_only = True
        target.save(update_fields=["human_only"])
    mine = [one for one in stops.stops_in_force(source.pk) if one.scope == "ticket"]
    if not mine or any(one.scope == "ticket" for one in stops.stops_in_force(target.pk)):
        return
    if mine[0].started_by is None:
        stops.stop_for_customer(customer=target.customer, ticket_id=target.pk, reason=mine[0].reason)
    else:
        stops.stop_ai(scope="ticket", member=member, ticket_id=target.pk, reason=mine[0].reason)


def _may_merge(source: Ticket, target: Ticket) -> None:
    if source.pk == target.pk:
        raise InvalidState(_("That is the same ticket."))
    if source.merged_into_id or target.merged_into_id:
        raise Conflict(_("One of them was merged already."), next_step=_("Look where it lives on."))
    if source.customer_id != target.customer_id:
        words = {"one": str(source.customer), "other": str(target.customer)}
        raise InvalidState(
            _("These are two customers: %(one)s would read what %(other)s wrote, and the other way round.")
            % words,
            next_step=_("Answer each in their own ticket."),
        )
    if Status.SPAM in (source.status, target.status):
        raise InvalidState(_("One of them is marked as spam."), next_step=_("Take the mark off first."))


def _bring_drafts(source: Ticket, target: Ticket) -> None:
    """Unsent texts and files come along; where their author has one here as well, theirs is set aside."""
    for draft in ComposerDraft.objects.filter(ticket=source).order_by("pk"):
        here = ComposerDraft.objects.filter(ticket=target, author=draft.author_id).first()
        if here is None:
            ComposerDraft.objects.filter(pk=draft.pk).update(ticket=target)
            continue
        pieces = (here.set_aside, draft.text, draft.set_aside)
        here.set_aside = "\n\n".join(one for one in pieces if one.strip())
        here.save(update_fields=["set_aside"])
        draft.delete()
    Attachment.objects.filter(ticket=source, message=None).update(ticket=target)


@transaction.atomic
def unmerge(*, source: Ticket, member: Membership) -> Ticket:
    """Undo a merge: `source` is a ticket of its own again, as it was. Messages that came since stay where they came.

    Raises Conflict when it is not merged any more, or while an answer is about to leave.
    """
    if source.merged_into_id is None:
        raise Conflict(_("It is not merged any more."))
    target: Ticket = Ticket.objects.get(pk=source.merged_into_id)  # type: ignore[assignment]
    source, target = _both(source, target, member)
    if source.merged_into_id != target.pk:
        raise Conflict(_("It is not merged any more."))
    _nothing_leaving(source, target)
    event = source.events.filter(kind="merged").order_by("pk").last()
    data: dict[str, Any] = event.data if event else {}
    Ticket.objects.filter(pk__in=data.get("children", []), merged_into=target).update(merged_into=source)
    was = data.get("was")
    source.status = was if was in Status.values and was != Status.MERGED else Status.OPEN
    source.merged_into = None
    _save(source, "status", "merged_into")
    target.customer_messages += 1  # what was approved with the other's words in sight is looked at again
    _save(target, "customer_messages")
    add_event(source, "unmerged", actor=member, data={"number": target.number})
    add_event(target, "unmerged", actor=member, data={"number": source.number})
    return source


@transaction.atomic
def split(
    *, ticket: Ticket, message_ids: Iterable[int], member: Membership, address: str = "", subject: str = ""
) -> Ticket:
    """Take messages out into a new ticket, of the person who wrote them unless an address is given.

    What we wrote stays. Files and mail identifiers go along, so that answers find the new ticket. Locks the ticket;
    the number is the last write but for the events. Raises InvalidState for a choice that cannot be taken out,
    Conflict while an answer is about to leave.
    """
    may_work(member, ticket)
    old = _locked([ticket.pk])[0]
    if old.merged_into_id:
        raise Conflict(_("This ticket was merged into another one."))
    _nothing_leaving(old)
    chosen = _chosen(old, set(message_ids))
    first = next(one for one in chosen if one.kind == MessageKind.INBOUND)
    customer = (
        customer_for(address=address.strip().lower()) if address.strip() else first.customer or old.customer
    )
    new = _opened(old, first, customer, subject)
    came_from = {str(one.pk): one.ticket_id for one in chosen}
    _move(chosen, new)
    new.customer_messages = sum(one.kind == MessageKind.INBOUND for one in chosen)
    new.snippet = " ".join(chosen[-1].text.split())[:SNIPPET]
    if old.waiting_since is not None:
        timing.customer_wrote(new, max(old.waiting_since, first.created_at))
    _save(new, "customer_messages", "snippet", "split_from", "assignee", "topic", "human_only", "priority")
    _last_words(old)
    add_event(new, "split_off", actor=member, data={"number": old.number, "messages": came_from})
    number = give_number(new)
    add_event(old, "split", actor=member, data={"ticket": new.pk, "number": number, "count": len(chosen)})
    return new


def _chosen(ticket: Ticket, ids: set[int]) -> list[Message]:
    every = list(messages_of(ticket).filter(kind__in=MOVABLE).select_related("customer"))
    chosen = [one for one in every if one.pk in ids]
    if len(chosen) != len(ids) or not any(one.kind == MessageKind.INBOUND for one in chosen):
        raise InvalidState(
            _("Choose messages of the customer."), next_step=_("Answers of ours stay where they were sent.")
        )
    if all(one in chosen for one in every if one.kind == MessageKind.INBOUND):
        raise InvalidState(_("Then nothing would be left here."), next_step=_("Leave at least one message."))
    return chosen


def _opened(old: Ticket, first: Message, customer: Customer, subject: str) -> Ticket:
    new = open_ticket(
        inbox=old.inbox,
        customer=customer,
        subject=subject.strip() or first.subject or old.subject,
        channel=old.channel,
        language=old.language,
    )
    new.split_from, new.topic, new.human_only = old, old.topic, old.human_only
    new.assignee_id, new.priority = old.assignee_id, old.priority
    return new


def _move(messages: list[Message], ticket: Ticket) -> None:
    """Messages with their files, sources and identifiers."""
    for one in messages:
        if one.message_id:
            MessageReference.objects.filter(ticket=one.ticket_id, value=one.message_id).delete()
            MessageReference.objects.get_or_create(ticket=ticket, value=one.message_id)
    ids = [one.pk for one in messages]
    Message.objects.filter(pk__in=ids).update(ticket=ticket)
    Attachment.objects.filter(message__in=ids).update(ticket=ticket)
    RawMail.objects.filter(pk__in=[one.raw_mail_id for one in messages if one.raw_mail_id]).update(
        ticket=ticket
    )


def _last_words(ticket: Ticket) -> None:
    newest = messages_of(ticket).filter(kind=MessageKind.INBOUND).last()
    ticket.snippet = " ".join(newest.text.split())[:SNIPPET] if newest else ""
    _save(ticket, "snippet")


@transaction.atomic
def unsplit(*, ticket: Ticket, member: Membership) -> Ticket:
    """Undo a split: the messages go back, and the new number leads there. Returns the ticket they came from.

    Raises Conflict once something else was written in the new ticket.
    """
    if ticket.split_from_id is None or ticket.merged_into_id:
        raise Conflict(_("It was put back already."))
    old: Ticket = Ticket.objects.get(pk=ticket.split_from_id)  # type: ignore[assignment]
    new, old = _both(ticket, old, member)
    _nothing_leaving(new, old)
    event = new.events.filter(kind="split_off").order_by("pk").last()
    came_from = {int(pk): place for pk, place in (event.data.get("messages", {}) if event else {}).items()}
    if messages_of(new).exclude(pk__in=came_from).exists() or new.merged_into_id or not came_from:
        raise Conflict(
            _("Something was written in the new ticket since."), next_step=_("Go on in the two tickets.")
        )
    moved = list(new.messages.order_by("pk"))
    for place in set(came_from.values()):
        _move([one for one in moved if came_from[one.pk] == place], Ticket.objects.get(pk=place))  # type: ignore[arg-type]
    new.status, new.merged_into, new.customer_messages = Status.MERGED, old, 0
    _save(new, "status", "merged_into", "customer_messages")
    old.customer_messages += 1
    _save(old, "customer_messages")
    add_event(old, "unsplit", actor=member, data={"number": new.number})
    _last_words(old)
    _bring_drafts(new, old)
    return old


def _both(one: Ticket, other: Ticket, member: Membership) -> tuple[Ticket, Ticket]:
    may_work(member, one)
    may_work(member, other)
    found = {ticket.pk: ticket for ticket in _locked([one.pk, other.pk])}
    return found[one.pk], found[other.pk]


def _locked(ids: list[int]) -> list[Ticket]:
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("customer", "inbox")
    return list(rows.filter(pk__in=ids).order_by("pk"))  # type: ignore[arg-type]


def _nothing_leaving(*tickets: Ticket) -> None:
    leaving = (MessageState.QUEUED, MessageState.SENDING)
    if Message.objects.filter(ticket__in=[one.pk for one in tickets], state__in=leaving).exists():
        raise Conflict(_("An answer is just leaving."), next_step=_("Try again in half a minute."))


def _save(ticket: Ticket, *fields: str) -> None:
    """Write these, with the clock of the answer, and tell open browsers."""
    timing.changed(ticket)
    ticket.updated_at = timezone.now()
    ticket.save(update_fields=[*fields, "updated_at", *timing.CLOCK])
    publish_on_commit("ticket", ticket=ticket.pk)
    publish_on_commit("tickets", ticket=ticket.pk)
