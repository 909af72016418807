"""What is remembered in Valkey until something of a kind happens in the organization: counts, never people's words."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings

from helpdesk.live.events import client, number_key
from helpdesk.tenancy.scope import current_organization_id


def recall(kind: str, name: str, shape: str, make: Callable[[], Any], *, seconds: int) -> Any:
    """What `make` returned (plain JSON) since the organization's last event of `kind`, `seconds` ago at most.

    `shape` says what the value depends on besides: another shape, and it is made anew. Without Valkey it is made.
    The number is read before the value is made: a change in between makes it old at once.
    """
    organization_id = current_organization_id()
    key = f"{settings.REDIS_PREFIX}remembered:{organization_id}:{name}"
    try:
        number, kept = client().mget(number_key(organization_id, kind), key)
    except redis.RedisError:
        return make()
    mark = " ".join((str(number or 0), shape))
    if kept is not None:
        found = json.loads(kept)
        if found["mark"] == mark:
            return found["value"]
    value = make()
    with contextlib.suppress(redis.RedisError):
        client().set(key, json.dumps({"mark": mark, "value": value}), ex=seconds)
    return value
