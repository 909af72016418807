"""How often one may ask, per organization or for the bare host; with the cache stopped nobody is turned away."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest


def too_often(organization_id: UUID | None, what: str, key: str, *, most: int, seconds: int) -> bool:
    """Count one try; True from the first one above `most` within the window."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    name = f"limit:{organization_id}:{what}:{digest}"
    if cache.add(name, 1, seconds):
        return False
    try:
        count = cache.incr(name)
    except ValueError:  # it ran out between the two
        return False
    return int(count) > most


def client_ip(request: HttpRequest) -> str:
    """The address that asks, as allauth's limits see it."""
    from allauth.account.adapter import get_adapter

    return str(get_adapter(request).get_client_ip(request))
