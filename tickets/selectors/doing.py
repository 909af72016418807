"""How the shop is doing: requests, first answers, what waits and what came back, for a span of days and by inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from tickets.selectors.inboxes import Sight
from tickets.selectors.prepared import plain_rows

#: Facts are kept when things happen, so what was deleted since still counts no longer: its ticket's inbox is asked.
_HAPPENED = """
SELECT t.inbox_id,
    count(*) FILTER (WHERE f.event = 'opened'),
    count(*) FILTER (WHERE f.event = 'first_reply'),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY f.value) FILTER (WHERE f.event = 'first_reply'),
    count(*) FILTER (WHERE f.event = 'solved'),
    count(*) FILTER (WHERE f.event = 'reopened'),
    count(*) FILTER (WHERE f.event = 'satisfied'),
    count(*) FILTER (WHERE f.event = 'satisfied' AND f.value > 0.5)
FROM governance_outcomefact f
JOIN tickets_ticket t ON t.organization_id = f.organization_id AND t.id = f.subject_id
WHERE f.subject_kind = 'ticket' AND f.event IN ('opened', 'first_reply', 'solved', 'reopened', 'satisfied')
    AND f.created_at >= %s AND f.created_at < %s
GROUP BY GROUPING SETS ((t.inbox_id), ())
"""
_NOW = """
SELECT inbox_id, count(*), count(*) FILTER (WHERE due_at < %s), min(waiting_since)
FROM tickets_ticket WHERE status IN ('new', 'open') AND waiting_since IS NOT NULL
GROUP BY GROUPING SETS ((inbox_id), ())
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one inbox or of all. `median` is in seconds, None without a first answer; waiting and late are of now."""

    opened: int = 0
    answered: int = 0
    median: float | None = None
    solved: int = 0
    reopened: int = 0
    asked: int = 0
    right: int = 0
    waiting: int = 0
    late: int = 0
    since: datetime | None = None


#: Inbox id -> its figures; None is all of them together.
Doing = dict[int | None, Figures]


def doing(start: datetime, end: datetime, sight: Sight) -> Doing:
    """Figures of what happened from `start` to before `end`, and of what waits now. Two queries, whatever the span."""
    happened = {row[0]: row[1:] for row in plain_rows(_HAPPENED, [start, end])}
    now = {row[0]: row[1:] for row in plain_rows(_NOW, [timezone.now()])}
    places: list[int | None] = [None, *(pk for pk, _name in sight.inboxes)]
    return {place: _figures(happened.get(place), now.get(place)) for place in places}


def _figures(happened: tuple[Any, ...] | None, now: tuple[Any, ...] | None) -> Figures:
    return Figures(*(happened or (0, 0, None, 0, 0, 0, 0)), *(now or (0, 0, None)))
