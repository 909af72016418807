"""Who can prepare replies to those whom an incident concerns: offered by the room that keeps tickets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from helpdesk.people.models import Membership


class Writer(Protocol):
    """Puts `text` into the composer of each ticket for this member, and sends nothing. Returns for how many."""

    def __call__(self, *, ticket_ids: Sequence[int], text: str, member: Membership) -> int: ...


_writers: list[Writer] = []


def offer(writer: Writer) -> None:
    """Called once, in AppConfig.ready."""
    _writers[:] = [writer]


def prepare(*, ticket_ids: Sequence[int], text: str, member: Membership) -> int:
    """For how many tickets a reply waits in the composer now; 0 where nobody keeps tickets."""
    return sum(writer(ticket_ids=ticket_ids, text=text, member=member) for writer in _writers)
