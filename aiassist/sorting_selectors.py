"""Reads of sorting: topics for people, a ticket's newest suggestion, the topics of the organization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q

from aiassist.sorting_models import LearnedTopics, Sorting, SortingState, TopicMerge
from helpdesk.people.models import Membership
from tickets.models import Message, Status, Ticket

_NO = (SortingState.REFUSED, SortingState.TAKEN_BACK)


def human_topics(ticket: Ticket) -> frozenset[str]:
    """Topics for people only that sorting found in a ticket, but for what a person refused. One query."""
    rows = Sorting.objects.filter(ticket=ticket).exclude(state__in=_NO)
    return frozenset(topic for found in rows.values_list("human_topics", flat=True) for topic in found)


def newest(ticket: Ticket) -> Sorting | None:
    """How the ticket was sorted: what a person can still say something to comes first. One query."""
    rows = Sorting.objects.select_related("decision__policy", "decided_by__user").filter(
        Q(ticket=ticket) | Q(ticket__merged_into=ticket)
    )
    found = sorted(rows.order_by("-pk")[:20], key=lambda one: one.state == SortingState.UNSURE)
    return found[0] if found else None


def tickets_of(messages: list[int], member: Membership) -> list[Ticket]:
    """The tickets of these messages that the member may see, in the order of the messages. Two queries."""
    places = dict(Message.objects.filter(pk__in=messages).values_list("pk", "ticket"))
    seen = Ticket.objects.visible_to(member).in_bulk(list(places.values()))
    ordered = dict.fromkeys(places[one] for one in messages if one in places)
    return [seen[pk] for pk in ordered if pk in seen]


def known_topics() -> list[str]:
    """Every topic that a ticket has, by name. One query."""
    rows = Ticket.objects.exclude(topic="").order_by("topic").values_list("topic", flat=True)
    return list(rows.distinct()[:MOST_SHOWN])


MOST_SHOWN = 200


@dataclass(frozen=True)
class TopicRow:
    """One topic: tickets and solved ones, what learning said of it, what people said to suggestions."""

    name: str
    tickets: int
    solved: int
    newest: int
    learned: dict[str, Any] | None
    said: dict[str, int]


def topic_rows() -> list[TopicRow]:
    """The topics with the most tickets first. Three queries."""
    solved = Count("pk", filter=Q(status__in=(Status.SOLVED, Status.CLOSED)))
    counted = (
        Ticket.objects.exclude(topic="").values("topic").annotate(n=Count("pk"), done=solved, last=Max("pk"))
    )
    learned = LearnedTopics.objects.values_list("topics", flat=True).first() or []
    by_name = {one["name"]: one for one in learned}
    said: dict[str, dict[str, int]] = {}
    for topic, state, n in (
        Sorting.objects.exclude(topic="").values_list("topic", "state").annotate(n=Count("pk"))
    ):
        said.setdefault(topic, {})[state] = n
    return [
        TopicRow(
            one["topic"],
            one["n"],
            one["done"],
            one["last"],
            by_name.get(one["topic"]),
            said.get(one["topic"], {}),
        )
        for one in counted.order_by("-n", "topic")[:MOST_SHOWN]
    ]


def last_merge() -> TopicMerge | None:
    """The newest merge that can still be undone. One query."""
    return TopicMerge.objects.filter(undone_at=None).order_by("-pk").first()
