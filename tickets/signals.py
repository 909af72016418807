"""What the tickets room announces to the rooms above: sent after the commit, with ids only."""

from __future__ import annotations

from django.dispatch import Signal

#: A customer's message was stored. `organization_id`, `message_id`.
message_received = Signal()
#: A reply left. `organization_id`, `message_id`.
message_sent = Signal()
#: An article or canned reply was written, published, withdrawn or removed. `organization_id`.
knowledge_changed = Signal()
