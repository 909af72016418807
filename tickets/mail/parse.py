"""Raw mail to facts. `parse` is total: any bytes give a `ParsedMail`, and nothing of the mail is lost."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tickets.mail import charsets, files, headers, html, mime
from tickets.mail.flowed import unflow
from tickets.mail.headers import Address

MAX_RAW_BYTES: Final = 64 * 1024 * 1024
MAX_TEXT_CHARS: Final = 1_000_000
MAX_HTML_CHARS: Final = 2_000_000
MAX_SUBJECT_CHARS: Final = 500
MAX_HEADER_VALUE: Final = 2000
MAX_KEPT_HEADERS: Final = 200

# What classification, bounces, spam rules and an agent's "show headers" need; the raw source has the rest.
_KEPT_HEADERS = re.compile(
    r"(?:from|return-path|received|sender|resent-.*|delivered-to|auto-submitted|precedence|preference|list-.*|mailing-list"
    r"|feedback-id|authentication-results|received-spf|arc-authentication-results|x-spam-.*|x-mailer|user-agent"
    r"|thread-index|thread-topic|x-priority|importance|priority|disposition-notification-to|content-type|mime-version"
    r"|content-language|x-failed-recipients|x-auto.*|x-helpdesk-.*|x-loop|ai-involvement|x-.*autore.*|x-.*bounce.*"
    r"|x-post-messageclass|x-fc-machinegenerated|x-cron-env|x-ms-exchange-generated-message-source"
    r"|x-ms-exchange-message-is-ndr|x-ms-exchange-inbox-rules-loop|x-content-identifier|diagnostic-code|x-actual-.*"
    r"|x-envelope-.*|x-original-.*|content-identifier|x-smtp-.*|x-no-autoreply|x-amazon-.*|x-ses-.*)\Z"
)
_DELIVERY_HEADERS = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-rcpt-to",
)
_RECEIVED_FOR = re.compile(r"\bfor\s+<([^<>\s]{3,254})>")
_CONTENT_ID = re.compile(r"cid:([^\"'\s<>)]{1,255})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedAttachment:
    """A part that is not the mail's own text. `inline` means the HTML shows it by its content_id."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """What a mail says. All text is clean for PostgreSQL; all addresses are lower-case; identifiers bare.

    `references` has every identifier of References, then In-Reply-To, oldest first. `fingerprint` is the same
    for the same mail received twice (trace headers left out) and serves where there is no `message_id`.
    """

    message_id: str | None
    references: tuple[str, ...]
    subject: str
    from_name: str
    from_address: str | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    date: datetime | None
    text: str
    html: str | None
    attachments: tuple[ParsedAttachment, ...]
    headers: tuple[tuple[str, str], ...]
    defects: tuple[str, ...]
    fingerprint: str

    def header(self, name: str) -> str | None:
        """The first kept header of that name, decoded, or None."""
        return next(iter(self.header_all(name)), None)

    def header_all(self, name: str) -> tuple[str, ...]:
        """All kept headers of that name in order."""
        return tuple(value for key, value in self.headers if key == name.lower())


@dataclass(slots=True)
class _Body:
    """A stretch of the mail's own text, in one or both forms."""

    plain: str | None = None
    html: str | None = None


