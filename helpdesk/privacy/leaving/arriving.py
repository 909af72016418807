"""How rows come in on another installation: what rooms change in a row before, and do after, so that guards hold."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpdesk.privacy.leaving.reading import Reading

Values = dict[str, Any]
_adapt: dict[str, Callable[[Values, Reading], Values]] = {}
_after: dict[str, Callable[[Sequence[Any], Reading], None]] = {}
_at_end: list[Callable[[Reading], None]] = []


class LeaveOutError(Exception):
    """A row that cannot come in; the text says why."""


def adapt(label: str, change: Callable[[Values, Reading], Values]) -> None:
    """A room changes a row's values (as they stand in the file) before it is stored; LeaveOutError leaves it out."""
    _adapt[label.lower()] = change


def after(label: str, do: Callable[[Sequence[Any], Reading], None]) -> None:
    """A room does something right after rows of a table were stored, in the same transaction."""
    _after[label.lower()] = do


def at_end(do: Callable[[Reading], None]) -> None:
    """A room finishes once all rows are there, in the same transaction."""
    _at_end.append(do)


def adapted(label: str, values: Values, reading: Reading) -> Values:
    """The values as the room wants them stored."""
    return _adapt[label](values, reading) if label in _adapt else values


def tell_after(label: str, rows: Sequence[Any], reading: Reading) -> None:
    """Let the room do what follows on these rows."""
    if label in _after:
        _after[label](rows, reading)


def finish(reading: Reading) -> None:
    """Let the rooms finish."""
    for do in _at_end:
        do(reading)


class Keys:
    """Old key to new key of one table: sixteen bytes a row. The new ones are reserved before any row is stored, so
    that a row can name another that comes later."""

    def __init__(self, old: array[int], new: array[int]) -> None:
        order = sorted(range(len(old)), key=old.__getitem__) if list(old) != sorted(old) else range(len(old))
        self._old = array("q", (old[place] for place in order))
        self._new = array("q", (new[place] for place in order))
        self._dropped: set[int] = set()

    def get(self, old: Any) -> int | None:
        """The new key; None for a row that is not in the file or was left out."""
        place = bisect_left(self._old, old) if isinstance(old, int) else len(self._old)
        if place == len(self._old) or self._old[place] != old or old in self._dropped:
            return None
        return self._new[place]

    def drop(self, old: int) -> None:
        """The row was left out."""
        self._dropped.add(old)
