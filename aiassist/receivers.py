"""Hears what the tickets room announces: a message arrived, an article changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from helpdesk.tenancy.tasks import enqueue
from tickets.signals import knowledge_changed, message_received


def on_message_received(sender: Any, *, organization_id: UUID, message_id: int, **_: Any) -> None:
    """Sent on commit: hand the message to the AI worker."""
    from aiassist.tasks import handle_message

    enqueue(handle_message, organization_id=str(organization_id), message_id=message_id)


def on_knowledge_changed(sender: Any, *, organization_id: UUID, **_: Any) -> None:
    """Sent on commit: bring the passages in step."""
    from aiassist.tasks import index

    enqueue(index, organization_id=str(organization_id))


def connect() -> None:
    """Called once from AppConfig.ready."""
    message_received.connect(on_message_received, dispatch_uid="aiassist.message_received")
    knowledge_changed.connect(on_knowledge_changed, dispatch_uid="aiassist.knowledge_changed")
