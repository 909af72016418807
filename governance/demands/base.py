"""What a demand is: a number, what is looked at, where it shows, and a check that reads live rows or runs a guard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from governance.demands.book import Book

Part = Callable[["Book"], Iterator["Evidence"]]


class State(StrEnum):
    """How a demand stands. Having no rows to judge is never called working where rows are what proves it."""

    WORKING = "working"
    WAITING = "waiting"
    LITTLE = "too_little_data"
    FAILING = "failing"


#: The worst part of a demand says how the demand stands.
_ORDER = (State.FAILING, State.WAITING, State.LITTLE, State.WORKING)
STATE_WORDS = {
    State.WORKING: gettext_lazy("working"),
    State.WAITING: gettext_lazy("waiting for you"),
    State.LITTLE: gettext_lazy("too little data"),
    State.FAILING: gettext_lazy("failing"),
}
STATE_TONES = {State.WORKING: "good", State.WAITING: "warn", State.LITTLE: "", State.FAILING: "bad"}


@dataclass(frozen=True)
class Evidence:
    """One thing that was looked at, and what was found, in a sentence without names."""

    state: State
    said: str


@dataclass(frozen=True)
class Demand:
    """One demand of the specification. `screen` is the name of the address where an owner sees it."""

    number: int
    title: Any
    looks_at: Any
    screen: str
    part: Part


@dataclass(frozen=True)
class Standing:
    """How one demand stands now. `said`: each part's sentence, the worst first; `first`: the worst alone."""

    demand: Demand
    state: State
    said: str
    on: datetime
    first: str = ""

    @property
    def number(self) -> int:
        """Of the demand."""
        return self.demand.number

    @property
    def word(self) -> Any:
        """The state as a word."""
        return STATE_WORDS[self.state]

    @property
    def tone(self) -> str:
        """The state as a colour's role."""
        return STATE_TONES[self.state]

    def to_dict(self) -> dict[str, Any]:
        """As `ethics_status --json` prints it."""
        return {
            "number": self.number,
            "title": str(self.demand.title),
            "state": self.state.value,
            "check": str(self.demand.looks_at),
            "evidence": f"{self.on:%Y-%m-%d}: {self.said}",
            "screen": self.demand.screen,
        }


_demands: dict[int, Demand] = {}
_more: dict[int, list[Part]] = {}


def demand(number: int, title: Any, looks_at: Any, screen: str) -> Callable[[Part], Part]:
    """Register the check of a demand: a generator of evidence. Each number once."""

    def register(part: Part) -> Part:
        known = _demands.get(number)
        if known is not None and known.part.__qualname__ != part.__qualname__:
            raise ValueError(number)
        _demands[number] = Demand(number, title, looks_at, screen, part)
        return part

    return register


def also(number: int) -> Callable[[Part], Part]:
    """A room above adds what only it can look at (from `AppConfig.ready`); adding it twice is once."""

    def register(part: Part) -> Part:
        parts = _more.setdefault(number, [])
        if part not in parts:
            parts.append(part)
        return part

    return register


def demands() -> list[Demand]:
    """Every demand, by number."""
    return [_demands[number] for number in sorted(_demands)]


def ask(one: Demand, book: Book) -> Standing:
    """Run a demand's check. A check that breaks is a failing one, never a silent one."""
    found: list[Evidence] = []
    for part in (one.part, *_more.get(one.number, ())):
        try:
            with transaction.atomic():
                found.extend(part(book))
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody can say that all is well
            found.append(
                failing(_("The check could not be run (%(what)s).") % {"what": type(error).__name__})
            )
    found = found or [little(_("Nothing was looked at."))]
    found.sort(key=lambda each: _ORDER.index(each.state))
    said = " ".join(dict.fromkeys(each.said for each in found))
    return Standing(one, found[0].state, said, book.now, found[0].said)


def working(said: str) -> Evidence:
    """It was looked at and is as it should be."""
    return Evidence(State.WORKING, said)


def waiting(said: str) -> Evidence:
    """Somebody has to do something."""
    return Evidence(State.WAITING, said)


def little(said: str) -> Evidence:
    """Too few rows to tell, or not measured: says why."""
    return Evidence(State.LITTLE, said)


def failing(said: str) -> Evidence:
    """It was looked at and is not as it should be."""
    return Evidence(State.FAILING, said)


def none_of(bad: int, of: int, *, failed: str, none_yet: str, good: str) -> Evidence:
    """Rows that must not exist, out of those that were read; sentences take %(bad)s and %(n)s."""
    values = {"bad": bad, "n": of}
    if bad:
        return failing(failed % values)
    return working(good % values) if of else little(none_yet % values)
