"""Due times and sleep in words: "due in 2 h", "late by 1 h", "until Mon 30 Nov, 09:00"; and when to wake."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from tickets.hours import MINUTES_A_DAY, moment_of
from tickets.selectors.clock import Clock
from tickets.views.skeleton import day_and_time

SOON: Final = timedelta(hours=1)
#: A shop that says nothing of its hours begins its day then.
MORNING: Final = 9 * 60


class Due(NamedTuple):
    """How a due time is shown: late, soon, ok, or "" for none; with its words."""

    state: str
    label: str


NOTHING: Final = Due("", "")


def due_words(due_at: datetime | None, now: datetime) -> Due:
    """As a sign and words; the browser counts on (data-due)."""
    if due_at is None:
        return NOTHING
    left = due_at - now
    if left < timedelta():
        return Due("late", _("late by %(time)s") % {"time": span(-left)})
    return Due("soon" if left < SOON else "ok", _("due in %(time)s") % {"time": span(left)})


def span(length: timedelta) -> str:
    """A length as one number: minutes, hours to two days, then days."""
    minutes = int(length.total_seconds()) // 60
    if minutes < 60:
        return _("%(n)s min") % {"n": max(1, minutes)}
    if minutes < 2 * MINUTES_A_DAY:
        return _("%(n)s h") % {"n": minutes // 60}
    return _("%(n)s days") % {"n": minutes // MINUTES_A_DAY}


def until_words(moment: datetime) -> str:
    """As in "24 Nov, 16:05", in the reader's time."""
    return day_and_time(timezone.localtime(moment))


def waking_at(preset: str, inbox_id: int, now: datetime, known: Clock) -> datetime:
    """The moment that "later", "tomorrow", "monday" or a day (2026-11-30) means. Raises ValueError.

    A day means its first open minute, nine o'clock where it has none.
    """
    if preset == "later":
        return now + timedelta(hours=3)
    today = now.astimezone(known.zone).date()
    if preset == "tomorrow":
        day = today + timedelta(days=1)
    elif preset == "monday":
        day = today + timedelta(days=7 - today.weekday())
    else:
        day = date.fromisoformat(preset)
    hours = known.hours_of(inbox_id)
    opens = next((begins for begins, _ends in hours.spans(day)), None) if not hours.always else None
    return opens or moment_of(day, MORNING, known.zone)
