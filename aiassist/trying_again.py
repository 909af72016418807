"""Says in the panel that a service failed and when it is asked again; kept for that long, without anybody's words."""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache

from helpdesk.live.events import publish
from helpdesk.tenancy.scope import current_organization_id, organization_scope
from tickets.models import Message

#: Longer than the longest pause and call, so that it never vanishes while a draft is still awaited.
KEPT_SECONDS = 180


@dataclass(frozen=True)
class Again:
    """What happened, and in how many seconds the service is asked again; 0 while it is being asked."""

    reason: str
    seconds: int


def note(organization_id: UUID, message_id: int, reason: str, pause: float) -> None:
    """The call for this message failed and is made again after `pause` seconds. Tells open browsers."""
    cache.set(_key(organization_id, message_id), [reason, time.time() + pause], KEPT_SECONDS)
    with organization_scope(organization_id):
        found = Message.objects.filter(pk=message_id).values_list("ticket", "ticket__merged_into").first()
    if found:
        publish(organization_id, "draft", ticket=found[1] or found[0])


def noted(message_id: int) -> Again | None:
    """What to say about this message, in the scope in force; None where nothing failed."""
    found = cache.get(_key(current_organization_id(), message_id))
    return Again(str(found[0]), max(round(found[1] - time.time()), 0)) if found else None


def _key(organization_id: UUID, message_id: int) -> str:
    return f"ai-again:{organization_id}:{message_id}"
