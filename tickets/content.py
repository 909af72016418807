"""Hashes of what is sent and of what an AI wrote; the database computes the same (`0012_conversation.py`)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tickets.models import Message

_SPACE = re.compile(r"[ \t\n\r\f\v]+")


def _part(value: str) -> str:
    return f"{len(value)}:{value}"


def content_hash(message: Message, attachments: Iterable[tuple[str, str]]) -> str:
    """SHA-256 (hex) over salt, subject, text, HTML, recipients, quote and `(name, sha256)` of files in id order."""
    parts = [
        message.content_salt,
        message.subject,
        message.text,
        message.html,
        message.recipients_to,
        message.recipients_cc,
    ]
    more = [
        mark + _part(value) for mark, value in (("b", message.recipients_bcc), ("q", message.quoted)) if value
    ]
    joined = (
        "".join(map(_part, parts))
        + "".join(more)
        + "".join(_part(name) + _part(digest) for name, digest in attachments)
    )
    return hashlib.sha256(joined.encode()).hexdigest()


def text_hash(text: str) -> str:
    """SHA-256 (hex) of the text without white space and case: pasting it elsewhere does not make another text."""
    return hashlib.sha256(_SPACE.sub("", text).lower().encode()).hexdigest()
