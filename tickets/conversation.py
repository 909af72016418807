"""What counts as one conversation: a ticket with the tickets merged into it, and whom it was taken from."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from helpdesk.tenancy.scope import current_organization_id
from tickets.models import Message, Ticket


def messages_of(ticket: Ticket) -> QuerySet[Any]:
    """Messages of the ticket and of those merged into it, oldest first."""
    members = Ticket.objects.filter(Q(pk=ticket.pk) | Q(merged_into=ticket.pk))
    return Message.objects.filter(ticket__in=members.values("pk")).order_by("pk")


def family_of(ticket: Ticket) -> RawSQL:
    """Ids of the tickets whose AI texts can be read on this one, as the guard in the database finds them."""
    return RawSQL("SELECT tickets_family(%s, %s)", [current_organization_id(), ticket.pk])


def home_of(ticket: Ticket) -> Ticket:
    """Where the ticket lives on: itself, or the one it was merged into."""
    return ticket.merged_into if ticket.merged_into_id else ticket  # type: ignore[return-value]
