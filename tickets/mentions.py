"""Whom a note names with @: the whole name, or the first name where only one colleague has it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping


def mentioned(text: str, people: Mapping[int, str]) -> list[int]:
    """Ids of the people that the text names, in order of the names' length; quoted lines name nobody.

    An @ inside a word (an address) is none. Where two colleagues share a first name, only whole names count.
    """
    own = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    if "@" not in own:
        return []
    found: list[int] = []
    for name, pk in sorted(_names(people), key=lambda one: -len(one[0])):
        pattern = re.compile(rf"(?<![\w@.])@{_spaced(name)}(?!\w)", re.IGNORECASE)
        own, times = pattern.subn("@", own)  # the longest name takes its place: @Ana Silva is not @Ana
        if times and pk not in found:
            found.append(pk)
    return found


def _names(people: Mapping[int, str]) -> list[tuple[str, int]]:
    first = {pk: name.split()[0] for pk, name in people.items() if name.strip()}
    shared = Counter(name.lower() for name in first.values())
    whole = [(name, pk) for pk, name in people.items() if name.strip()]
    return whole + [(name, pk) for pk, name in first.items() if shared[name.lower()] == 1]


def _spaced(name: str) -> str:
    return r"\s+".join(re.escape(part) for part in name.split())
