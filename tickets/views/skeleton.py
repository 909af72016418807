"""Templates that are drawn many times on a page: rendered once per shape with marks, then filled with values.

A list of thirty rows costs Django's engine more than everything else on the page together. Rows of the same shape
(read or not, with two tags or none) differ in their values only, so the template stays the one source of the HTML and
is asked once per shape and language. No value is kept: the marks are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

_MARK = re.compile("\ue0f4(\\d+)\ue0f5")


def drawn(
    template: str, name: str, values: Mapping[str, Any], shape: Mapping[str, Any], **around: Any
) -> SafeString:
    """The template with `name` = `shape` and `values` together; `shape` and `around` decide what is drawn.

    A value is escaped unless it is marked safe, and must be shown by the template as it is: no filter, no condition.
    A list in `values` is as long in the template as here. `around` are further variables of the template.
    """
    flat: list[Any] = []
    outline = tuple((key, _outlined(value, flat)) for key, value in values.items())
    pieces = _skeleton(
        template, name, outline, tuple(shape.items()), tuple(around.items()), get_language() or ""
    )
    shown = [conditional_escape(one) for one in flat]
    return mark_safe("".join(one if isinstance(one, str) else shown[one] for one in pieces))  # noqa: S308


def _outlined(value: Any, flat: list[Any]) -> Any:
    """The value with a number in place of each text, which goes to `flat`."""
    if isinstance(value, list):
        return tuple(_outlined(one, flat) for one in value)
    if isinstance(value, dict):
        return frozenset((key, _outlined(one, flat)) for key, one in value.items())
    flat.append("" if value is None else value)
    return len(flat) - 1


def _marked(outline: Any) -> Any:
    if isinstance(outline, tuple):
        return [_marked(one) for one in outline]
    if isinstance(outline, frozenset):
        return {key: _marked(one) for key, one in outline}
    return mark_safe(f"\ue0f4{outline}\ue0f5")  # noqa: S308 - a number


@lru_cache(maxsize=1024)
def _skeleton(
    template: str,
    name: str,
    outline: tuple[tuple[str, Any], ...],
    shape: tuple[tuple[str, Any], ...],
    around: tuple[tuple[str, Any], ...],
    _language: str,
) -> tuple[str | int, ...]:
    """Texts and the numbers of the values between them."""
    thing = {**dict(shape), **{key: _marked(one) for key, one in outline}}
    text = get_template(template).render({name: thing, **dict(around)})
    pieces = _MARK.split(text)
    return tuple(int(one) if n % 2 else one for n, one in enumerate(pieces))


@lru_cache(maxsize=64)
def still(template: str, language: str) -> SafeString:
    """A template without any variable, once per language."""
    del language
    return mark_safe(get_template(template).render({}))  # noqa: S308
