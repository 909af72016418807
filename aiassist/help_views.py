"""Requests for help beside a draft: reword the reply, translate it, sum the conversation up."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from aiassist import help_panel
from aiassist.core.help_words import HelpKind
from aiassist.drafting_models import Help
from aiassist.services import helping
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from tickets.models import Ticket
from tickets.services import replying
from tickets.views.base import member_of, ticket_or_404
from tickets.views.composer import composer_answer, what_was_typed

KINDS = {one.value for one in HelpKind}


@require_GET
@member_required("work")
def menu(request: HttpRequest, number: int) -> HttpResponse:
    """What can be done with the text in the composer."""
    ticket = ticket_or_404(request, number)
    return render(request, "desk/_help_menu.html", {"menu": help_panel.menu(ticket, member_of(request))})


@require_GET
@member_required("work")
def text(request: HttpRequest, number: int) -> HttpResponse:
    """The reworded text as it stands now."""
    return _text(request, ticket_or_404(request, number))


@require_GET
@member_required("read")
def summary(request: HttpRequest, number: int) -> HttpResponse:
    """The summary as it stands now."""
    return _summary(request, ticket_or_404(request, number))


@require_GET
@member_required("manage_knowledge")
def article(request: HttpRequest, number: int) -> HttpResponse:
    """The article in the AI service's words, as it stands now."""
    return _article(request, ticket_or_404(request, number))


@require_POST
@member_required("work")
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Hand the text or the conversation to the worker; the page hears when it is done."""
    ticket, member, kind = ticket_or_404(request, number), member_of(request), request.POST.get("ask", "")
    if kind not in KINDS:
        return _text(request, ticket, refused=_("Choose what to do with the text."))
    shown = {HelpKind.SUMMARY: _summary, HelpKind.ARTICLE: _article}
    show = shown.get(HelpKind(kind), _text)
    refused = ""
    try:
        if HelpKind(kind) in helping.REWORDS:
            replying.save_composer(ticket=ticket, member=member, **what_was_typed(request))
        helping.ask(
            ticket=ticket,
            member=member,
            kind=kind,
            text=request.POST.get("body", "").replace("\r\n", "\n"),
            language=request.POST.get("language", ""),
        )
    except HelpdeskError as error:
        refused = f"{error.message} {error.next_step}".strip()
    return show(request, ticket, refused=refused)


@require_POST
@member_required("work")
def use(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Put the new text into the composer; it goes out only when the agent sends it."""
    return _swap(request, number, pk, helping.use)


@require_POST
@member_required("work")
def undo(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The text as it was before."""
    return _swap(request, number, pk, helping.take_back)


@require_POST
@member_required("work")
def dismiss(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The new text is not wanted."""
    ticket = ticket_or_404(request, number)
    helping.dismiss(row=_row(ticket, pk), member=member_of(request))
    return _text(request, ticket)


def _swap(request: HttpRequest, number: int, pk: int, act: Any) -> HttpResponse:
    ticket, member = ticket_or_404(request, number), member_of(request)
    row = _row(ticket, pk)
    refused: dict[str, Any] = {}
    try:
        if "body" in request.POST:
            replying.save_composer(ticket=ticket, member=member, **what_was_typed(request))
        act(row=row, member=member)
    except HelpdeskError as error:
        refused = {"errors": [f"{error.message} {error.next_step}".strip()]}
    return composer_answer(request, ticket, focus=True, help_now=True, **refused)


def _row(ticket: Ticket, pk: int) -> Help:
    row = Help.objects.select_related("ticket", "decision").filter(pk=pk, ticket=ticket).first()
    if row is None:
        raise Http404
    return row


def _text(request: HttpRequest, ticket: Ticket, *, refused: str = "") -> HttpResponse:
    context = {"help": help_panel.text(ticket, member_of(request), refused=refused)}
    return render(request, "desk/_help_text.html", context)


def _summary(request: HttpRequest, ticket: Ticket, *, refused: str = "") -> HttpResponse:
    context = {"summary": help_panel.summary(ticket, member_of(request), refused=refused)}
    return render(request, "desk/_ai_summary.html", context)


def _article(request: HttpRequest, ticket: Ticket, *, refused: str = "") -> HttpResponse:
    context = {"words": help_panel.article(ticket, member_of(request), refused=refused)}
    return render(request, "desk/_article_words.html", context)
