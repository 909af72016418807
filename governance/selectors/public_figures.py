"""The figures of the trust page: each with what it means, how many cases, its interval, or why it is not measured."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.fairness import ENOUGH, waiting_by_choice
from governance.models import AIDecision, DataRequest, OutcomeFact
from governance.statistics import Z95, wilson
from helpdesk.tenancy.scope import current_organization_id

LOOKS_BACK = timedelta(days=90)
#: A share of fewer cases is not shown: it would say more about chance than about us.
LEAST = 10
#: The figures are counted at most once in this many seconds.
KEPT_SECONDS = 300
#: The newest first answers that are read: bounded, whatever the size of the shop.
MOST_READ = 2_000


@dataclass(frozen=True)
class Measured:
    """One figure as it was counted. `unit`: share, hours, ratio, count. Without value it was not measured."""

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
    "told": (
        gettext_lazy("AI-assisted answers that say so"),
        gettext_lazy("Of the answers with AI help that were let out: those with the line that says so."),
    ),
    "approved": (
        gettext_lazy("AI-assisted answers that a person approved"),
        gettext_lazy("Of the answers with AI help that were let out: those that a person had approved."),
    ),
    "stopped": (
        gettext_lazy("Steps of the AI that a rule stopped"),
        gettext_lazy("Of everything the AI was about to do: what our rules did not let happen."),
    ),
    "right": (
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
    "no_waits": (
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
        since = (now or timezone.now()) - LOOKS_BACK
        kept = [asdict(one) for one in (*_of_steps(since), *_of_customers(since), _of_requests(since))]
        cache.set(key, kept, KEPT_SECONDS)
    return [Measured(**one) for one in kept]


def share(key: str, k: int, n: int) -> Measured:
    """A share with its interval; of too few cases none."""
    if n < LEAST:
        return Measured(key, "share", n)
    low, high = wilson(min(k, n), n)
    return Measured(key, "share", n, k / n, low, high)


def _of_steps(since: datetime) -> list[Measured]:
    sent = Q(action="send", allowed=True) & ~Q(reasons=[])
    told = Q(reasons__contains=[{"code": "G18", "outcome": "passed"}])
    person = Q(reasons__contains=[{"code": "G16", "outcome": "passed"}])
    rows = AIDecision.objects.filter(kind="real", created_at__gte=since).aggregate(
        judged=Count("pk", filter=~Q(reasons=[])),
        stopped=Count("pk", filter=Q(allowed=False) & ~Q(reasons=[])),
        sent=Count("pk", filter=sent),
        told=Count("pk", filter=sent & told),
        approved=Count("pk", filter=sent & person),
    )
    return [
        share("told", rows["told"], rows["sent"]),
        share("approved", rows["approved"], rows["sent"]),
        share("stopped", rows["stopped"], rows["judged"]),
    ]


def _of_customers(since: datetime) -> list[Measured]:
    facts = OutcomeFact.objects.filter(created_at__gte=since)
    rows = facts.aggregate(
        said=Count("pk", filter=Q(event="satisfied")),
        right=Count("pk", filter=Q(event="satisfied", value__gte=0.5)),
        solved=Count("pk", filter=Q(event="solved")),
        again=Count("pk", filter=Q(event="reopened")),
    )
    first = facts.filter(event="first_reply", value__isnull=False).order_by("-created_at")
    seconds = sorted(first.values_list("value", flat=True)[:MOST_READ])
    return [
        share("right", rows["right"], rows["said"]),
        share("reopened", rows["again"], rows["solved"]),
        _median([one / 3_600 for one in seconds if one is not None]),
        _no_waits(),
    ]


def _median(hours: list[float]) -> Measured:
    """The middle one, with the interval that order statistics give (no assumption on how times are spread)."""
    n = len(hours)
    if n < LEAST:
        return Measured("first_reply", "hours", n)
    half = Z95 * sqrt(n) / 2
    low, high = int(n / 2 - half), int(n / 2 + half)
    middle = hours[n // 2] if n % 2 else (hours[n // 2 - 1] + hours[n // 2]) / 2
    return Measured("first_reply", "hours", n, middle, hours[max(0, low)], hours[min(n - 1, high)])


def _no_waits() -> Measured:
    found = waiting_by_choice()
    if not found.enough or not found.other_median:
        return Measured("no_waits", "ratio", found.no_count)
    return Measured("no_waits", "ratio", found.no_count, found.no_median / found.other_median)


def _of_requests(since: datetime) -> Measured:
    rows = DataRequest.objects.filter(created_at__gte=since).aggregate(
        settled=Count("pk", filter=Q(closed_at__isnull=False)),
        in_time=Count("pk", filter=Q(closed_at__lte=F("due_at"))),
    )
    return share("requests", rows["in_time"], rows["settled"])


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
    if unit == "hours":
        return (
            _("%(n)s minutes") % {"n": round(60 * value)}
            if value < 1.5
            else _("%(n)s hours") % {"n": round(value)}
        )
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
    least = ENOUGH if one.key == "no_waits" else LEAST
    return _("not measured, because there were only %(n)s cases in 90 days; it takes %(least)s") % {
        "n": one.n,
        "least": least,
    }
