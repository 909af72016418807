"""The desk's frame for every template that extends desk/base.html, in whatever room; costs nothing where unused."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from tickets.views.frame import frame_of
from tickets.views.skeleton import still


def desk_frame(request: HttpRequest) -> dict[str, Any]:
    """`shell`, `ai_switch`, `told` and `keys_sheet` for signed-in members."""
    from tickets.views.notices import choices_context  # it needs this module's neighbours

    if getattr(request, "member", None) is None:
        return {}
    return {
        "shell": SimpleLazyObject(lambda: frame_of(request).shell),
        "ai_switch": SimpleLazyObject(lambda: frame_of(request).ai_switch),
        "notice_choices": SimpleLazyObject(lambda: choices_context(request)),
        "told": SimpleLazyObject(lambda: frame_of(request).told),
        "keys_sheet": lambda: still("desk/_keys.html", get_language() or ""),
    }
