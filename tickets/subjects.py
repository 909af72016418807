"""How records of other rooms name a ticket: by its number, to those who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.people.models import Membership
from helpdesk.people.subjects import Subject, register
from tickets.models import Message, Ticket


def register_all() -> None:
    """Called once, in AppConfig.ready."""
    register("ticket", tickets, by_number)
    register("message", messages)


def tickets(member: Membership, ids: Iterable[int]) -> Mapping[int, Subject]:
    """By the ticket's id. One query."""
    rows = Ticket.objects.visible_to(member).filter(pk__in=list(ids)).values_list("pk", "number")
    return {pk: _subject(number or 0) for pk, number in rows}


def messages(member: Membership, ids: Iterable[int]) -> Mapping[int, Subject]:
    """By the id of a message of the ticket. One query."""
    seen = Ticket.objects.visible_to(member)
    rows = Message.objects.filter(pk__in=list(ids), ticket__in=seen).values_list("pk", "ticket__number")
    return {pk: _subject(number or 0) for pk, number in rows}


def by_number(member: Membership, typed: str) -> int | None:
    """The ticket's id by its number."""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 16):
        return None
    seen = Ticket.objects.visible_to(member).filter(number=int(typed))
    return seen.values_list("pk", flat=True).first()


def _subject(number: int) -> Subject:
    return Subject(_("Ticket %(number)s") % {"number": number}, reverse("desk:ticket", args=[number]))
