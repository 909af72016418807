"""The event stream: one per browser, async, holding no transaction and no database connection."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import redis.asyncio as aioredis
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connections
from django.http.cookie import parse_cookie

from helpdesk.live.events import KEPT_SECONDS, channel
from helpdesk.people.models import Membership
from helpdesk.people.second_factor import has_factor
from helpdesk.tenancy.hosts import organization_for_host
from helpdesk.tenancy.scope import organization_scope

HEARTBEAT_SECONDS = 15
#: Clocks of a page's host and of Valkey may differ by this much, in milliseconds: hearing twice only fetches twice.
CLOCKS_MS = 50
#: How long one look into the stream waits for the next event, in milliseconds.
WAIT_MS = 1_000
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
]


def _authorised(host: str, session_key: str) -> UUID | None:
    """The organization of the host where the session belongs to an active member of it. Gives its connection back."""
    try:
        organization = organization_for_host(host)
        if organization is None or not session_key:
            return None
        with organization_scope(organization.id):
            store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
            user_id = store.get(SESSION_KEY)
            active = Membership.objects.filter(user_id=user_id, is_active=True, user__is_active=True)
            if not user_id or not active.exists():
                return None
            missing = organization.requires_second_factor and not has_factor(int(user_id))
            return None if missing else organization.id
    finally:
        connections.close_all()


async def events(scope: Any, receive: Any, send: Any) -> None:
    """`GET /events/`: server-sent events of the organization; 404 for non-members, asked at each heartbeat."""
    headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
    session_key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
    allowed = sync_to_async(_authorised, thread_sensitive=False)
    organization_id = await allowed(headers.get("host", ""), session_key)
    if organization_id is None:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    gone = asyncio.ensure_future(_until_gone(receive))
    start = _start(headers.get("last-event-id", ""), scope.get("query_string", b""))
    try:
        async for chunk in _chunks(
            organization_id, lambda: allowed(headers.get("host", ""), session_key), gone, start
        ):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    finally:
        gone.cancel()
    with suppress(OSError, RuntimeError):
        await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _start(last_id: str, query: bytes) -> str:
    """From which event on a browser has to hear: after the last it had, or since it asked for its page; "" is from now.

    `since` is the millisecond in which the page was asked for. What happened while it travelled must not be lost; an
    old one is taken as now.
    """
    if re.fullmatch(r"\d{1,20}-\d{1,20}", last_id):
        return last_id
    since = parse_qs(query.decode("latin-1")).get("since", [""])[0]
    if not re.fullmatch(r"\d{1,15}", since) or time.time() - int(since) / 1000 > KEPT_SECONDS:
        return ""
    return f"{max(int(since) - CLOCKS_MS, 0)}-0"


async def _chunks(
    organization_id: UUID, still_allowed: Any, gone: asyncio.Future[None], start: str = ""
) -> AsyncIterator[bytes]:
    """Event chunks until the browser leaves or the member loses access; heartbeats keep proxies awake."""
    yield b"retry: 2000\n\n"
    client = aioredis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, decode_responses=True)
    key = channel(organization_id)
    try:
        after = start or await _newest(client, key)
        asked = time.monotonic()
        while not gone.done():
            looked: Any = await client.xread({key: after}, block=WAIT_MS)
            for _key, found in looked or ():
                for after, event in found:  # the next look goes on after the last one
                    yield f"id: {after}\ndata: {event['event']}\n\n".encode()
            # By the clock, not by silence: on a busy desk there is none, and who lost access would go on reading.
            if time.monotonic() - asked >= HEARTBEAT_SECONDS:
                asked = time.monotonic()
                if await still_allowed() is None:
                    return
                yield b": still here\n\n"
    except (aioredis.RedisError, OSError):
        return
    finally:
        with suppress(aioredis.RedisError, OSError):
            await client.aclose()


async def _newest(client: aioredis.Redis, key: str) -> str:
    found: Any = await client.xrevrange(key, count=1)
    return str(found[0][0]) if found else "0-0"
