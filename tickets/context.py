"""The desk's frame for every template that extends desk/base.html, in whatever room; costs nothing where unused."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tickets.views.frame import frame_of


def desk_frame(request: HttpRequest) -> dict[str, Any]:
    """`shell`, `ai_switch` and `live_url` for signed-in members."""
    if getattr(request, "member", None) is None:
        return {}
    return {
        "shell": SimpleLazyObject(lambda: frame_of(request).shell),
        "ai_switch": SimpleLazyObject(lambda: frame_of(request).ai_switch),
        "live_url": "/events/",
    }
