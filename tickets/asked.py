"""What the customer asked, as far as it changes how an answer is read: an offer answers a question about offers."""

from __future__ import annotations

from tickets.conversation import home_of, messages_of
from tickets.models import MessageKind, Ticket

#: So many of the customer's newest messages count: "please cancel it" may stand in the one before the last.
READ_BACK = 3


def asked_in(ticket: Ticket) -> str:
    """The customer's newest messages, without what they quote. One query."""
    inbound = messages_of(home_of(ticket)).filter(kind=MessageKind.INBOUND)
    rows = inbound.order_by("-pk").values_list("subject", "text")[:READ_BACK]
    return "\n".join(part for row in rows for part in row if part)
