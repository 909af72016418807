"""What a decision or record was about, for whoever looks: rooms register their kinds, nobody imports upwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from helpdesk.people.models import Membership


@dataclass(frozen=True)
class Subject:
    """One thing as a page names it: a label without anybody's words or name, and its address."""

    label: str
    url: str


Finder = Callable[[Membership, Iterable[int]], Mapping[int, Subject]]
Lookup = Callable[[Membership, str], int | None]
_finders: dict[str, Finder] = {}
_lookups: dict[str, Lookup] = {}


def register(kind: str, finder: Finder, lookup: Lookup | None = None) -> None:
    """Say how things of this kind are found; called in `AppConfig.ready`. The finder leaves out what the member may
    not see, and costs one query whatever their number; `lookup` gives the id of what a person typed. Registering twice
    is no error."""
    _finders[kind] = finder
    if lookup is not None:
        _lookups[kind] = lookup


def find(member: Membership, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Subject]:
    """Of these (kind, id) what the member may see. One query a kind."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for kind, number in wanted:
        by_kind[kind].add(number)
    return {
        (kind, number): subject
        for kind, numbers in by_kind.items()
        if kind in _finders
        for number, subject in _finders[kind](member, numbers).items()
    }


def lookup(member: Membership, kind: str, typed: str) -> int | None:
    """The id of the thing that a person names so, if they may see it."""
    return _lookups[kind](member, typed) if kind in _lookups else None
