"""File what somebody outside wrote: shown to the team, never taken for the customer's, no AI step."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Customer
from tickets.mail.charsets import one_line
from tickets.models import Attachment, Message, MessageKind, Status, Ticket
from tickets.services import timing
from tickets.services.opening import (
    SNIPPET,
    Inbound,
    add_event,
    add_references,
    attach_files,
    cleaned_html,
)


@transaction.atomic
def add_answer(*, ticket: Ticket, sender: Customer, inbound: Inbound) -> Message:
    """File what somebody outside wrote: no AI step, no new revision, nothing in the portal. Locks the ticket."""
    current: Ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)  # type: ignore[assignment]
    files = attach_files(current, inbound.files)
    cleaned = cleaned_html(inbound.html, files)
    answer = Message.objects.create(
        ticket=current,
        kind=MessageKind.OUTSIDE,
        customer=sender,
        raw_mail=inbound.raw_mail,
        subject=one_line(inbound.subject)[:300],
        text=inbound.text,
        quoted=inbound.quoted,
        recipients_to="\n".join(inbound.recipients_to),
        recipients_cc="\n".join(inbound.recipients_cc),
        message_id=inbound.message_id,
        in_reply_to=inbound.in_reply_to,
        created_at=inbound.created_at,
        **cleaned,
    )
    Attachment.objects.filter(pk__in=[one.pk for one in files]).update(message=answer)
    add_references(current, [inbound.message_id])
    _wake(current, inbound)
    return answer


def _wake(ticket: Ticket, inbound: Inbound) -> None:
    was = ticket.status
    if was in (Status.PENDING, Status.SOLVED, Status.CLOSED):
        ticket.status, ticket.solved_at = Status.OPEN, None
        add_event(ticket, "status", data={"from": was, "to": Status.OPEN.value, "by": "outside"})
    ticket.is_unread, ticket.updated_at = True, timezone.now()
    ticket.snippet = " ".join(inbound.text.split())[:SNIPPET]
    timing.changed(ticket)
    ticket.snoozed_until = None
    changed = ["status", "solved_at", "is_unread", "updated_at", "snippet"]
    ticket.save(update_fields=[*changed, *timing.CLOCK])
    publish_on_commit("ticket", ticket=ticket.pk)
    publish_on_commit("tickets", ticket=ticket.pk)
