"""What the tickets room announces to the rooms above it: ids only, after the commit."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.dispatch import Signal

from helpdesk.tenancy.scope import current_organization_id

#: A customer's message was filed. Sent with `organization_id` and `message_id`.
message_received = Signal()
#: A reply or acknowledgement left. Sent with `organization_id` and `message_id`.
message_sent = Signal()

#: The owner is asked about an answer that is held. Sent with `organization_id` and `message_id` (of the note).
owner_asked = Signal()


def announce_on_commit(signal: Signal, message_id: int) -> None:
    """Send the signal once the message is really there; a listener that fails harms nobody."""
    organization_id = current_organization_id()
    transaction.on_commit(lambda: _announce(signal, organization_id, message_id), robust=True)


def _announce(signal: Signal, organization_id: UUID, message_id: int) -> None:
    signal.send_robust(sender=None, organization_id=organization_id, message_id=message_id)


#: An article or canned reply was written, published, withdrawn or removed. `organization_id`.
knowledge_changed = Signal()
