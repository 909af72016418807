"""Opening hours as arithmetic: what is open when, in the shop's own clock, whatever summer time does to it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

MINUTES_A_DAY: Final = 24 * 60
#: Nobody is closed for longer; a shop that never opens has no due times.
FARTHEST: Final = timedelta(days=400)

Span = tuple[int, int]  # minutes since midnight by the wall clock: from, to
ALL_DAY: Final[tuple[Span, ...]] = ((0, MINUTES_A_DAY),)
ALWAYS: Final[tuple[tuple[Span, ...], ...]] = (ALL_DAY,) * 7


def _never(_day: date) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Hours:
    """A week by the wall clock of `zone` (Monday first; spans in order, without overlap), and the days it is closed."""

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...] = ALWAYS
    closed: Callable[[date], bool] = _never

    @property
    def always(self) -> bool:
        """Open day and night; it may still have closed days."""
        return self.week == ALWAYS

    def spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """When that day is open, in UTC. A span that summer time swallows is not there."""
        if self.closed(day):
            return
        for begins, ends in self.week[day.weekday()]:
            start, end = moment_of(day, begins, self.zone), moment_of(day, ends, self.zone)
            if start < end:
                yield start, end


def moment_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """That minute of the wall clock in UTC. One that comes twice is its first; one that never comes is the jump itself.

    So moments never go back while minutes go on, and spans that touch on the wall touch in time.
    """
    days, minute = divmod(minute, MINUTES_A_DAY)
    wall = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60), zone)
    found = wall.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return found
    return _jump(wall.replace(fold=1).astimezone(UTC), found, zone)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between these two at which the zone's offset changes, to the second."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def _from(hours: Hours, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Open spans from this moment on, the first one cut to it."""
    day = start.astimezone(hours.zone).date()
    last = day + FARTHEST
    while day <= last:
        for opens, closes in hours.spans(day):
            if closes > start:
                yield max(opens, start), closes
        day += timedelta(days=1)


def add_open(hours: Hours, start: datetime, seconds: float) -> datetime | None:
    """The moment by which so many open seconds have gone by; None where that is more than FARTHEST away.

    It is never before `start` and never in closed time: a target that is used up as the shop closes ends at closing.
    """
    left = timedelta(seconds=max(0.0, seconds))
    for opens, closes in _from(hours, start):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    return None


def open_seconds(hours: Hours, start: datetime, end: datetime) -> float:
    """How long it was open between the two; nothing where they are the wrong way round."""
    total = timedelta()
    for opens, closes in _from(hours, start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total.total_seconds()


def next_opening(hours: Hours, now: datetime) -> datetime | None:
    """None while open; else when it opens next, or None too where it never does (ask `is_open`)."""
    opens = next(iter(_from(hours, now)), (None,))[0]
    return None if opens == now else opens


def is_open(hours: Hours, now: datetime) -> bool:
    """Whether this moment lies in an open span."""
    return next(iter(_from(hours, now)), (None,))[0] == now