class _Reader:
    """Walks a tree of parts and sorts them into text and attachments."""

    def __init__(self, budget: mime.Budget) -> None:
        self.budget = budget
        self.attachments: list[ParsedAttachment] = []

    def read(self, part: mime.Part) -> list[_Body]:
        for stray in part.stray:
            self._keep(stray, "text/plain", "text-between-parts.txt")
        if part.children:
            bodies = [self.read(child) for child in part.children]
            if part.content_type == "multipart/alternative":
                return _best_alternative(bodies)
            return [item for body in bodies for item in body]
        content = mime.transfer_decode(part, self.budget)
        if part.content_type in {"text/plain", "text/html"} and not _is_file(part):
            return self._text(part, content)
        if (content.strip() or part.filename) and not part.content_type.startswith("multipart/"):
            self._keep(
                content, part.content_type, part.filename or _forwarded_name(part, content), part.content_id
            )
        return []

    def _text(self, part: mime.Part, content: bytes) -> list[_Body]:
        is_html = part.content_type == "text/html"
        charset = part.parameters.get("charset") or (html.stated_charset(content) if is_html else None)
        if not is_html and b"\nend" in content and b"begin " in content:
            found, content = mime.uuencoded(content)
            for name, data in found:
                self._keep(data, "application/octet-stream", name)
        text, readable = charsets.decode(content, charset)
        if not readable:
            self.budget.note("unreadable charset")
            self._keep(content, part.content_type, "undecoded-text" + (".html" if is_html else ".txt"))
        text = charsets.clean(text)
        if is_html:
            return [_Body(html=self._bounded(text, MAX_HTML_CHARS, "text/html", "whole-message.html"))]
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
        return [_Body(plain=self._bounded(text, MAX_TEXT_CHARS, "text/plain", "whole-message.txt"))]

    def _bounded(self, text: str, limit: int, content_type: str, name: str) -> str:
        if len(text) > limit:
            self.budget.note("text cut")
            self._keep(text.encode("utf-8", "replace"), content_type, name)
        return text[:limit]

    def _keep(self, content: bytes, content_type: str, name: str, content_id: str = "") -> None:
        filename = files.safe_name(name, content_type, len(self.attachments) + 1)
        content_id = charsets.one_line(content_id)[:255]
        self.attachments.append(ParsedAttachment(filename, content_type, content, content_id))


def parse(raw: bytes) -> ParsedMail:
    """Read a mail. Never raises; what was odd is in `defects`, what could not be read is an attachment."""
    try:
        return _parse(raw)
    except Exception as error:  # noqa: BLE001  the contract is totality: a bug here must not lose a customer's mail
        return _kept_whole(raw, f"parser failed: {type(error).__name__}")


def _parse(raw: bytes) -> ParsedMail:
    budget = mime.Budget()
    if len(raw) > MAX_RAW_BYTES:
        budget.note("too large")
        fields, _ = mime.split_headers(raw[: mime.MAX_HEADER_BYTES], budget)
        return _assemble(fields, [], (_whole(raw),), budget, raw)
    part = mime.split(raw, budget)
    reader = _Reader(budget)
    bodies = reader.read(part)
    return _assemble(part.fields, bodies, tuple(reader.attachments), budget, part.body)


def _kept_whole(raw: bytes, defect: str) -> ParsedMail:
    budget = mime.Budget(defects=[defect])
    return _assemble([], [], (_whole(raw),), budget, raw)


def _whole(raw: bytes) -> ParsedAttachment:
    return ParsedAttachment("original-message.eml", "message/rfc822", raw)


def _assemble(
    fields: list[tuple[str, bytes]],
    bodies: list[_Body],
    attachments: tuple[ParsedAttachment, ...],
    budget: mime.Budget,
    body: bytes,
) -> ParsedMail:
    values = [(name, headers.text(value)) for name, value in fields]
    sender = _sender(values, budget)
    markup = _joined_html(bodies)
    text = _joined_text(bodies)
    return ParsedMail(
        message_id=next(iter(headers.message_ids(_first(values, "message-id"))), None),
        references=_references(values),
        subject=headers.decode_words(_first(values, "subject"))[:MAX_SUBJECT_CHARS],
        from_name=sender.name if sender else "",
        from_address=sender.address if sender else None,
        reply_to=headers.addresses(_all(values, "reply-to")),
        to=headers.addresses(_all(values, "to")),
        cc=headers.addresses(_all(values, "cc")),
        delivered_to=_delivered_to(values),
        date=headers.date(_first(values, "date")),
        text=text or _fallback_text(attachments),
        html=markup,
        attachments=_mark_inline(attachments, markup),
        headers=_kept(values),
        defects=tuple(budget.defects),
        fingerprint=_fingerprint(fields, body),
    )


def _first(values: list[tuple[str, str]], name: str) -> str:
    """The first header of that name that says anything."""
    return next((value for key, value in values if key == name and value), "")


def _all(values: list[tuple[str, str]], name: str) -> str:
    return ", ".join(value for key, value in values if key == name)


def _sender(values: list[tuple[str, str]], budget: mime.Budget) -> Address | None:
    """The first author; a mail with several says so, one without falls back on Sender, never on Reply-To."""
    authors = headers.addresses(_all(values, "from"))
    if len(authors) > 1:
        budget.note("more than one From")
    if authors:
        return authors[0]
    budget.note("From unreadable" if _all(values, "from") else "no From")
    return next(iter(headers.addresses(_all(values, "sender"))), None)


