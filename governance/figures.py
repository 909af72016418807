"""Classic and ethical figures side by side: each with definition, count and interval, or why it was not measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from governance.statistics import Z95, wilson

#: The window on the home, and the one before that it is compared with.
WINDOW = timedelta(days=30)
#: Fewer rows than this give no figure.
ENOUGH = 10
#: A staff pulse below this many people could point at somebody.
PULSE_ENOUGH = 8

_OUTCOMES = """
SELECT created_at >= %(cut)s, event, count(*), sum(value),
    (array_agg(value ORDER BY created_at DESC) FILTER (WHERE event = 'first_reply' AND value IS NOT NULL))[1:2000],
    (array_agg(value ORDER BY created_at DESC) FILTER (WHERE event = 'first_reply' AND value IS NOT NULL
        AND groups ->> 'said_no_to_ai' = 'true'))[1:2000]
FROM governance_outcomefact WHERE created_at >= %(start)s AND created_at < %(end)s GROUP BY 1, 2
"""
_ANSWERS = """
SELECT side, sum(n)::int, sum(told)::int, sum(person)::int, sum(contested)::int FROM (
    SELECT created_at >= %(cut)s AS side, count(*) AS n,
        count(*) FILTER (WHERE reasons @> '[{"code": "G18", "outcome": "passed"}]') AS told,
        count(*) FILTER (WHERE reasons @> '[{"code": "G16", "outcome": "passed"}]') AS person, 0 AS contested
    FROM governance_aidecision WHERE kind = 'real' AND action = 'send' AND allowed AND reasons <> '[]'
        AND created_at >= %(start)s AND created_at < %(end)s GROUP BY 1
    UNION ALL SELECT created_at >= %(cut)s, 0, 0, 0, count(*) FROM governance_datarequest
    WHERE kind = 'human_review' AND created_at >= %(start)s AND created_at < %(end)s GROUP BY 1) both_kinds
GROUP BY side
"""
_OPINIONS = """
SELECT created_at >= %(cut)s, count(*), avg(score), stddev_samp(score) FROM governance_surveyanswer
WHERE question = 'trust' AND score IS NOT NULL AND created_at >= %(start)s AND created_at < %(end)s GROUP BY 1
"""
_PULSE = """
SELECT p.round, count(*), avg(a.value), stddev_samp(a.value) FROM (
    SELECT id, round, answers FROM governance_pulseanswer
    WHERE round = (SELECT max(round) FROM governance_pulseanswer WHERE round <= %(round)s)) p
CROSS JOIN LATERAL (SELECT avg(one.value::float) AS value FROM jsonb_each_text(p.answers) one
    WHERE one.value ~ '^[1-5]$') a WHERE a.value IS NOT NULL GROUP BY 1
"""


@dataclass(frozen=True)
class Measured:
    """A value with its count and 95 % interval; without a value, why."""

    value: float | None = None
    n: int = 0
    low: float | None = None
    high: float | None = None
    because: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure of the sheet: now and in the window before."""

    key: str
    title: Any
    definition: Any
    unit: str  # seconds, share, score, ratio
    is_classic: bool
    now: Measured
    before: Measured
    more_is_better: bool = True

    @property
    def change(self) -> float | None:
        """How much better (positive) or worse it became, as a share of the value before; None if not comparable."""
        if self.now.value is None or not self.before.value:
            return None
        moved = (self.now.value - self.before.value) / self.before.value
        return moved if self.more_is_better else -moved

    @property
    def said(self) -> str:
        """The value in words."""
        return in_words(self.now.value, self.unit) if self.now.value is not None else ""

    @property
    def said_before(self) -> str:
        """The value of the window before."""
        return in_words(self.before.value, self.unit) if self.before.value is not None else ""

    @property
    def interval(self) -> str:
        """The 95 % interval in words."""
        if self.now.low is None or self.now.high is None:
            return ""
        ends = {"low": in_words(self.now.low, self.unit), "high": in_words(self.now.high, self.unit)}
        return _("%(low)s to %(high)s") % ends


