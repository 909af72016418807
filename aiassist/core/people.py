"""Find the people that a ticket knows (customer, copied persons) in a text, however their names are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from aiassist.core.patterns import Found
from aiassist.core.text import word_set

#: Parts of names that are also everyday words: alone and in small letters, or first in a sentence, they are words.
_EVERYDAY = word_set(
    "will may mark bill grace hope joy april june july august rose faith art bob can case chase chance christian"
    " dawn dean drew earnest eve frank gene grant guy heather holly iris ivy jack jean josh lane lily long max miles"
    " nick pat penny pierce rich rob rusty sage sandy sky skip star sue summer trace victor wade ward young green"
    " brown black white gray grey baker cook carter smith king price small best day field hall hill lake little love"
    " mason moon park read short stone street sun wood woods west east north south ford bush bell fox wolf lamb fish"
    " gross klein jung lang kurz frei koch weber bauer kaiser herr sommer winter stark ernst rot schwarz weiss braun"
    " petit grand blanc noir rose clair claire juste marin paz mar sol luz cruz flores campo rey delgado moreno blanco"
    " rubio bueno luna an in do so la le de du da van von der den ten op del las los san the and order card"
)
_TITLES = (
    r"(?:mr|mrs|ms|miss|mx|dr|prof|herr|frau|hr|fr|m|mme|mlle|sr|sra|srta|señor|señora|monsieur|madame)\.?"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?\n]\s*|[\"“„«(]\s*)$")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person of the ticket. `addresses`: anything else that is theirs, e-mail or postal, as written."""

    name: str = field(repr=False)
    addresses: tuple[str, ...] = field(default=(), repr=False)


def is_title(word: str) -> bool:
    """Whether the word says how somebody is addressed (Mr, Frau, Mme) and is no name."""
    return re.fullmatch(_TITLES, word, re.IGNORECASE) is not None


def find_people(text: str, known: Sequence[KnownPerson]) -> Iterator[Found]:
    """Yield the places of `known` people: whole names first, then addresses, then single parts of names."""
    folded = fold(text)
    for person in known:
        for address in person.addresses:
            yield from _literal(folded, address)
    for person in known:
        yield from _whole_names(folded, person)
    for person in known:
        yield from _parts(text, folded, person)


def person_key(value: str, known: Sequence[KnownPerson]) -> str:
    """One key for all the ways in which one known person's name is written."""
    words = set(_words(value))
    for person in known:
        if words and words <= set(_words(person.name)):
            return f"#{fold(person.name)}"
    return " ".join(sorted(words))


def fold(text: str) -> str:
    """Small letters without accents, of the same length: offsets stay true."""
    return "".join(_fold_letter(letter) for letter in text)


def _fold_letter(letter: str) -> str:
    if letter < "\x80":
        return letter.lower()
    lowered = letter.lower() if len(letter.lower()) == 1 else letter
    base = unicodedata.normalize("NFKD", lowered)[:1]
    return base if base and base.isalnum() else lowered


def _words(name: str) -> list[str]:
    """Folded words, with written-out umlauts (ae, oe, ue) as the plain letter: Mueller is Müller."""
    return [re.sub(r"([aou])e", r"\1", word) for word in _WORD.findall(fold(name))]


def _spelling(word: str) -> str:
    """A pattern for one folded word, with or without umlauts written out."""
    return re.sub(r"([aou])", r"\1e?", re.escape(word))


def _literal(folded: str, address: str) -> Iterator[Found]:
    parts = [re.escape(part) for part in fold(address).split()]
    if not parts or len(address.strip()) < 4:
        return
    kind = "EMAIL" if "@" in address else "ADDRESS"
    pattern = r"(?<!\w)" + r"[\s,]+".join(part.rstrip(",") for part in parts) + r"(?!\w)"
    for match in re.finditer(pattern, folded):
        yield Found(match.start(), match.end(), kind)


def _whole_names(folded: str, person: KnownPerson) -> Iterator[Found]:
    words = [_spelling(word) for word in _words(person.name)]
    if len(words) < 2:
        return
    middle = r"(?:[\s\-.,'’]+(?:[a-z]\.?\s+)?)"
    orders = [middle.join(words), rf"{words[-1]},?\s+{middle.join(words[:-1])}"]
    if len(words) > 2:
        orders.append(rf"{words[0]}\s+{words[-1]}")
    for order in orders:
        for match in re.finditer(rf"(?<!\w){order}(?!\w)", folded):
            yield Found(match.start(), match.end(), "PERSON")


def _parts(text: str, folded: str, person: KnownPerson) -> Iterator[Found]:
    for word in dict.fromkeys(_words(person.name)):
        if len(word) < 2:
            continue
        for match in re.finditer(rf"(?<!\w){_spelling(word)}(?!\w)", folded):
            if _is_name(text, match.start(), word):
                yield Found(match.start(), match.end(), "PERSON")


def _is_name(text: str, start: int, word: str) -> bool:
    """Everyday words count as names only where a name stands: inside a sentence with a capital, or signing off."""
    if len(word) >= 4 and word not in _EVERYDAY:
        return True
    before, after = text[:start], text[start + len(word) :]
    if not text[start].isupper():
        return False
    if _SENTENCE_START.search(before[-4:]) is None:
        return True
    signing_off = re.match(r"\w?[\s.!,-]*(?:\n|$)", after) is not None
    return signing_off or re.search(rf"(?<!\w){_TITLES}\s*$", before[-20:], re.IGNORECASE) is not None
