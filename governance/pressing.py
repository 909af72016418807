"""What presses a customer in an answer: words that the law knows, and what rooms above recognise."""

from __future__ import annotations

from collections.abc import Callable

from governance.core.pressure import pressure

#: Given an answer and what the customer wrote, the kinds of pressure in the answer.
Reader = Callable[[str, str], frozenset[str]]
_readers: list[Reader] = []


def register_reader(reader: Reader) -> None:
    """Called once, in AppConfig.ready. A reader asks nobody outside and only ever adds to what is found."""
    if reader not in _readers:
        _readers.append(reader)


def pressing(text: str, asked: str = "") -> frozenset[str]:
    """The kinds of pressure in `text`, read as an answer to `asked`; empty when none is found."""
    return pressure(text, asked).union(*(reader(text, asked) for reader in _readers))
