"""Replace personal data by placeholders that can be turned back, before any text leaves for an AI service.

Never logs, and what it returns does not show its content when it is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aiassist.core.cues import find_cued
from aiassist.core.names import find_names, may_name
from aiassist.core.patterns import Found, find_structured, has_secret, normal
from aiassist.core.people import KnownPerson, find_people, is_title, person_key

__all__ = ["KnownPerson", "Masked", "Span", "mask", "mask_one", "restore", "unresolved"]

_WORD = re.compile(r"\w+")
_PLACEHOLDER = re.compile(r"\[([A-Z]+)_(\d{1,4})(?:_(\d{1,3}))?\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """Where something was replaced: offsets into the given text."""

    start: int
    end: int
    kind: str
    placeholder: str


@dataclass(frozen=True, slots=True)
class Masked:
    """The text without personal data. `mapping` has the placeholders of the whole thread so far."""

    text: str = field(repr=False)
    spans: tuple[Span, ...]
    mapping: Mapping[str, str] = field(repr=False)


def mask(
    text: str,
    *,
    known: Sequence[KnownPerson] = (),
    mapping: Mapping[str, str] | None = None,
    keep: Iterable[str] = (),
) -> Masked:
    """Mask e-mail addresses, phones, accounts, cards, ids, passwords, links with secrets, IPs and `known` people.

    Pass the `mapping` of the thread's earlier texts: the same person or number then keeps its placeholder.
    `keep` are values that are not private: the organization's own addresses, phones and the hosts of its pages (a
    link there stays unless it carries a secret). Order numbers stay.
    `restore(result.text, result.mapping)` gives the given text back.
    """
    names = _Names(mapping or {}, known)
    kept = _Kept(keep)
    found = [one for one in _find(text, known) if not kept.has(one.kind, _cut(text, one))]
    spans: list[Span] = []
    pieces: list[str] = []
    position = 0
    for one in found:
        placeholder = names.name(one.kind, _cut(text, one))
        spans.append(Span(one.start, one.end, one.kind, placeholder))
        pieces += [text[position : one.start], placeholder]
        position = one.end
    pieces.append(text[position:])
    return Masked("".join(pieces), tuple(spans), names.mapping)


def mask_one(
    kind: str, value: str, *, known: Sequence[KnownPerson] = (), mapping: Mapping[str, str] | None = None
) -> tuple[str, Mapping[str, str]]:
    """Return the placeholder of one value (the customer's name, for a greeting) and the mapping that knows it."""
    names = _Names(mapping or {}, known)
    return names.name(kind, value), names.mapping


def restore(text: str, mapping: Mapping[str, str]) -> str:
    """Put the values back, in one pass: a value that looks like a placeholder is not replaced again."""
    return _PLACEHOLDER.sub(lambda match: mapping.get(match[0].upper(), match[0]), text)


def unresolved(text: str, mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Placeholders in `text` that the mapping does not know: an AI service made them up."""
    seen = dict.fromkeys(match[0] for match in _PLACEHOLDER.finditer(text))
    return tuple(one for one in seen if one.upper() not in mapping)


def _cut(text: str, found: Found) -> str:
    return text[found.start : found.end]


def _find(text: str, known: Sequence[KnownPerson]) -> list[Found]:
    """All that is to be masked, without overlaps, from left to right; the earlier rule wins."""
    # A text that already has "[EMAIL_1]" in it must not be filled with somebody's address by restore.
    literal = [Found(match.start(), match.end(), "TEXT") for match in _PLACEHOLDER.finditer(text)]
    structured = [*literal, *find_structured(text)]
    places = _Places(text)
    for one in [*structured, *find_people(text, known)]:
        places.take(one)
    if may_name(text):
        for one in [*find_names(text, structured), *find_cued(text)]:
            places.take_rest(one)
    return sorted(places.taken)


class _Kept:
    """What is the organization's own and therefore not private."""

    def __init__(self, values: Iterable[str]) -> None:
        listed = tuple(values)
        self._values = {(kind, normal(kind, value)) for kind in ("EMAIL", "PHONE") for value in listed}
        self._hosts = {value.rpartition("@")[2].casefold() for value in listed if "." in value}

    def has(self, kind: str, value: str) -> bool:
        if kind == "LINK":
            host = re.sub(r"^\w+://|^www\.", "", value.casefold())
            host = re.split(r"[/?#:]", host.removeprefix("www."), maxsplit=1)[0]
            return host in self._hosts and not has_secret(value)
        return (kind, normal(kind, value)) in self._values


class _Places:
    """What of a text is taken, each place once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._occupied = bytearray(len(text))
        self.taken: list[Found] = []

    def take(self, one: Found) -> None:
        """Take the place if nothing of it is taken yet."""
        if one.start < one.end and not any(self._occupied[one.start : one.end]):
            self._occupied[one.start : one.end] = b"\x01" * (one.end - one.start)
            self.taken.append(one)

    def take_rest(self, one: Found) -> None:
        """Take what is free of the place: of "Anna Weber" the "Weber" where Anna is known."""
        if not any(self._occupied[one.start : one.end]):
            self.take(one)
            return
        for word in _WORD.finditer(self._text, one.start, one.end):
            if not is_title(word[0]):
                self.take(Found(word.start(), word.end(), one.kind))


class _Names:
    """Gives out placeholders: one number for each person or thing, a suffix for each other way of writing it."""

    def __init__(self, mapping: Mapping[str, str], known: Sequence[KnownPerson]) -> None:
        self.mapping: dict[str, str] = dict(mapping)
        self._known = known
        self._by_value = {(_kind(name), value): name for name, value in self.mapping.items()}
        self._numbers: dict[tuple[str, str], int] = {}
        for name, value in self.mapping.items():
            self._numbers.setdefault((_kind(name), self._key(_kind(name), value)), _number(name))

    def name(self, kind: str, value: str) -> str:
        same = self._by_value.get((kind, value))
        if same is not None:
            return same
        key = (kind, self._key(kind, value))
        number = self._numbers.setdefault(key, self._next_number(kind))
        name = self._free_name(kind, number)
        self.mapping[name] = value
        self._by_value[kind, value] = name
        return name

    def _key(self, kind: str, value: str) -> str:
        return person_key(value, self._known) if kind == "PERSON" else normal(kind, value)

    def _next_number(self, kind: str) -> int:
        return 1 + max((number for (other, _), number in self._numbers.items() if other == kind), default=0)

    def _free_name(self, kind: str, number: int) -> str:
        name, variant = f"[{kind}_{number}]", 1
        while name in self.mapping:
            variant += 1
            name = f"[{kind}_{number}_{variant}]"
        return name


def _kind(placeholder: str) -> str:
    return placeholder.strip("[]").split("_")[0]


def _number(placeholder: str) -> int:
    return int(placeholder.strip("[]").split("_")[1])
