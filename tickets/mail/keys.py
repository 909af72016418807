"""The secret behind the marks on an organization's outgoing mail, and the marks themselves."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings

from tickets.mail import tokens
from tickets.models import Message, Ticket


def mark_key(organization_id: UUID, secret: str | None = None) -> bytes:
    """One key per organization, so that a mark of one says nothing in another."""
    return hmac.new(
        str(secret or settings.SECRET_KEY).encode(), f"mail-marks|{organization_id}".encode(), hashlib.sha256
    ).digest()


def reply_address(ticket: Ticket, inbox_address: str) -> str:
    """What goes into Reply-To: the inbox's address with the ticket's signed token."""
    return tokens.address(mark_key(ticket.organization_id), str(ticket.number), inbox_address)


def forward_address(ticket: Ticket, inbox_address: str) -> str:
    """The same for somebody outside to whom something was forwarded: what comes back is not the customer's."""
    return tokens.address(mark_key(ticket.organization_id), f"{ticket.number}-f", inbox_address)


def outgoing_id(message: Message, inbox_address: str) -> str:
    """The Message-ID of an outgoing message: the same one however often the task runs."""
    return tokens.message_id(
        mark_key(message.organization_id),
        str(message.ticket.number),
        inbox_address.rpartition("@")[2],
        unique=f"{message.pk:012d}",
    )


def mark_in(addresses: Iterable[str], organization_id: UUID) -> tuple[int, bool] | None:
    """The ticket number in the first address with a token that we signed, and whether it was given to an outsider."""
    keys = [
        mark_key(organization_id, str(secret))
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
    for reference in (tokens.read(key, address) for address in addresses for key in keys):
        number = (reference or "").removesuffix("-f")
        if number.isdigit():
            return int(number), number != reference
    return None
