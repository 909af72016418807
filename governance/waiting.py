"""Do customers who said no to AI wait longer? Measured on outcome facts, judged by the one rule (governance.md 4.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from governance import statistics
from governance.statistics import Cell, Rule

#: The newest first replies that are read; bounded, whatever the size of the shop.
MOST = 5_000
#: A wait is fine up to the middle one of those who did not say no: half of them have it by definition.
_ROWS = """
SELECT COALESCE((groups ->> 'said_no_to_ai')::boolean, false), value, created_at::date
FROM governance_outcomefact WHERE event = 'first_reply' AND value IS NOT NULL ORDER BY created_at DESC LIMIT %s
"""


@dataclass(frozen=True)
class Found:
    """What was measured."""

    verdict: str
    size: int
    method: str
    first: date | None = None
    last: date | None = None
    figures: dict[str, Any] = field(default_factory=dict)


def measure(rule: Rule) -> Found:
    """One query. Answered as quickly as three of four of the others: that is the outcome that is good for them."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [MOST])
        rows = cursor.fetchall()
    no = [float(value) for said_no, value, _day in rows if said_no]
    other = [float(value) for said_no, value, _day in rows if not said_no]
    days = [day for _said_no, _value, day in rows]
    found = judge(no, other, rule)
    return Found(
        verdict=found["verdict"],
        size=len(rows),
        method=_(
            "First replies of the newest tickets. In time: as quick as three of four answers to those who did not "
            "say no. The share in time is compared between the two groups, ratio exact, 95 % intervals, and all "
            "waiting times by rank (Mann-Whitney)."
        ),
        first=min(days, default=None),
        last=max(days, default=None),
        figures=found,
    )


def judge(no: list[float], other: list[float], rule: Rule) -> dict[str, Any]:
    """The verdict on two lists of seconds, with every number behind it."""
    if not no or not other:
        return {"verdict": "insufficient", "groups": [], "needed": rule.least, "what": "in_time"}
    limit = sorted(other)[max(0, -(-3 * len(other) // 4) - 1)]
    cells = [
        Cell("said no to AI", sum(one <= limit for one in no), len(no)),
        Cell("all others", sum(one <= limit for one in other), len(other)),
    ]
    slower = cells[0].rate < cells[1].rate
    said = statistics.verdict(cells, rule)
    if said in {"fail", "watch"} and not slower:
        said = "pass"  # those who said no are served quicker: nobody is put off by that
    share = min(len(no), len(other)) / (len(no) + len(other))
    return {
        "verdict": said,
        "what": "in_time",
        "limit_seconds": limit,
        "groups": statistics.plain(cells),
        "median_seconds": {"said no to AI": _median(no), "all others": _median(other)},
        "p_rank": round(_rank(no, other), 5),
        "needed": statistics.needed(float(cells[1].rate), share=share),
    }


def _median(values: list[float]) -> float:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _rank(no: list[float], other: list[float]) -> float:
    from scipy import stats

    return float(stats.mannwhitneyu(no, other, alternative="two-sided").pvalue)