def _references(values: list[tuple[str, str]]) -> tuple[str, ...]:
    found = headers.message_ids(_all(values, "references")) + headers.message_ids(_all(values, "in-reply-to"))
    return tuple(dict.fromkeys(found))[-headers.MAX_REFERENCES :]


def _delivered_to(values: list[tuple[str, str]]) -> tuple[str, ...]:
    """Where the mail was really delivered, which To need not name (BCC, aliases, forwards)."""
    found = [item.address for name in _DELIVERY_HEADERS for item in headers.addresses(_all(values, name))]
    received = (
        match[1] for key, value in values if key == "received" for match in _RECEIVED_FOR.finditer(value)
    )
    found += [address for address in map(headers.address, received) if address]
    return tuple(dict.fromkeys(found))[:50]


def _kept(values: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    kept = ((name, value) for name, value in values if _KEPT_HEADERS.match(name))
    return tuple(
        (name, headers.decode_words(value)[:MAX_HEADER_VALUE])
        for _, (name, value) in zip(range(MAX_KEPT_HEADERS), kept, strict=False)
    )


def _is_file(part: mime.Part) -> bool:
    return part.disposition == "attachment" or bool(part.filename)


def _forwarded_name(part: mime.Part, content: bytes) -> str:
    """A forwarded mail is called by its subject."""
    if part.content_type != "message/rfc822":
        return ""
    fields, _ = mime.split_headers(content[: mime.MAX_HEADER_BYTES], mime.Budget())
    subject = headers.decode_words(_first([(name, headers.text(value)) for name, value in fields], "subject"))
    return f"{subject[:80] or 'message'}.eml"


def _best_alternative(bodies: list[list[_Body]]) -> list[_Body]:
    """One text in two forms: the richest HTML (stated last) and the plain form beside it."""
    markup = next((body for body in reversed(bodies) if any(item.html for item in body)), [])
    plain = next((body for body in bodies if body is not markup and any(item.plain for item in body)), [])
    chosen = (
        [_Body(plain=_joined_text(plain), html=_joined_html(markup))] if markup and plain else markup or plain
    )
    said = _joined_text([*chosen, *(item for item in markup if item.html)])
    others = [item for body in bodies if body is not markup and body is not plain for item in body]
    return [*chosen, *(item for item in others if _joined_text([item]) not in said)]


def _joined_text(bodies: list[_Body]) -> str:
    pieces = [html.to_text(item.html or "") if item.plain is None else item.plain for item in bodies]
    return "\n\n".join(piece.strip("\n") for piece in pieces if piece.strip()).strip()[:MAX_TEXT_CHARS]


def _joined_html(bodies: list[_Body]) -> str | None:
    """HTML of the whole mail when any stretch of it has HTML, the plain stretches escaped in between."""
    if not any(item.html for item in bodies):
        return None
    return "\n".join(
        item.html if item.html is not None else html.from_text(item.plain or "") for item in bodies
    )


def _fallback_text(attachments: tuple[ParsedAttachment, ...]) -> str:
    """A mail that is only a text file or rich text still shows what it says; the file stays attached."""
    if attachments and attachments[0].content_type.startswith("text/"):
        return charsets.clean(charsets.decode(attachments[0].content, None)[0])[:MAX_TEXT_CHARS].strip()
    return ""


def _mark_inline(
    attachments: tuple[ParsedAttachment, ...], markup: str | None
) -> tuple[ParsedAttachment, ...]:
    shown = {match.lower() for match in _CONTENT_ID.findall(markup or "")}
    return tuple(
        ParsedAttachment(item.filename, item.content_type, item.content, item.content_id, inline=True)
        if item.content_id and item.content_id.lower() in shown
        else item
        for item in attachments
    )


def _fingerprint(fields: list[tuple[str, bytes]], body: bytes) -> str:
    digest = hashlib.sha256()
    for wanted in ("from", "to", "cc", "subject", "date"):
        for name, value in fields:
            if name == wanted:
                digest.update(name.encode() + b"\x00" + b" ".join(value.split()) + b"\x00")
    digest.update(b"\r\n".join(body.splitlines()).strip())
    return digest.hexdigest()
