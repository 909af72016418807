"""The local outbox: mails that would have left, while no mail server is set. Each organization reads its own only."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from helpdesk.people.decorators import member_required
from tickets.models import Message, MessageKind, Ticket
from tickets.views.base import member_of
from tickets.views.frame import outbox_allowed

MOST_MAILS = 200
MOST_FILES = 1000
#: Django's file backend puts this line after each mail of a file.
_END = b"\n" + b"-" * 79 + b"\n"


@require_GET
@member_required("work")
def outbox(request: HttpRequest) -> HttpResponse:
    """The newest mails, newest first."""
    mails = [_line(key, mail) for key, mail in _own_mails(request)[:MOST_MAILS]]
    return render(request, "desk/outbox.html", {"mails": mails, "folder": settings.OUTBOX_DIR.name})


@require_GET
@member_required("work")
def outbox_mail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail with its headers and text."""
    for found, mail in _own_mails(request):
        if found == key:
            shown = {**_line(key, mail), "headers": [(name, str(value)) for name, value in mail.items()]}
            return render(request, "desk/outbox_mail.html", {"mail": {**shown, "text": _text(mail)}})
    raise Http404


def _own_mails(request: HttpRequest) -> list[tuple[str, EmailMessage]]:
    """Those that left from tickets the member sees. One query.

    By their Message-IDs, which are rows of the organization: an address in From may be another's inbox as well.
    """
    if not outbox_allowed(member_of(request)):
        raise Http404
    mails = list(_mails())
    named = Message.objects.filter(
        message_id__in={_identifier(mail) for _key, mail in mails} - {""},
        kind__in=(MessageKind.REPLY, MessageKind.ACK, MessageKind.FORWARD),
        ticket__in=Ticket.objects.visible_to(member_of(request)),
    )
    own = set(named.values_list("message_id", flat=True))
    return [(key, mail) for key, mail in mails if _identifier(mail) in own]


def _identifier(mail: EmailMessage) -> str:
    return str(mail.get("Message-ID", "")).strip().strip("<>")


def _mails() -> Iterator[tuple[str, EmailMessage]]:
    """Key and mail of every mail in the folder, newest file first."""
    folder = Path(settings.OUTBOX_DIR)
    if not folder.is_dir():
        return
    files = sorted(
        (one for one in folder.iterdir() if one.suffix in (".log", ".eml") and one.is_file()),
        key=lambda one: one.stat().st_mtime,
        reverse=True,
    )
    for file in files[:MOST_FILES]:
        pieces = [one for one in file.read_bytes().split(_END) if one.strip()]
        for number, piece in reversed(list(enumerate(pieces))):
            mail = email.message_from_bytes(piece, policy=email.policy.default)
            yield f"{file.stem}.{number}", mail  # type: ignore[misc]


def _line(key: str, mail: EmailMessage) -> dict[str, Any]:
    return {
        "key": key,
        "url": reverse("desk:outbox_mail", args=[key]),
        "from": str(mail.get("From", "")),
        "to": str(mail.get("To", "")),
        "subject": str(mail.get("Subject", "")),
        "at": _date(mail),
        "ai_involvement": str(mail.get("AI-Involvement", "")),
        "files": [part.get_filename() or "" for part in mail.iter_attachments()],
    }


def _date(mail: EmailMessage) -> Any:
    try:
        return parsedate_to_datetime(str(mail.get("Date", "")))
    except (TypeError, ValueError):
        return None


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain", "html"))
    try:
        return str(body.get_content()) if body is not None else ""
    except (LookupError, ValueError):
        return ""