# key, title, definition, unit, classic, more is better
SHEET: tuple[tuple[str, Any, Any, str, bool, bool], ...] = (
    (
        "first_reply",
        _l("Time to the first answer"),
        _l("Median from a request's arrival to a person's first answer."),
        "seconds",
        True,
        False,
    ),
    (
        "solved",
        _l("Solved"),
        _l("Requests solved, out of those opened in the same days."),
        "share",
        True,
        True,
    ),
    (
        "reopened",
        _l("Opened again"),
        _l("Requests that came back, out of those solved in the same days."),
        "share",
        True,
        False,
    ),
    ("trust", _l("Trust"), _l("Mean of customers' answers about trust, 1 to 5."), "score", False, True),
    (
        "satisfied",
        _l("“Was this right?”"),
        _l("Share of customers who said that the answer was right."),
        "share",
        False,
        True,
    ),
    (
        "fairness",
        _l("Wait after a no to AI"),
        _l("Median wait of customers who said no to AI, against everybody's: 1 is the same."),
        "ratio",
        False,
        False,
    ),
    (
        "transparency",
        _l("Told about AI"),
        _l("Answers with AI help that carried the line, out of all of them."),
        "share",
        False,
        True,
    ),
    (
        "person",
        _l("Approved by a person"),
        _l("Answers with AI help that a person approved, out of all of them."),
        "share",
        False,
        True,
    ),
    (
        "contested",
        _l("“Ask a person to look again”"),
        _l("Such wishes, out of the answers with AI help of the same days."),
        "share",
        False,
        False,
    ),
    (
        "staff",
        _l("The team's mood"),
        _l("Mean of the newest staff pulse, 1 to 5; shown from eight people on."),
        "score",
        False,
        True,
    ),
)
SPEED = ("first_reply",)
TRUST = ("trust", "satisfied", "reopened", "contested")


def sheet(now: datetime | None = None) -> list[Figure]:
    """The figures of the last 30 days and the 30 before. Four queries."""
    end = now or timezone.now()
    cut = end - WINDOW
    new, old = measure(cut - WINDOW, cut, end)
    return [
        Figure(key, title, definition, unit, classic, new[key], old[key], better)
        for key, title, definition, unit, classic, better in SHEET
    ]


def divergence(found: list[Figure]) -> str:
    """The sentence for an owner when speed became better while trust became worse; empty where it did not."""
    faster = [one for one in found if one.key in SPEED and _moved(one, 0.1)]
    worse = [one for one in found if one.key in TRUST and _moved(one, -0.05)]
    if not faster or not worse:
        return ""
    values = {
        "fast": str(faster[0].title).lower(),
        "from": faster[0].said_before,
        "to": faster[0].said,
        "trust": str(worse[0].title),
        "was": worse[0].said_before,
        "is": worse[0].said,
    }
    return (
        _(
            "Answers became faster (%(fast)s: %(from)s, now %(to)s) while trust became worse "
            "(%(trust)s: %(was)s, now %(is)s). Look at what became too quick."
        )
        % values
    )


def comparable(found: list[Figure]) -> bool:
    """Whether speed and at least one figure of trust have enough rows in both windows."""
    known = {one.key for one in found if one.change is not None}
    return bool(known & set(SPEED)) and bool(known & set(TRUST))


def _moved(one: Figure, by: float) -> bool:
    """Better by at least `by` (worse, where it is negative)."""
    change = one.change
    return change is not None and (change >= by if by > 0 else change <= by)


