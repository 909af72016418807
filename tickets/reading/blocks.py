"""What every reader makes of its format: headings, questions, paragraphs and list items in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "question", "text", "item"]

#: More than this is no FAQ; what is longer is refused, never cut in silence.
MOST_LETTERS = 600_000


class Unreadable(Exception):
    """The input has no text for us. `code` is a key of `tickets.services.import_words`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document. `level` of a heading: 1 is the largest."""

    kind: Kind
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that was read; `title` is what the document calls itself, or empty."""

    blocks: tuple[Block, ...]
    title: str = ""


_SPACES = re.compile(r"[ \t\xa0\u200b\u00ad\ufeff]+")


def tidy(text: str) -> str:
    """Runs of spaces as one, no soft hyphens, lines kept."""
    return "\n".join(
        _SPACES.sub(" ", line).strip() for line in text.replace("\u00ad", "").splitlines()
    ).strip()


def one_line(text: str) -> str:
    """The text on a single line."""
    return " ".join(tidy(text).split())


def word_set(text: str) -> frozenset[str]:
    """The words of a text that is a list of words."""
    return frozenset(text.split())


def enough(blocks: list[Block]) -> int:
    """How many letters there are."""
    return sum(len(block.text) for block in blocks)
