"""Tickets that are alike in meaning: vectors of masked questions, compared exactly, among what a member may see."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from pgvector.django import CosineDistance

from aiassist.core.embed import Vectors
from aiassist.drafting_models import TicketMeaning
from aiassist.selectors import similar_solved
from helpdesk.people.models import Membership
from tickets.models import Status, Ticket

#: Compared among the newest so many tickets: the same cost at any size (exact distances, no approximate index).
AMONG = 5_000
#: Cosine distance up to which two questions are called alike: in `tests/test_meanings.py` (few!) 0.38 to 0.53 are,
#: and 0.65 upwards are about something else.
ALIKE = 0.58


def keep(ticket: Ticket, meaning: Vectors | None) -> None:
    """What the ticket is about; its first question says it, "Any news?" does not change it. One query."""
    if meaning is not None:
        row = TicketMeaning(ticket=ticket, vector=meaning.tolist(), updated_at=timezone.now())
        TicketMeaning.objects.bulk_create([row], ignore_conflicts=True)


def similar(ticket: Ticket, member: Membership, limit: int = 3) -> list[Ticket]:
    """Solved tickets that the member may see and that are about the same, nearest first. Two queries.

    Where nothing is known of what the ticket is about, those with the same words in the subject.
    """
    own = TicketMeaning.objects.filter(ticket=ticket).first()
    if own is None:
        return similar_solved(ticket, member, limit)
    newest = TicketMeaning.objects.order_by("-ticket_id").values("pk")[:AMONG]
    solved = Ticket.objects.visible_to(member).filter(status__in=[Status.SOLVED, Status.CLOSED])
    rows: Any = (
        TicketMeaning.objects.filter(pk__in=newest, ticket__in=solved.values("pk"))
        .exclude(ticket=ticket)
        .annotate(distance=CosineDistance("vector", own.vector))
        .filter(distance__lte=ALIKE)
        .select_related("ticket")
        .order_by("distance")[:limit]
    )
    return [row.ticket for row in rows]
