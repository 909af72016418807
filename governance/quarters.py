"""The figures of a quarter, kept: each with its count, or why it was not measured. Never changed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from governance.figures import SHEET, Measured, measure
from governance.models import MetricEntry

QUARTERLY = ("trust", "fairness", "transparency", "staff")


def last_quarter(today: date) -> tuple[date, date]:
    """First and last day of the newest quarter that is over."""
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    end = first - timedelta(days=1)
    return date(end.year, end.month - 2, 1), end


def of_quarter(today: date) -> list[MetricEntry]:
    """The newest entry of each figure that a quarter asks for. One query."""
    start, end = last_quarter(today)
    newest: dict[str, MetricEntry] = {}
    for one in MetricEntry.objects.filter(key__in=QUARTERLY, period_from=start, period_to=end).order_by("pk"):
        newest[one.key] = one
    return list(newest.values())


def missing_of_quarter(today: date) -> list[str]:
    """Titles of the figures without an entry for that quarter."""
    known = {one.key for one in of_quarter(today)}
    titles = {key: str(title) for key, title, *_rest in SHEET}
    return [titles[key] for key in QUARTERLY if key not in known]


def store_quarter(today: date) -> int:
    """Write what is missing of the newest quarter: the figure, or why there is none. Run twice it writes once."""
    known = {one.key for one in of_quarter(today)}
    wanted = [key for key in QUARTERLY if key not in known]
    if not wanted:
        return 0
    start, end = last_quarter(today)
    measured, _before = measure(_begin(start), _begin(start), _begin(end + timedelta(days=1)))
    MetricEntry.objects.bulk_create(_entries(wanted, measured, start, end))
    return len(wanted)


def _entries(
    wanted: list[str], measured: dict[str, Measured], start: date, end: date
) -> Iterator[MetricEntry]:
    for key in wanted:
        one = measured[key]
        yield MetricEntry(
            key=key,
            period_from=start,
            period_to=end,
            value=one.value,
            low=one.low,
            high=one.high,
            n=one.n,
            not_measured_because=one.because[:300],
        )


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
