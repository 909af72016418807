"""Whether what somebody calls themselves can stand in a greeting that the business signs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aiassist.core.commitments import commitments
from aiassist.core.orders import orders_an_ai
from aiassist.core.redact import restore
from aiassist.core.text import STOP_WORDS, word_set, words
from governance.core.pressure import pressure

_MOST_WORDS, _MOST_LETTERS = 5, 60
_NAME = re.compile(r"[^\W\d_][\w.'’&-]*(?:,? (?:& )?[^\W\d_][\w.'’&-]*)*\.?")
_ADDRESS = re.compile(r"\w\.\w{2,}|@|//|www", re.IGNORECASE)


def greetable(name: str) -> bool:
    """Whether it is a name and no message: a few words of letters, no promise, no link, no order, no pressure."""
    plain = name.strip()
    said = words(plain)
    if not said or len(said) > _MOST_WORDS or len(plain) > _MOST_LETTERS or not _NAME.fullmatch(plain):
        return False
    if _ADDRESS.search(plain) or commitments(plain) or pressure(plain) or orders_an_ai(plain):
        return False
    return sum(one in _SAYS for one in said) < 2


#: Particles stand in names; the other small words make sentences.
_PARTICLES = word_set(
    "van von der den de del della di da dos la le el al bin ibn ben y e o i zu zum zur du des st mac"
)
_SAYS = STOP_WORDS - _PARTICLES


def put_back(text: str, mapping: Mapping[str, str]) -> str:
    """The text with what its stand-ins stand for; a name that is a message is left out, with the space before it."""
    return (
        _GAP.sub(r"\1", restore(text, safe(mapping)).strip())
        if _PERSON.search(text)
        else restore(text, mapping)
    )


_PERSON = re.compile(r"\[PERSON_", re.IGNORECASE)
_GAP = re.compile(r"[ ]+([,:!.](?:\s|$))")


def safe(mapping: Mapping[str, str]) -> dict[str, str]:
    """The stand-ins and what they stand for, without names that are messages: those come back as nothing."""
    return {
        stand_in: "" if stand_in.startswith("[PERSON_") and not greetable(value) else value
        for stand_in, value in mapping.items()
    }
