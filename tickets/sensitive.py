"""Which topics that only people answer a conversation touches; the room above brings the reader, and it runs here."""

from __future__ import annotations

from collections.abc import Callable

from tickets.models import Ticket

Reader = Callable[[Ticket], frozenset[str]]
_readers: list[Reader] = []


def register_reader(reader: Reader) -> None:
    """Called once, in AppConfig.ready. A reader asks nobody outside and changes nothing."""
    if reader not in _readers:
        _readers.append(reader)


def topics_in(ticket: Ticket) -> frozenset[str]:
    """What the newest messages of the customer are about, read afresh: the last one may have come after the draft."""
    return frozenset().union(*(reader(ticket) for reader in _readers))
