"""Undo, and the ways out of an answer that is held; unsent texts that are shared or come back."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from tickets.models import ComposerDraft, Ticket
from tickets.services import asking, drafts, replying, undoing
from tickets.views.base import is_fragment, member_of, ticket_or_404, toasts, varying
from tickets.views.composer import composer_answer, written_or_404
from tickets.views.conversation import said
from tickets.views.desk import conversation


@require_POST
@member_required("work")
def undo_change(request: HttpRequest) -> HttpResponse:
    """Carry out the note that came with what was done; the page it was done on loads anew."""
    shown: Ticket | None = None
    try:
        with transaction.atomic():
            shown = undoing.undo(token=request.POST.get("note", ""), member=member_of(request))
        messages.success(request, _("Undone."))
    except HelpdeskError as error:
        messages.error(request, said(error))
    place = _place(request, shown)
    if not is_fragment(request):
        return redirect(place)
    response = HttpResponse(status=200)
    response["HX-Redirect"] = place
    return response


def _place(request: HttpRequest, shown: Ticket | None) -> str:
    """The ticket that is there again, or where the reader is."""
    if shown is not None and shown.number:
        return f"/tickets/{shown.number}/"
    here = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "/")
    path = here.path if here.path.startswith("/") and not here.path.startswith("//") else "/"
    return f"{path}?{here.query}" if here.query else path


@require_POST
@member_required("work")
def try_again(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Send a stopped answer once more, if it may."""
    ticket = ticket_or_404(request, number)
    message = written_or_404(ticket, pk)
    try:
        replying.try_again(message=message, member=member_of(request))
        messages.success(request, _("It leaves in a few seconds."))
    except HelpdeskError as error:
        messages.error(request, said(error))
    return _thread(request, ticket)


@require_POST
@member_required("work")
def ask_owner(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Ask the owner about a stopped answer."""
    ticket = ticket_or_404(request, number)
    message = written_or_404(ticket, pk)
    try:
        with transaction.atomic():
            asking.ask_owner(message=message, member=member_of(request))
        messages.success(request, _("The owner was asked. The note is in the ticket."))
    except HelpdeskError as error:
        messages.error(request, said(error))
    return _thread(request, ticket)


def _thread(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    if not is_fragment(request):
        return redirect("desk:ticket", ticket.number)
    request.method = "GET"
    answer = cast("HttpResponse", conversation(request, ticket.number))
    return varying(HttpResponse(answer.content.decode() + toasts(request)))


@require_POST
@member_required("work")
def take_over(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Go on with a colleague's unsent text."""
    ticket = ticket_or_404(request, number)
    draft = ComposerDraft.objects.select_related("ticket", "author").filter(pk=pk, ticket=ticket).first()
    if draft is None:
        raise Http404
    try:
        with transaction.atomic():
            drafts.take_over(draft=draft, member=member_of(request))
    except HelpdeskError as error:
        return composer_answer(request, ticket, status=409, errors=[said(error)])
    return composer_answer(request, ticket, focus=True)


@require_POST
@member_required("work")
def throw_away(request: HttpRequest, number: int) -> HttpResponse:
    """Empty the composer; the text can be brought back."""
    ticket, member = ticket_or_404(request, number), member_of(request)
    drafts.throw_away(ticket=ticket, member=member)
    note = undoing.note("draft", member=member, ticket=ticket.pk)
    messages.success(request, _("Thrown away."), extra_tags=note)
    return composer_answer(request, ticket, extra=toasts(request))


@require_POST
@member_required("work")
def bring_back(request: HttpRequest, number: int) -> HttpResponse:
    """Put the version that was set aside below what is typed."""
    ticket = ticket_or_404(request, number)
    drafts.bring_back(ticket=ticket, member=member_of(request))
    return composer_answer(request, ticket, focus=True)


@require_POST
@member_required("work")
def forget(request: HttpRequest, number: int) -> HttpResponse:
    """The version that was set aside is not needed."""
    ticket = ticket_or_404(request, number)
    drafts.forget_aside(ticket=ticket, member=member_of(request))
    return composer_answer(request, ticket, focus=True)
