"""The 63 demands of the specification: each a number with a check that reads live rows or runs a guard."""

from __future__ import annotations

from datetime import datetime

from governance.demands import data, fairness_checks, outside, people_checks, ruling, serving
from governance.demands.base import Demand, Standing, State, also, ask, demands
from governance.demands.book import Book

__all__ = ["Demand", "Standing", "State", "also", "demands", "standing", "standing_of"]

#: Importing a chapter registers its checks.
CHAPTERS = (serving, data, fairness_checks, ruling, people_checks, outside)


def standing(now: datetime | None = None) -> list[Standing]:
    """Every demand as it stands in this organization, by number. A constant number of queries."""
    book = Book(now)
    return [ask(one, book) for one in demands()]


def standing_of(number: int, now: datetime | None = None) -> Standing:
    """One demand. KeyError where there is none of that number."""
    return ask({one.number: one for one in demands()}[number], Book(now))
