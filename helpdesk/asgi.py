"""ASGI entry point, one port: pages go to Django's WSGI handler in fixed threads, streams stay async."""

from __future__ import annotations

import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

import django
from a2wsgi import WSGIMiddleware
from django.conf import settings

# Before the stream's imports, which need the models; the pages' handler would do it too late.
django.setup()

from helpdesk.live.stream import events
from helpdesk.wsgi import application as pages

_pages: Any = WSGIMiddleware(cast("Any", pages), workers=settings.WEB_THREADS)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Route by path: `/events/` is a stream, everything else a page."""
    if scope["type"] == "lifespan":
        return
    if scope["type"] == "http" and scope["path"] == "/events/":
        await events(scope, receive, send)
    else:
        await _pages(scope, _coroutine(receive), _coroutine(send))


def _coroutine(call: Any) -> Any:
    """The bridge hands `receive()` and `send()` to another thread, which takes coroutines; granian's are futures."""

    async def inner(*args: Any) -> Any:
        return await call(*args)

    return inner
