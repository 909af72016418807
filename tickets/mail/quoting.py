"""The earlier mail below an answer or a forward: as text when it is written, as HTML when it leaves."""

from __future__ import annotations

from html import escape
from typing import Final

from django.utils import timezone

from governance.core.disclosure import language_for
from tickets.mail import html as mail_html
from tickets.models import Message, MessageKind

MOST_CHARACTERS: Final = 20_000
MOST_LINES: Final = 300
_WROTE: Final = {
    "en": "On {date} at {time}, {name} wrote:",
    "de": "Am {date} um {time} schrieb {name}:",
    "fr": "Le {date} à {time}, {name} a écrit :",
    "es": "El {date} a las {time}, {name} escribió:",
}
_FORWARDED: Final = {
    "en": ("Forwarded message", "From", "Date", "Subject"),
    "de": ("Weitergeleitete Nachricht", "Von", "Datum", "Betreff"),
    "fr": ("Message transféré", "De", "Date", "Objet"),
    "es": ("Mensaje reenviado", "De", "Fecha", "Asunto"),
}


def answered(message: Message | None, language: str | None) -> str:
    """The message answered as mail programs quote it; "" for none, and for what an agent wrote down for a customer."""
    if message is None or not message.text.strip():
        return ""
    if message.ticket.channel == "agent" and message.raw_mail_id is None:
        return ""
    at = timezone.localtime(message.created_at)
    head = _WROTE[language_for(language)].format(
        date=f"{at:%d.%m.%Y}" if language_for(language) != "en" else f"{at:%Y-%m-%d}",
        time=f"{at:%H:%M}",
        name=_name(message),
    )
    return "\n".join([head, *(f"> {line}".rstrip() for line in _lines(message.text))])


def forwarded(message: Message, language: str | None) -> str:
    """The message as a forward shows it: from whom, when, about what, and its text."""
    mark, sender, date, subject = _FORWARDED[language_for(language)]
    at = timezone.localtime(message.sent_at or message.created_at)
    head = [
        f"---------- {mark} ----------",
        f"{sender}: {_name(message)}",
        f"{date}: {at:%Y-%m-%d %H:%M}",
        f"{subject}: {message.subject or message.ticket.subject}",
    ]
    said = [message.disclosure] if message.disclosure else []
    return "\n".join([*head, "", *_lines(message.text), *(["", *said] if said else [])])


def _name(message: Message) -> str:
    if message.kind in (MessageKind.INBOUND, MessageKind.OUTSIDE):
        return str(message.customer or message.ticket.customer)
    return message.author.display_name if message.author else str(message.ticket.inbox)


def _lines(text: str) -> list[str]:
    lines = text.strip()[:MOST_CHARACTERS].splitlines()
    return lines[:MOST_LINES] + (["[…]"] if len(lines) > MOST_LINES or len(text) > MOST_CHARACTERS else [])


def below(message: Message, text: str, html: str) -> tuple[str, str]:
    """The parts of a mail with the message's quote at their end: all that must be seen stays above it."""
    if not message.quoted:
        return text, html
    return f"{text.rstrip()}\n\n{message.quoted}\n", f"{html}{_as_html(message)}" if html else html


def _as_html(message: Message) -> str:
    if message.kind == MessageKind.FORWARD:
        return f"<div>{mail_html.from_text(message.quoted)}</div>"
    head, _line, rest = message.quoted.partition("\n")
    plain = "\n".join(line.removeprefix(">").removeprefix(" ") for line in rest.split("\n"))
    return f"<p>{escape(head)}</p><blockquote>{mail_html.from_text(plain)}</blockquote>"
