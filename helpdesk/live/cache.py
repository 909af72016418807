"""A cache that fails soft: with Valkey stopped it remembers nothing, and no page fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis import RedisError

log = structlog.get_logger(__name__)


class SoftRedisCache(RedisCache):
    """Django's Redis cache; an unreachable server is a miss."""

    def _soft(self, call: Callable[..., Any], default: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs)
        except RedisError as error:
            log.warning("cache_unreachable", error=type(error).__name__)
            return default

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._soft(super().get, default, key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = 300, version: Any = None) -> Any:
        return self._soft(super().set, None, key, value, timeout, version)

    def add(self, key: Any, value: Any, timeout: Any = 300, version: Any = None) -> Any:
        return self._soft(super().add, True, key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = 300, version: Any = None) -> Any:
        return self._soft(super().touch, False, key, timeout, version)

    def delete(self, key: Any, version: Any = None) -> Any:
        return self._soft(super().delete, False, key, version)

    def get_many(self, keys: Any, version: Any = None) -> Any:
        return self._soft(super().get_many, {}, keys, version)

    def set_many(self, data: Any, timeout: Any = 300, version: Any = None) -> Any:
        return self._soft(super().set_many, [], data, timeout, version)

    def has_key(self, key: Any, version: Any = None) -> Any:
        return self._soft(super().has_key, False, key, version)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        return self._soft(super().incr, delta, key, delta, version)
