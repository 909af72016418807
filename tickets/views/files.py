"""Files that came with mails, and mails as they came: given out so that nothing in them can act as our page."""

from __future__ import annotations

import re
from html import unescape

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from helpdesk.people.decorators import member_required
from tickets.conversation import messages_of
from tickets.mail.html import REMOTE_ATTRIBUTE
from tickets.models import Attachment, Message, RawMail
from tickets.selectors.ticket_page import attachment_for
from tickets.views.base import member_of, ticket_or_404

#: Pictures that every browser draws and none runs. SVG is a document with scripts: it is downloaded.
SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_SANDBOX = "default-src 'none'; sandbox"
_IMAGES = (
    "default-src 'none'; img-src https: http: data: 'self'; style-src 'self'; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-popups"
)
_REMOTE = re.compile(rf'\s{REMOTE_ATTRIBUTE}="([^"]*)"')


@require_GET
@member_required()
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """A file: pictures in place, everything else as a download of no particular type."""
    found = attachment_for(pk, member_of(request))
    if found is None:
        raise Http404
    return serve(found)


def serve(found: Attachment) -> FileResponse:
    """The response for a file that the asker may read. Raises Http404 where the file is gone."""
    try:
        content = found.file.open("rb")
    except (OSError, ValueError) as error:
        raise Http404 from error
    shown = found.content_type.lower() in SHOWN_TYPES
    response = FileResponse(content, content_type=found.content_type if shown else "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(not shown, found.name) or "attachment"
    response["Content-Security-Policy"] = _SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_GET
@member_required()
def source(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The original mail, as a file."""
    ticket = ticket_or_404(request, number)
    raw = RawMail.objects.filter(pk__in=messages_of(ticket).filter(pk=pk).values("raw_mail_id")).first()
    if raw is None:
        raise Http404
    response = HttpResponse(bytes(raw.source), content_type="application/octet-stream")
    response["Content-Disposition"] = (
        content_disposition_header(True, f"ticket-{number}-{pk}.eml") or "attachment"
    )
    response["Content-Security-Policy"] = _SANDBOX
    return response


@require_GET
@xframe_options_sameorigin
@member_required()
def images(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """One message with the pictures on other servers: asked for by the reader, in a box that runs nothing."""
    ticket = ticket_or_404(request, number)
    message = messages_of(ticket).filter(pk=pk).first()
    if message is None:
        raise Http404
    response = render(request, "desk/images.html", {"message": message, "body_html": with_images(message)})
    response["Content-Security-Policy"] = _IMAGES
    response["Referrer-Policy"] = "no-referrer"
    return response


def with_images(message: Message) -> str:
    """The cleaned HTML with its blocked pictures; only http and https addresses come back."""

    def shown(match: re.Match[str]) -> str:
        address = unescape(match[1])
        return f' src="{match[1]}"' if re.match(r"https?://", address, re.IGNORECASE) else ""

    return _REMOTE.sub(shown, message.html)
