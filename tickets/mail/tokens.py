"""Signed marks on outgoing mail, so that an answer finds its ticket and nobody else's mail does.

Two marks: a plus-address for Reply-To (`help+t<token>@host`) and a Message-ID. Both carry the ticket's
reference in clear and an HMAC; neither grants anything but joining one ticket.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import Final

# 96 bits: short enough for the 64 characters of a local part, far beyond guessing through mail.
SIGNATURE_BYTES: Final = 12
MAX_REFERENCE: Final = 24
MARK: Final = "hd1"

_REFERENCE = re.compile(r"[A-Za-z0-9-]{1,24}\Z", re.ASCII)
_TOKEN = re.compile(r"([a-z2-7]{2,40})x([a-z2-7]{20})\Z", re.ASCII)
_ADDRESS = re.compile(r"[^@\s]{1,64}\+t([a-z2-7]{2,40}x[a-z2-7]{20})@[^@\s]{1,253}\Z", re.ASCII)
_ID = re.compile(
    rf"{MARK}\.([a-z2-7]{{2,40}}x[a-z2-7]{{20}})\.([a-z0-9]{{8,40}})@([^@\s<>]{{1,253}})\Z", re.ASCII
)


def make(key: bytes, ticket_ref: str) -> str:
    """The token for a ticket: lower-case letters and digits, since servers change case and eat symbols.

    `ticket_ref` is 1 to 24 letters, digits or hyphens; case does not count. Raises ValueError otherwise.
    """
    if not _REFERENCE.match(ticket_ref):
        raise ValueError("a ticket reference is 1 to 24 letters, digits or hyphens")
    reference = ticket_ref.lower()
    return f"{_base32(reference.encode())}x{_signature(key, 'address', reference)}"


def address(key: bytes, ticket_ref: str, inbox_address: str) -> str:
    """The inbox's address with the token: what goes into Reply-To."""
    local, _, domain = inbox_address.rpartition("@")
    return f"{local.split('+', 1)[0]}+t{make(key, ticket_ref)}@{domain}"


def read(key: bytes, address: str) -> str | None:
    """The reference in a plus-address (in any case), or None when there is none that we signed."""
    match = _ADDRESS.match(address.strip().strip("<>").lower())
    return _verified(key, "address", match[1]) if match else None


def message_id(key: bytes, ref: str, domain: str, unique: str | None = None) -> str:
    """A bare Message-ID for a mail of this ticket. The same `unique` gives the same one (a retried task)."""
    if not _REFERENCE.match(ref):
        raise ValueError("a ticket reference is 1 to 24 letters, digits or hyphens")
    part = re.sub(r"[^a-z0-9]", "", (unique or secrets.token_hex(12)).lower())[:40].ljust(8, "0")
    token = f"{_base32(ref.lower().encode())}x{_signature(key, 'message-id', ref.lower(), part)}"
    return f"{MARK}.{token}.{part}@{domain.strip().lower()}"


def read_message_id(key: bytes, value: str) -> str | None:
    """The reference in a Message-ID of ours, or None when we did not sign it."""
    match = _ID.match(value.strip().strip("<>").lower())
    return _verified(key, "message-id", match[1], match[2]) if match else None


def looks_own(value: str, domains: frozenset[str] | set[str] | tuple[str, ...]) -> bool:
    """Whether a Message-ID has our shape and one of these domains (no key: for loop detection only)."""
    match = _ID.match(value.strip().strip("<>").lower())
    return match is not None and match[3] in {domain.lower() for domain in domains}


def _verified(key: bytes, purpose: str, token: str, extra: str = "") -> str | None:
    match = _TOKEN.match(token)
    reference = _unbase32(match[1]) if match else None
    if match is None or reference is None or not _REFERENCE.match(reference):
        return None
    expected = _signature(key, purpose, reference, extra)
    return reference if hmac.compare_digest(expected, match[2]) else None


def _signature(key: bytes, purpose: str, reference: str, extra: str = "") -> str:
    """Each purpose signs apart, so that a Message-ID in a public archive gives no address."""
    digest = hmac.new(key, f"mail-token|{purpose}|{reference}|{extra}".encode(), hashlib.sha256).digest()
    return _base32(digest[:SIGNATURE_BYTES])


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()


def _unbase32(text: str) -> str | None:
    try:
        value = base64.b32decode(text.upper() + "=" * (-len(text) % 8)).decode("ascii")
    except ValueError:
        return None
    # One reference has one spelling; spare bits of the encoding must not make a second.
    return value if _base32(value.encode()) == text else None