def measure(start: datetime, cut: datetime, end: datetime) -> tuple[dict[str, Measured], dict[str, Measured]]:
    """Every figure after and before the cut."""
    values = {"start": start, "cut": cut, "end": end, "round": _round(end.date())}
    outcomes, answers = _rows(_OUTCOMES, values), _rows(_ANSWERS, values)
    opinions, pulse = _rows(_OPINIONS, values), _rows(_PULSE, values)
    return tuple(  # type: ignore[return-value]
        {
            **_of_outcomes([row[1:] for row in outcomes if row[0] is side]),
            **_of_answers([row[1:] for row in answers if row[0] is side]),
            "trust": _mean(
                [row[1:] for row in opinions if row[0] is side],
                ENOUGH,
                _("%(n)s customers said something about trust; we show it from %(enough)s on."),
            ),
            "staff": _mean(
                [row[1:] for row in pulse] if side else [],
                PULSE_ENOUGH,
                _("%(n)s people answered the staff pulse; we show it from %(enough)s on."),
            ),
        }
        for side in (True, False)
    )


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _of_outcomes(rows: list[tuple[Any, ...]]) -> dict[str, Measured]:
    count = {event: n for event, n, *_rest in rows}
    total = {event: float(summed or 0) for event, _n, summed, *_rest in rows}
    waits = next((row for row in rows if row[0] == "first_reply"), ("", 0, 0, None, None))
    every, without = waits[3] or [], waits[4] or []
    return {
        "first_reply": _median(every, _("%(n)s first answers in these days; we show it from %(enough)s on.")),
        "solved": _share(
            count.get("solved", 0),
            count.get("opened", 0),
            _("%(n)s requests were opened; we show it from %(enough)s on."),
        ),
        "reopened": _share(
            count.get("reopened", 0),
            count.get("solved", 0),
            _("%(n)s requests were solved; we show it from %(enough)s on."),
        ),
        "satisfied": _share(
            round(total.get("satisfied", 0)),
            count.get("satisfied", 0),
            _("%(n)s customers said whether an answer was right; we show it from %(enough)s on."),
        ),
        "fairness": _ratio(without, every),
    }


def _of_answers(rows: list[tuple[Any, ...]]) -> dict[str, Measured]:
    sent, told, person, contested = rows[0] if rows else (0, 0, 0, 0)
    why = _("%(n)s answers with AI help left; we show it from %(enough)s on.")
    return {
        "transparency": _share(told, sent, why, enough=1),
        "person": _share(person, sent, why, enough=1),
        "contested": _share(min(contested, sent), sent, why),
    }


def _none(n: int, enough: int, why: str) -> Measured:
    return Measured(n=n, because=why % {"n": n, "enough": enough})


def _share(part: int, n: int, why: str, enough: int = ENOUGH) -> Measured:
    """A share with Wilson's interval."""
    if n < enough:
        return _none(n, enough, why)
    return Measured(min(part / n, 1.0), n, *wilson(min(part, n), n))


def _median(values: list[float], why: str) -> Measured:
    """The median with the interval that its order statistics give."""
    n = len(values)
    if n < ENOUGH:
        return _none(n, ENOUGH, why)
    ordered, around = sorted(values), Z95 * sqrt(n) / 2
    low, high = max(0, int(n / 2 - around)), min(n - 1, int(n / 2 + around))
    return Measured(_middle(ordered), n, ordered[low], ordered[high])


def _middle(ordered: list[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _ratio(without: list[float], every: list[float]) -> Measured:
    n = len(without)
    why = _("%(n)s customers who said no to AI were answered; we show it from %(enough)s on.")
    if n < ENOUGH or not every or not _middle(sorted(every)):
        return _none(n, ENOUGH, why)
    whole, own = _middle(sorted(every)), _median(without, why)
    return Measured((own.value or 0) / whole, n, (own.low or 0) / whole, (own.high or 0) / whole)


def _mean(rows: list[tuple[Any, ...]], enough: int, why: str) -> Measured:
    """Rows of count, mean, deviation; with the interval of a mean."""
    n, mean, spread = rows[0] if rows else (0, None, None)
    if n < enough or mean is None:
        return _none(n, enough, why)
    around = Z95 * float(spread or 0) / sqrt(n)
    return Measured(float(mean), n, max(1.0, float(mean) - around), min(5.0, float(mean) + around))


def in_words(value: float, unit: str) -> str:
    """A value as an owner reads it."""
    if unit == "share":
        return _("%(n)s %%") % {"n": f"{value * 100:.0f}"}
    if unit != "seconds":
        return f"{value:.1f}"
    if value < 5_400:
        return _("%(n)s minutes") % {"n": max(1, round(value / 60))}
    return _("%(n)s hours") % {"n": f"{value / 3_600:.1f}".removesuffix(".0")}


def _round(day: date) -> str:
    """The quarter's name, as the staff pulse names its rounds."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
