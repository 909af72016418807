"""Templates that are drawn many times on a page: rendered once per shape with marks, then filled with values.

A list of thirty rows costs Django's engine more than everything else on the page together. Rows of the same shape
(read or not, with two tags or none) differ in their values only, so the template stays the one source of the HTML and
is asked once per shape and language. No value is kept: the marks are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from html import escape
from itertools import count
from typing import Any

from django.template.loader import get_template
from django.utils.dates import MONTHS_3
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_MARK = re.compile("\ue0f4(\\d+)\ue0f5")


def drawn(
    template: str, name: str, values: Mapping[str, Any], shape: Mapping[str, Any], **around: Any
) -> SafeString:
    """The template with `name` = `shape` and `values` together; `shape` and `around` decide what is drawn.

    A value is a text, escaped unless marked safe, or a list of texts or of dicts of texts; the template shows each
    as it is: no filter, no condition. `around` are further variables of the template.
    """
    flat: list[Any] = []
    outline: list[Any] = []
    for key, value in values.items():
        if type(value) is not list:
            outline.append(key)
            flat.append(value)
        else:
            keys = tuple(value[0]) if value and isinstance(value[0], dict) else None
            outline.append((key, len(value), keys))
            flat += [one[part] for one in value for part in keys] if keys else value
    pieces = _skeleton(
        template, name, tuple(outline), tuple(shape.items()), tuple(around.items()), get_language() or ""
    )
    shown = [_escaped(one) for one in flat]
    return SafeString("".join([one if isinstance(one, str) else shown[one] for one in pieces]))


def _escaped(value: Any) -> str:
    """As Django escapes, without its cost for plain texts and numbers."""
    kind = type(value)
    if kind is str:
        return escape(value)
    return str(value) if kind is int else str(conditional_escape(value))


@lru_cache(maxsize=1024)
def _skeleton(
    template: str,
    name: str,
    outline: tuple[Any, ...],
    shape: tuple[tuple[str, Any], ...],
    around: tuple[tuple[str, Any], ...],
    _language: str,
) -> tuple[str | int, ...]:
    """Texts and the numbers of the values between them."""
    numbers = count()
    thing = dict(shape)
    for one in outline:
        if isinstance(one, str):
            thing[one] = _mark(next(numbers))
        else:
            key, length, keys = one
            thing[key] = [
                {part: _mark(next(numbers)) for part in keys} if keys else _mark(next(numbers))
                for _ in range(length)
            ]
    text = get_template(template).render({name: thing, **dict(around)})
    return tuple(int(one) if n % 2 else one for n, one in enumerate(_MARK.split(text)))


def _mark(number: int) -> SafeString:
    return SafeString(f"\ue0f4{number}\ue0f5")


class Slot:
    """A text or a number in the context of `filled` that only shows: no condition and no filter looks at it."""

    __slots__ = ("digits", "value")

    def __init__(self, value: Any, *, digits: bool = False) -> None:
        self.value = value
        self.digits = digits or type(value) is int  # what goes through a filter for addresses as it is


def slots(values: Mapping[str, Any], *plain: str) -> dict[str, Any]:
    """Every value as a slot, but those named; empty ones stay, for the conditions that ask for them."""
    return {name: Slot(one) if one and name not in plain else one for name, one in values.items()}


def filled(template: str, context: Mapping[str, Any]) -> SafeString:
    """The template, engine asked once per everything in the context that is not a Slot, and per language.

    The context is made of dicts, lists and what can be a key. A Slot's text is escaped unless it is marked safe.
    """
    values: list[Any] = []
    pieces = _filled(template, _frozen(context, values), get_language() or "")
    shown = [_escaped(one) for one in values]
    return SafeString("".join([one if isinstance(one, str) else shown[one] for one in pieces]))


_TEXT, _NUMBER, _DICT, _LIST = "\ue0f0", "\ue0f1", "\ue0f2", "\ue0f3"
#: Numbers have marks of digits, so that addresses can be made of them.
_DIGITS = "730684291{:04}5"
_ANY_MARK = re.compile("\ue0f4(\\d+)\ue0f5|730684291(\\d{4})5")


def _frozen(thing: Any, values: list[Any]) -> Any:
    kind = type(thing)
    if kind is Slot:
        values.append(thing.value)
        return _NUMBER if thing.digits else _TEXT
    if kind is dict:
        return (_DICT, *[(name, _frozen(one, values)) for name, one in thing.items()])
    if kind is list:
        return (_LIST, *[_frozen(one, values) for one in thing])
    return thing


def _thawed(thing: Any, numbers: Iterator[int]) -> Any:
    if thing == _TEXT:
        return _mark(next(numbers))
    if thing == _NUMBER:
        return SafeString(_DIGITS.format(next(numbers)))
    if type(thing) is tuple and thing[:1] == (_DICT,):
        return {name: _thawed(one, numbers) for name, one in thing[1:]}
    if type(thing) is tuple and thing[:1] == (_LIST,):
        return [_thawed(one, numbers) for one in thing[1:]]
    return thing


@lru_cache(maxsize=1024)
def _filled(template: str, frozen: Any, _language: str) -> tuple[str | int, ...]:
    text = get_template(template).render(_thawed(frozen, count()))
    pieces: list[str | int] = []
    end = 0
    for mark in _ANY_MARK.finditer(text):
        pieces += [text[end : mark.start()], int(mark[1] or mark[2])]
        end = mark.end()
    return (*pieces, text[end:])


@lru_cache(maxsize=64)
def still(template: str, language: str) -> SafeString:
    """A template without any variable, once per language."""
    del language
    return SafeString(get_template(template).render({}))


def day(moment: datetime) -> str:
    """As in "24 Nov", in the reader's time and language."""
    return f"{moment.day} {str(MONTHS_3[moment.month]).title()}"


def day_and_time(moment: datetime) -> str:
    """As in "24 Nov, 16:05", in the reader's time and language."""
    return f"{moment.day} {str(MONTHS_3[moment.month]).title()}, {moment.hour:02}:{moment.minute:02}"
