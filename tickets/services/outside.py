"""File what somebody outside wrote: shown to the team, never taken for the customer's, no AI step."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Customer
from tickets.models import Message, MessageKind, Status, Ticket
from tickets.services import timing
from tickets.services.opening import SNIPPET, Inbound, add_event, store_message


@transaction.atomic
def add_answer(*, ticket: Ticket, sender: Customer, inbound: Inbound) -> Message:
    """File what somebody outside wrote: no AI step, no new revision, nothing in the portal. Locks the ticket."""
    current: Ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)  # type: ignore[assignment]
    # Only its own name leads here: what an outsider refers to must not draw others' mails into the ticket.
    answer = store_message(current, sender, replace(inbound, references=()), kind=MessageKind.OUTSIDE)
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
