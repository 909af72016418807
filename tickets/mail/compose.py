"""Build one outgoing mail: headers that thread, tell machines what it is and how far an AI was involved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.utils import format_datetime
from typing import Final, Literal

from django.core.mail import EmailMultiAlternatives

from tickets.mail import charsets, files, headers

AIInvolvement = Literal["none", "suggested", "edited", "verbatim"]

MAX_REFERENCES: Final = 20
MAX_SUBJECT: Final = 300

_REPLY_MARK = re.compile(
    r"\s*(?:(?:re|aw|antw|antwort|sv|vs|rv|ref|odp|ynt|回复|回覆|답장|res|rif"
    r"|r)(?:\[\d{1,3}\])?\s*[:：]\s*)+",
    re.IGNORECASE,
)
_MIME = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}\Z")


@dataclass(frozen=True, slots=True)
class OutgoingAttachment:
    """A file to send along. `content_id` puts it inline for the HTML."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """Everything one mail needs; bare Message-IDs, addresses without names unless said."""

    message_id: str
    from_name: str
    from_address: str
    to: Sequence[str]
    subject: str
    text: str
    date: datetime
    loop_mark: str
    html: str | None = None
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    reply_to: str | None = None
    in_reply_to: str | None = None
    references: Sequence[str] = ()
    ai_involvement: AIInvolvement = "none"
    automatic: bool = False
    is_reply: bool = True
    attachments: Sequence[OutgoingAttachment] = ()
    extra_headers: Mapping[str, str] = field(default_factory=dict)


def build(mail: OutgoingMail) -> EmailMultiAlternatives:
    """A message ready for Django's mail API. Line breaks in any header are taken out.

    A recipient that is no address raises ValueError: sending to the rest in silence would lose mail.
    """
    message = EmailMultiAlternatives(
        subject=reply_subject(mail.subject) if mail.is_reply else one_line(mail.subject)[:MAX_SUBJECT],
        body=charsets.clean(mail.text),
        from_email=named(mail.from_name, mail.from_address),
        to=_recipients(mail.to),
        cc=_recipients(mail.cc),
        bcc=_recipients(mail.bcc),
        reply_to=[named(mail.from_name, mail.reply_to)] if mail.reply_to else None,
        headers=_headers(mail),
    )
    if mail.html is not None:
        message.attach_alternative(charsets.clean(mail.html), "text/html")
    for number, item in enumerate(mail.attachments, start=1):
        name = files.safe_name(item.filename, item.content_type, number)
        message.attach(name, item.content, _mime_type(item.content_type))
    return message


def _headers(mail: OutgoingMail) -> dict[str, str]:
    found = {one_line(name): one_line(value) for name, value in mail.extra_headers.items()}
    found |= {
        "Message-ID": f"<{_bare_id(mail.message_id)}>",
        "Date": format_datetime(mail.date),
        "AI-Involvement": one_line(mail.ai_involvement),
        "X-Helpdesk-Loop": one_line(mail.loop_mark),
    }
    chain = bounded_references(mail.references, mail.in_reply_to)
    if mail.in_reply_to:
        found["In-Reply-To"] = f"<{_bare_id(mail.in_reply_to)}>"
    if chain:
        found["References"] = " ".join(f"<{item}>" for item in chain)
    if mail.automatic:
        found |= {
            "Auto-Submitted": "auto-replied",
            "X-Auto-Response-Suppress": "All",
            "Precedence": "auto_reply",
        }
    return found


def bounded_references(references: Iterable[str], in_reply_to: str | None) -> list[str]:
    """The thread's first mail and its latest ones, the mail answered last; the middle may be cut."""
    chain = [_bare_id(item) for item in references]
    parent = _bare_id(in_reply_to) if in_reply_to else ""
    ordered = [item for item in dict.fromkeys(chain) if item and item != parent] + (
        [parent] if parent else []
    )
    return ordered if len(ordered) <= MAX_REFERENCES else [ordered[0], *ordered[1 - MAX_REFERENCES :]]


def reply_subject(subject: str) -> str:
    """`Re: ` once, in place of any pile of reply marks in any language."""
    plain = one_line(subject)
    mark = _REPLY_MARK.match(plain)
    return f"Re: {plain[mark.end() :] if mark else plain}"[:MAX_SUBJECT].rstrip()


def named(name: str, address: str) -> str:
    """`"Name" <address>`, safe whatever the name holds. Raises ValueError when the address is none."""
    found = headers.address(address)
    if found is None:
        raise ValueError(f"not a mail address: {one_line(address)[:100]!r}")
    shown = one_line(name)[:100]
    local, _, domain = found.rpartition("@")
    return str(HeaderAddress(display_name=shown, username=local.strip('"'), domain=domain))


def one_line(value: str) -> str:
    """Header-safe text: no line breaks, no control characters."""
    return charsets.one_line(value)


def _recipients(addresses: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(named("", item) for item in addresses))


def _bare_id(value: str) -> str:
    return re.sub(r"[<>\s]", "", one_line(value))[:250]


def _mime_type(value: str) -> str:
    """Text goes as a plain file: Django would re-encode it, and approved bytes must arrive as they are."""
    kind = value.strip().lower()
    return (
        kind
        if _MIME.match(kind) and not kind.startswith(("text/", "message/", "multipart/"))
        else "application/octet-stream"
    )
