"""`/health`: whether this process can do its work, for load balancers and the supervisor."""

from __future__ import annotations

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse


def health(_request: HttpRequest) -> JsonResponse:
    """503 without a database. Without the broker pages still work, so that is told but is no failure."""
    database = _database_answers()
    body = {"database": _word(database), "broker": _word(_broker_answers())}
    return JsonResponse(body, status=200 if database else 503, headers={"Cache-Control": "no-store"})


def _word(answers: bool) -> str:  # noqa: FBT001 - one private word
    return "ok" if answers else "unavailable"


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_answers() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
