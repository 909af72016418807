"""The figures of the trust page: each with what it means, how many cases, its interval, or why it is not measured."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import figures as figures_of_home
from governance.fairness import ENOUGH as ENOUGH_WAITS
from governance.figures import ENOUGH
from governance.models import AIDecision, DataRequest
from governance.statistics import wilson
from helpdesk.tenancy.scope import current_organization_id

LOOKS_BACK = timedelta(days=90)
#: The figures are counted at most once in this many seconds.
KEPT_SECONDS = 300


@dataclass(frozen=True)
class Measured:
    """One figure as it was counted. `unit`: share, seconds, ratio. Without value it was not measured."""

    key: str
    unit: str
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Figure:
    """The same in words."""

    key: str
    label: str
    definition: str
    value: str
    interval: str
    n: int
    because: str


LABELS: dict[str, tuple[str | Promise, str | Promise]] = {
    "transparency": (
        gettext_lazy("AI-assisted answers that say so"),
        gettext_lazy("Of the answers with AI help that were let out: those with the line that says so."),
    ),
    "person": (
        gettext_lazy("AI-assisted answers that a person approved"),
        gettext_lazy("Of the answers with AI help that were let out: those that a person had approved."),
    ),
    "stopped": (
        gettext_lazy("Steps of the AI that a rule stopped"),
        gettext_lazy("Of everything the AI was about to do: what our rules did not let happen."),
    ),
    "satisfied": (
        gettext_lazy("Answers that customers found right"),
        gettext_lazy("Of those who answered “Was this right?” on a page that they opened: who said yes."),
    ),
    "reopened": (
        gettext_lazy("Requests that came back"),
        gettext_lazy("Requests opened again, for each request that was settled."),
    ),
    "first_reply": (
        gettext_lazy("Time to the first answer"),
        gettext_lazy("Half of the first answers came sooner, half later."),
    ),
    "fairness": (
        gettext_lazy("Waiting time after “Answer me without AI”"),
        gettext_lazy("How long those wait who said no to AI, beside everybody else; 1 is alike."),
    ),
    "requests": (
        gettext_lazy("Data requests answered in time"),
        gettext_lazy(
            "Of the requests to see, correct or delete data that are settled: those before their date."
        ),
    ),
}


def figures() -> list[Figure]:
    """In the reader's language, in the order of LABELS."""
    return [_in_words(one) for one in measured()]


def measured(now: datetime | None = None) -> list[Measured]:
    """As counted, at most five minutes ago. Five queries, or none."""
    key = f"public-figures:{current_organization_id()}"
    kept: list[dict[str, Any]] | None = cache.get(key)
    if kept is None:
        end = now or timezone.now()
        since = end - LOOKS_BACK
        found = {one.key: one for one in (*_of_sheet(since, end), _of_steps(since), _of_requests(since))}
        kept = [asdict(found[one]) for one in LABELS if one in found]
        cache.set(key, kept, KEPT_SECONDS)
    return [Measured(**one) for one in kept]


def _share(key: str, k: int, n: int) -> Measured:
    """A share with its interval; of too few cases none."""
    if n < ENOUGH:
        return Measured(key, "share", n)
    low, high = wilson(min(k, n), n)
    return Measured(key, "share", n, k / n, low, high)


def _of_sheet(since: datetime, now: datetime) -> list[Measured]:
    """Those that the owner's home shows too, over our longer window."""
    found, _before = figures_of_home.measure(since - LOOKS_BACK, since, now)
    units = {key: unit for key, _title, _definition, unit, *_rest in figures_of_home.SHEET}
    return [
        Measured(key, units[key], one.n, one.value, one.low, one.high)
        for key, one in found.items()
        if key in LABELS
    ]


def _of_steps(since: datetime) -> Measured:
    rows = AIDecision.objects.filter(kind="real", created_at__gte=since).exclude(reasons=[])
    counted = rows.aggregate(judged=Count("pk"), stopped=Count("pk", filter=Q(allowed=False)))
    return _share("stopped", counted["stopped"], counted["judged"])


def _of_requests(since: datetime) -> Measured:
    rows = DataRequest.objects.filter(created_at__gte=since).aggregate(
        settled=Count("pk", filter=Q(closed_at__isnull=False)),
        in_time=Count("pk", filter=Q(closed_at__lte=F("due_at"))),
    )
    return _share("requests", rows["in_time"], rows["settled"])


def _in_words(one: Measured) -> Figure:
    label, definition = LABELS[one.key]
    return Figure(
        key=one.key,
        label=str(label),
        definition=str(definition),
        value="" if one.value is None else _said(one.value, one.unit),
        interval=_interval(one),
        n=one.n,
        because=_because(one),
    )


def _said(value: float, unit: str) -> str:
    if unit == "share":
        return f"{100 * value:.0f} %"
    if unit == "seconds" and value < 5_400:
        return _("%(n)s minutes") % {"n": round(value / 60)}
    if unit == "seconds":
        return _("%(n)s hours") % {"n": round(value / 3_600)}
    return f"{value:.2f}"


def _interval(one: Measured) -> str:
    if one.low is None or one.high is None:
        return ""
    return _("95 times of 100 between %(low)s and %(high)s") % {
        "low": _said(one.low, one.unit),
        "high": _said(one.high, one.unit),
    }


def _because(one: Measured) -> str:
    if one.value is not None:
        return ""
    least = ENOUGH_WAITS if one.key == "fairness" else ENOUGH
    return _("not measured, because there were only %(n)s cases in 90 days; it takes %(least)s") % {
        "n": one.n,
        "least": least,
    }
