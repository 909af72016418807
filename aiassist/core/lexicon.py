"""What is known of a word: is it a first name, a surname, a place, an everyday word? Loaded at first use."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

from aiassist.core.people import fold

FIRST, LAST, RARE_LAST, PLACE, STREET, EVERYDAY, KNOWN, FOREIGN = (1 << bit for bit in range(8))
#: A word with one of these may be part of somebody's name or address.
NAME = FIRST | LAST | RARE_LAST

PATH = Path(__file__).parent / "data" / "words.txt.gz"


@cache
def words() -> dict[str, int]:
    """Folded words and what they are, about 150,000. The file says a number on a line, then the words that have it."""
    found: dict[str, int] = {}
    with gzip.open(PATH, "rt", encoding="utf-8") as lines:
        for line in lines:
            flags, _, listed = line.partition(" ")
            found.update(dict.fromkeys(listed.split(), int(flags)))
    return found


def flags_of(word: str) -> int:
    """What is known of a word, however it is written; 0 for a word never seen."""
    known = words()
    found = known.get(word.lower())
    if found is None and not word.isascii():
        found = known.get(fold(word))
    return found or 0
