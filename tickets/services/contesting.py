""" "Ask a person to look again": a request with a clock, and the ticket back on the desk without AI."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from governance.models import DataRequest, DataRequestKind
from governance.services import outcomes, requests, stops
from helpdesk.live.events import publish_on_commit
from tickets.models import Message, Status, Ticket
from tickets.services import timing
from tickets.services.opening import add_event

#: Kept as written: colleagues read it, in whatever language the customer clicked.
REASON = gettext_noop("The customer asked for a person.")
_DONE = (Status.SOLVED, Status.CLOSED)


def ask_again(*, message: Message) -> DataRequest:
    """The customer asks for a person to look at this answer again. Asking twice is one request.

    Locks the ticket. It is reopened whatever it was, but for spam, and no AI touches it from here on.
    """
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().select_related("customer").get(pk=message.ticket_id)
        asked = requests.open_request(
            customer=ticket.customer,
            kind=DataRequestKind.HUMAN_REVIEW,
            subject_kind="message",
            subject_id=message.pk,
        )
        known = ticket.events.filter(kind="look_again", data__request=asked.pk).exists()
        if not known:
            _reopen(ticket, asked, message)
    return asked


def _reopen(ticket: Ticket, asked: DataRequest, message: Message) -> None:
    was = ticket.status
    if was != Status.SPAM:
        ticket.status, ticket.solved_at = Status.OPEN, None
    ticket.human_only, ticket.is_unread, ticket.updated_at = True, True, timezone.now()
    timing.customer_wrote(ticket, ticket.updated_at)
    ticket.save(
        update_fields=[
            "status",
            "solved_at",
            "human_only",
            "is_unread",
            "updated_at",
            *timing.CLOCK,
        ]
    )
    stops.stop_for_customer(customer=ticket.customer, ticket_id=ticket.pk, reason=REASON)
    add_event(ticket, "look_again", data={"request": asked.pk, "message": message.pk, "from": was})
    if was in _DONE:
        outcomes.record(
            subject_id=ticket.pk,
            event="reopened",
            customer=ticket.customer,
            channel=ticket.channel,
            language=ticket.language,
        )
    publish_on_commit("ticket", ticket=ticket.pk)
    publish_on_commit("tickets", ticket=ticket.pk)
