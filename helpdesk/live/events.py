"""What just happened, told to open browsers: ids only, over Valkey; permission is checked at the fetch."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import redis
import structlog
from django.conf import settings
from django.db import transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

from helpdesk.tenancy.scope import current_organization_id

log = structlog.get_logger(__name__)
#: A reader who has not said so again within this many seconds is gone.
PRESENCE_SECONDS = 25
#: How long it is known when a member last did something.
ACTIVE_SECONDS = 3 * 3600
#: Events that are kept, so that a page that was on its way meanwhile hears of them, and for how long.
KEPT_EVENTS = 500
KEPT_SECONDS = 600


@lru_cache(maxsize=1)
def client() -> redis.Redis:
    """The connection pool to Valkey, with short time-outs: a page never waits for it."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
        decode_responses=True,
        retry=Retry(NoBackoff(), 1),  # the default waits seconds before it gives up
    )


def channel(organization_id: UUID | str) -> str:
    """The organization's stream of events: each has an id that begins with Valkey's milliseconds."""
    return f"{settings.REDIS_PREFIX}live:{organization_id}"


def number_key(organization_id: UUID | str, kind: str) -> str:
    """Where Valkey counts the organization's events of this kind."""
    return f"{settings.REDIS_PREFIX}number:{organization_id}:{kind}"


def publish_on_commit(kind: str, **ids: Any) -> None:
    """Tell open browsers after the commit. Lost silently where Valkey is down: the page still has its refresh."""
    organization_id = current_organization_id()
    transaction.on_commit(lambda: publish(organization_id, kind, **ids), robust=True)


def publish(organization_id: UUID, kind: str, **ids: Any) -> None:
    """Tell open browsers now, and raise the kind's number: what was remembered under the one before is old."""
    try:
        with client().pipeline(transaction=False) as both:
            both.incr(number_key(organization_id, kind))
            event: Any = {"event": json.dumps({"kind": kind, **ids}, default=str)}
            both.xadd(channel(organization_id), event, maxlen=KEPT_EVENTS, approximate=True)
            both.expire(channel(organization_id), KEPT_SECONDS)
            both.execute()
    except redis.RedisError as error:
        log.warning("live_publish_failed", error=type(error).__name__)


def _active_key(organization_id: UUID, membership_id: int) -> str:
    return f"{settings.REDIS_PREFIX}active:{organization_id}:{membership_id}"


def note_active(organization_id: UUID, membership_id: int) -> None:
    """The member opened a page or did something; what a page fetches by itself does not count."""
    with suppress(redis.RedisError):
        client().set(_active_key(organization_id, membership_id), f"{time.time():.0f}", ex=ACTIVE_SECONDS)


def last_active(organization_id: UUID, membership_id: int) -> datetime | None:
    """When the member last did something; None where that is hours ago or Valkey is down."""
    try:
        found = client().get(_active_key(organization_id, membership_id))
    except redis.RedisError:
        return None
    return datetime.fromtimestamp(float(found), tz=UTC) if found else None


def _presence_key(organization_id: UUID, ticket_id: int) -> str:
    return f"{settings.REDIS_PREFIX}presence:{organization_id}:{ticket_id}"


def be_present(organization_id: UUID, ticket_id: int, membership_id: int, activity: str) -> None:
    """Note that a member is reading or typing on a ticket, and tell the others when that changed."""
    key = _presence_key(organization_id, ticket_id)
    try:
        before = client().hget(key, str(membership_id))
        client().hset(key, str(membership_id), f"{activity}:{time.time():.0f}")
        client().expire(key, PRESENCE_SECONDS * 4)
    except redis.RedisError:
        return
    if before is None or str(before).split(":")[0] != activity:
        publish(organization_id, "presence", ticket=ticket_id)


def leave(organization_id: UUID, ticket_id: int, membership_id: int) -> None:
    """The member closed the ticket."""
    try:
        client().hdel(_presence_key(organization_id, ticket_id), str(membership_id))
    except redis.RedisError:
        return
    publish(organization_id, "presence", ticket=ticket_id)


def present(organization_id: UUID, ticket_id: int) -> dict[int, str]:
    """Membership id -> `reading` or `typing` of those on the ticket now; empty where Valkey is down."""
    try:
        found = client().hgetall(_presence_key(organization_id, ticket_id))
    except redis.RedisError:
        return {}
    fresh = time.time() - PRESENCE_SECONDS
    pairs = ((member, *str(value).split(":")) for member, value in found.items())
    return {int(member): str(activity) for member, activity, at in pairs if float(at) >= fresh}
