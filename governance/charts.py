"""Bars of a week as numbers that a template draws; the same numbers stand in the table beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format

#: In the picture's own units.
HEIGHT, TOP, DAY, BAR, GAP = 120, 12, 96, 22, 4


@dataclass(frozen=True)
class Bar:
    """One bar, from the bottom up; `value` stands above it."""

    kind: str
    x: int
    y: float
    height: float
    value: int

    @property
    def middle(self) -> float:
        """Where its number stands."""
        return self.x + BAR / 2

    @property
    def above(self) -> float:
        """The number's base line."""
        return self.y - 3


@dataclass(frozen=True)
class Chart:
    """Groups of bars, one for each day. Empty where there is nothing to draw."""

    bars: tuple[Bar, ...]
    labels: tuple[tuple[float, str], ...]
    width: int
    height: int = HEIGHT + TOP + 22
    base: int = HEIGHT + TOP
    bar_width: int = BAR

    @property
    def text_y(self) -> int:
        """The base line of the days' names."""
        return self.base + 16


def week(days: list[dict[str, Any]], kinds: tuple[str, ...] = ("drafts", "sent", "stops")) -> Chart | None:
    """The bars of these days; None where every number is zero."""
    highest = max((one[kind] for one in days for kind in kinds), default=0)
    if not highest:
        return None
    bars, labels = [], []
    for place, one in enumerate(days):
        left = place * DAY + GAP
        for step, kind in enumerate(kinds):
            tall = HEIGHT * one[kind] / highest
            bars.append(Bar(kind, left + step * (BAR + GAP), HEIGHT + TOP - tall, tall, one[kind]))
        middle = left + (len(kinds) * (BAR + GAP) - GAP) / 2
        labels.append((middle, _name(one["day"])))
    return Chart(tuple(bars), tuple(labels), DAY * len(days))


def _name(day: date) -> str:
    return date_format(day, "D j")
