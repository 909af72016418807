"""Leaves an AI service alone that fails, per organization; after a pause one call tries it, for all.

Kept in Valkey, with times counted there, so that workers with different clocks agree. Without Valkey nothing is
held back: each call then ends by its own time-out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import redis
from django.conf import settings

from aiassist.core.providers.base import (
    ProviderBusy,
    ProviderError,
    ProviderPaused,
    ProviderRefused,
    Refusal,
)
from helpdesk.live.events import client

#: So many failed calls in a row, and the service is left alone.
FAILURES = 3
#: Seconds of the first pause; each further failure doubles it up to the longest.
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 600.0
#: Seconds after a key, model or address was refused: only a person can change that, and saving ends the pause.
REFUSED_PAUSE = 300.0
#: A service that asks for more seconds than this is left alone at once.
LONG_WISH = 5.0
#: Failures are forgotten after this many seconds without one.
REMEMBERED = 3_600
#: What says nothing about the service: it would not write about this, or did not take this text.
_ABOUT_THE_TEXT = frozenset({Refusal.CONTENT, Refusal.REQUEST})


@contextmanager
def guarded(
    organization_id: UUID, service: str, *, seconds: float, although_paused: bool = False
) -> Iterator[None]:
    """Around one call of at most `seconds`. Raises ProviderPaused, without a call, while the service is left alone.

    `although_paused`: a person tries it on purpose; how it ends counts all the same.
    """
    if not although_paused:
        _enter(organization_id, service, seconds)
    try:
        yield
    except ProviderError as error:
        _failed(organization_id, service, error)
        raise
    except BaseException:
        _soft(lambda: client().delete(_key(organization_id, service, "try")))
        raise
    forget(organization_id, service)


def forget(organization_id: UUID, service: str) -> None:
    """It works, or a person changed its settings: the next call is made."""
    keys = [_key(organization_id, service, part) for part in ("failed", "pause", "try")]
    _soft(lambda: client().delete(*keys))


def seconds_left(organization_id: UUID, service: str) -> float:
    """How long the service is still left alone; 0 where it may be called."""
    left = _soft(lambda: client().pttl(_key(organization_id, service, "pause")))
    return max(float(left or 0), 0.0) / 1_000


def _enter(organization_id: UUID, service: str, seconds: float) -> None:
    pause, failed, trying = (_key(organization_id, service, part) for part in ("pause", "failed", "try"))

    def look() -> list[Any]:
        with client().pipeline(transaction=False) as asked:
            asked.pttl(pause)
            asked.get(pause)
            asked.get(failed)
            return asked.execute()

    found = _soft(look)
    if found is None:
        return
    left, said, failures = found
    if left > 0:
        raise ProviderPaused(said, seconds=left / 1_000)
    # After a pause one call finds out; who comes meanwhile does not wait for it.
    due = int(failures or 0) >= FAILURES
    if due and not _soft(lambda: client().set(trying, 1, nx=True, px=int(seconds * 1_000) + 1_000)):
        raise ProviderPaused(said, seconds=seconds)


def _failed(organization_id: UUID, service: str, error: ProviderError) -> None:
    if isinstance(error, ProviderPaused):
        return
    if isinstance(error, ProviderRefused) and error.reason in _ABOUT_THE_TEXT:
        forget(organization_id, service)  # it answered
        return
    failed = _key(organization_id, service, "failed")

    def count() -> int:
        with client().pipeline(transaction=False) as both:
            both.incr(failed)
            both.expire(failed, REMEMBERED)
            return int(both.execute()[0])

    pause = _pause(error, _soft(count) or 0)
    _soft(lambda: client().delete(_key(organization_id, service, "try")))
    if pause:
        _soft(
            lambda: client().set(_key(organization_id, service, "pause"), error.text, px=int(pause * 1_000))
        )


def _pause(error: ProviderError, failures: int) -> float:
    """Seconds to leave the service alone after this failure; 0 where the next call may be made at once."""
    asked = error.retry_after or 0.0 if isinstance(error, ProviderBusy) else 0.0
    if isinstance(error, ProviderRefused):
        return REFUSED_PAUSE
    if failures >= FAILURES:
        grown = FIRST_PAUSE * 2 ** min(failures - FAILURES, 10)
        jitter = random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, keeps no secret
        return min(max(grown * jitter, asked), LONGEST_PAUSE)
    return min(asked, LONGEST_PAUSE) if asked > LONG_WISH else 0.0


def _key(organization_id: UUID, service: str, part: str) -> str:
    return f"{settings.REDIS_PREFIX}breaker:{organization_id}:{service}:{part}"


def _soft(call: Any) -> Any:
    with suppress(redis.RedisError):
        return call()
    return None
