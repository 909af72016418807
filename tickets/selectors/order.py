"""The orders of a list and the places in it: newest change first, or what is due first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple


class Order(NamedTuple):
    """One stretch of a list, read along one index: a column, the way through it, and which tickets it holds."""

    key: str  # how a cursor of this stretch begins
    column: str
    down: bool
    only: str = ""

    @property
    def way(self) -> str:
        """ASC or DESC."""
        return "DESC" if self.down else "ASC"

    def keyset(self, after: str) -> str:
        """The condition for what comes after a cursor; nothing for the first page."""
        return f" AND (t.{self.column}, t.id) {'<' if self.down else '>'} (%s, %s)" if after else ""

    def turned(self) -> Order:
        """The same stretch from its end."""
        return self._replace(down=not self.down)


NEWEST = Order("", "updated_at", down=True)
_DUE = Order("due_", "due_at", down=False, only=" AND t.due_at IS NOT NULL")
_NOT_DUE = Order("", "updated_at", down=True, only=" AND t.due_at IS NULL")
#: What "sort" in the address may say, and the stretches that follow each other then.
SORTS: dict[str, tuple[Order, ...]] = {"": (NEWEST,), "due": (_DUE, _NOT_DUE)}


def stretches(sort: str, after: str = "") -> list[tuple[Order, str]]:
    """The stretches that are left from this cursor on, the first with its place in it. Raises ValueError."""
    orders = SORTS.get(sort, (NEWEST,))
    if not after:
        return [(one, "") for one in orders]
    at = next(
        place for place, one in enumerate(orders) if after.startswith(one.key) and (one.key or _plain(after))
    )
    start = after.removeprefix(orders[at].key)
    place(start)
    return [(orders[at], start), *((one, "") for one in orders[at + 1 :])]


def _plain(after: str) -> bool:
    if after.startswith(_DUE.key):
        raise ValueError(after)
    return True


def place(after: str) -> tuple[datetime, int]:
    """A cursor's moment and id. Raises ValueError."""
    moment, _separator, pk = after.rpartition("_")
    return datetime.fromisoformat(moment), int(pk)


def cursor(sort: str, updated_at: datetime, due_at: datetime | None, pk: Any) -> str:
    """Where the page after this ticket begins."""
    if sort == "due" and due_at is not None:
        return f"{_DUE.key}{due_at.isoformat()}_{pk}"
    return f"{updated_at.isoformat()}_{pk}"
