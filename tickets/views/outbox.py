"""The local outbox: mails that would have left, while no mail server is set. Each organization reads its own only."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from helpdesk.people.decorators import member_required
from tickets.models import Inbox
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
    addresses = _own_addresses(request)
    mails = []
    for key, mail in _mails():
        if _is_own(mail, addresses):
            mails.append(_line(key, mail))
        if len(mails) >= MOST_MAILS:
            break
    return render(request, "desk/outbox.html", {"mails": mails, "folder": settings.OUTBOX_DIR.name})


@require_GET
@member_required("work")
def outbox_mail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail with its headers and text."""
    addresses = _own_addresses(request)
    for found, mail in _mails():
        if found == key and _is_own(mail, addresses):
            shown = {**_line(key, mail), "headers": [(name, str(value)) for name, value in mail.items()]}
            return render(request, "desk/outbox_mail.html", {"mail": {**shown, "text": _text(mail)}})
    raise Http404


def _own_addresses(request: HttpRequest) -> set[str]:
    if not outbox_allowed(member_of(request)):
        raise Http404
    granted = member_of(request)
    from tickets.selectors.inboxes import sight_of

    rows = Inbox.objects.values_list("pk", "address")
    sight = sight_of(granted)
    return {address for pk, address in rows if sight.sees(pk)}


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


def _is_own(mail: EmailMessage, addresses: set[str]) -> bool:
    return parseaddr(str(mail.get("From", "")))[1].lower() in addresses


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
