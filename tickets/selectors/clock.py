"""The organization's clock: opening hours, closed days and targets of every inbox, in one query."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tickets.hours import ALWAYS, Hours, Span, add_open, open_seconds
from tickets.models import Ticket
from tickets.public_holidays import is_holiday, of_year
from tickets.selectors.prepared import prepared_rows

RUNNING = ("new", "open")
_SQL = """
SELECT
    (SELECT o.timezone FROM tenancy_organization o
        WHERE o.id = NULLIF(current_setting('app.organization', true), '')::uuid),
    (SELECT json_agg(json_build_array(inbox_id, week, country, region)) FROM tickets_openinghours),
    (SELECT json_agg(json_build_array(inbox_id, name, starts_on, ends_on, stays_open, texts) ORDER BY starts_on, id)
        FROM tickets_closeddays),
    (SELECT json_agg(json_build_array(inbox_id, priority, first_minutes, next_minutes)) FROM tickets_answertarget)
"""


class Closed(NamedTuple):
    """Days that differ, first and last included."""

    inbox_id: int | None
    name: str
    starts_on: date
    ends_on: date
    stays_open: bool
    texts: dict[str, str]


class Week(NamedTuple):
    """Opening hours as they are stored."""

    week: tuple[tuple[Span, ...], ...]
    country: str
    region: str


@dataclass(frozen=True)
class Clock:
    """What is open when and what is promised; `None` as an inbox is the whole shop."""

    zone: ZoneInfo
    weeks: dict[int | None, Week]
    closed: tuple[Closed, ...]
    targets: dict[tuple[int | None, int | None], tuple[int | None, int | None]]

    def week_of(self, inbox_id: int | None) -> Week:
        """The inbox's own week, else the shop's, else day and night."""
        return self.weeks.get(inbox_id) or self.weeks.get(None) or Week(ALWAYS, "", "")

    def hours_of(self, inbox_id: int | None) -> Hours:
        """The opening hours of an inbox; the same object each time."""
        found = self._made.get(inbox_id)
        if found is None:
            week = self.week_of(inbox_id)
            shut = [one for one in self.closed if one.inbox_id in (None, inbox_id) and not one.stays_open]

            def is_closed(day: date) -> bool:
                return is_holiday(week.country, week.region, day) or any(
                    one.starts_on <= day <= one.ends_on for one in shut
                )

            found = self._made[inbox_id] = Hours(self.zone, week.week, is_closed)
        return found

    @cached_property
    def _made(self) -> dict[int | None, Hours]:
        return {}

    def closed_name(self, inbox_id: int | None, day: date) -> str:
        """Why that day is closed: the shop's own words, else the holiday; empty where it is not."""
        for one in self.closed:
            if (
                one.inbox_id in (None, inbox_id)
                and not one.stays_open
                and one.starts_on <= day <= one.ends_on
            ):
                return one.name
        week = self.week_of(inbox_id)
        return of_year(week.country, week.region, day.year).get(day, "") if week.country else ""

    def away(self, inbox_id: int | None, now: datetime) -> Closed | None:
        """What has a text for customers who write today; an inbox's own goes before the shop's."""
        day = now.astimezone(self.zone).date()
        today = [
            one
            for one in self.closed
            if one.inbox_id in (None, inbox_id) and one.texts and one.starts_on <= day <= one.ends_on
        ]
        return min(today, key=lambda one: one.inbox_id is None, default=None)

    def target_minutes(self, inbox_id: int | None, priority: int | None, *, first: bool) -> int | None:
        """Opening minutes within which an answer is promised: the closest that says something; None for no promise."""
        for place in ((inbox_id, priority), (inbox_id, None), (None, priority), (None, None)):
            minutes = self.targets.get(place, (None, None))[0 if first else 1]
            if minutes is not None:
                return minutes
        return None

    def due(self, ticket: Ticket) -> datetime | None:
        """When the ticket's answer is due; None while nobody waits, the clock stands still or nothing is promised."""
        if ticket.waiting_since is None or ticket.status not in RUNNING:
            return None
        minutes = self.target_minutes(ticket.inbox_id, ticket.priority, first=ticket.first_reply_at is None)
        if minutes is None:
            return None
        seconds = minutes * 60 + ticket.paused_seconds
        return add_open(self.hours_of(ticket.inbox_id), ticket.waiting_since, seconds)

    def open_seconds(self, inbox_id: int | None, start: datetime, end: datetime) -> int:
        """Opening time between the two."""
        return int(open_seconds(self.hours_of(inbox_id), start, end))


def clock() -> Clock:
    """The clock of the organization in force. One query."""
    ((zone, weeks, closed, targets),) = prepared_rows(_SQL)
    return Clock(
        ZoneInfo(zone or "UTC"),
        {inbox: Week(_week(week), country, region) for inbox, week, country, region in _list(weeks)},
        tuple(
            Closed(inbox, name, date.fromisoformat(first), date.fromisoformat(last), stays, texts)
            for inbox, name, first, last, stays, texts in _list(closed)
        ),
        {(inbox, priority): (first, later) for inbox, priority, first, later in _list(targets)},
    )


def _list(found: Any) -> list[Any]:
    return json.loads(found) if isinstance(found, str) else found or []


def _week(stored: list[list[list[int]]]) -> tuple[tuple[Span, ...], ...]:
    """As it is computed with; a week that is not one is open day and night."""
    if len(stored) != 7:
        return ALWAYS
    return tuple(tuple((int(begins), int(ends)) for begins, ends in day) for day in stored)
