"""Look for what must not be in a draft that came back: other people's data, made-up stand-ins, our prompt's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from aiassist.core import help_words
from aiassist.core.disguise import blobs, readings, unpacked
from aiassist.core.names import find_names
from aiassist.core.patterns import find_structured, normal
from aiassist.core.people import fold
from aiassist.core.prompts import WORDINGS
from aiassist.core.redact import unresolved
from aiassist.core.text import words

#: Kinds of which a value that nobody gave us is somebody else's. A link or a date may be common knowledge.
IDENTIFYING = frozenset({"EMAIL", "PHONE", "IBAN", "CARD", "ID", "PASSWORD", "IP"})
#: So many words of our instructions in a row are no accident: the instructions are their own mark.
PROMPT_WORDS = 6


@dataclass(frozen=True, slots=True)
class Leak:
    """What was found, by its kind only: the value itself is never kept, shown or logged."""

    kind: str  # an identifier's kind, "STAND_IN", "PROMPT", "ENCODED" or "PERSON"


def scan(answer: str, *, given: Iterable[str], mapping: Mapping[str, str]) -> tuple[Leak, ...]:
    """What of `answer` is neither in the texts that were `given` to the service nor a stand-in of `mapping`.

    `answer` is as it came, before stand-ins are turned back. `given` are the masked message, the sources and the
    organization's own addresses. What is reversed, spaced out or encoded is read too, and an encoded text that nobody
    gave is a leak whatever it says.
    """
    material = "\n".join(given)
    found = [Leak("STAND_IN") for name in unresolved(answer, mapping) if name not in material]
    found += [Leak(kind) for kind in _foreign(answer, material)]
    hidden = {kind for packed in unpacked(answer) for kind in _foreign(packed, material)}
    found += [Leak(kind) for kind in sorted(hidden - {one.kind for one in found})]
    found += [Leak("PROMPT")] * repeats_prompt(answer)
    found += [Leak("ENCODED")] * any(blob not in material for blob in blobs(answer))
    return tuple(found)


def new_names(answer: str, *, given: Iterable[str]) -> tuple[str, ...]:
    """Names of two words or more in `answer` that were not given: the caller asks whether they are other customers'.

    A word too many may stand at either end, so parts of a longer name are in it too.
    """
    known = fold("\n".join(given))
    found = [answer[one.start : one.end].split() for one in find_names(answer) if one.kind == "PERSON"]
    parts = [
        " ".join(name[start:end])
        for name in found
        for start in range(len(name))
        for end in range(len(name), start + 1, -1)
    ]
    return tuple(dict.fromkeys(part for part in parts if fold(part) not in known))


def _foreign(answer: str, material: str) -> list[str]:
    known = {(one.kind, normal(one.kind, material[one.start : one.end])) for one in find_structured(material)}
    compact = re.sub(r"[\W_]", "", material).casefold()
    kinds = []
    for one in find_structured(answer):
        value = answer[one.start : one.end]
        # Sources may write a number in another way, or in the middle of a link.
        given = (one.kind, normal(one.kind, value)) in known or re.sub(
            r"[\W_]", "", value
        ).casefold() in compact
        if one.kind in IDENTIFYING and not given:
            kinds.append(one.kind)
    return kinds


def repeats_prompt(answer: str) -> bool:
    """Whether a piece of our instructions stands in the answer, however it is written."""
    return any(not _pieces(words(one)).isdisjoint(_prompt_pieces()) for one in readings(answer))


def _pieces(said: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(said[start : start + PROMPT_WORDS]) for start in range(len(said) - PROMPT_WORDS + 1)}


@cache
def _prompt_pieces() -> frozenset[tuple[str, ...]]:
    return frozenset(
        frozenset[tuple[str, ...]]().union(*(_pieces(words(one.system)) for one in WORDINGS.values()))
        | _pieces(words(help_words.SYSTEM))
    )
