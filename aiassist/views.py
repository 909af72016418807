"""The AI panel's requests: look, use, edit, reject, take back, off here, try again; and the activity page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from aiassist import help_panel, selectors
from aiassist.missing import missing_article
from aiassist.models import Draft, DraftState
from aiassist.panel import panel
from aiassist.retrieval import may_see
from aiassist.services import saving, suggesting
from aiassist.tasks import handle_message
from governance.models import AIStop
from governance.services import stops
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.people.models import Membership
from helpdesk.tenancy.scope import current_organization_id
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.forms import ARTICLE_LANGUAGES, ArticleForm
from tickets.models import MessageOutcome, Ticket
from tickets.services import replying
from tickets.views.base import member_of, ticket_or_404
from tickets.views.composer import composer_context


def _draft(ticket: Ticket, member: Membership) -> Draft:
    """The newest draft; none for who may not see what it stands on."""
    message = selectors.newest_inbound(ticket)
    draft = selectors.draft_of(message) if message else None
    if draft is None or not may_see(draft.sources, member):
        raise Http404
    return draft


def _show(request: HttpRequest, ticket: Ticket, **extra: Any) -> HttpResponse:
    member = member_of(request)
    return render(request, "desk/_ai_panel.html", {"ai": panel(ticket, member, **extra)})


@require_GET
@member_required("read")
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The panel as it stands now."""
    return _show(request, ticket_or_404(request, number))


def _take(request: HttpRequest, number: int, state: DraftState, *, focus: bool) -> HttpResponse:
    """Put the draft into the composer; it goes out only when the agent sends it."""

    member = member_of(request)
    ticket = ticket_or_404(request, number)
    draft = _draft(ticket, member)
    saving.decide(draft=draft, state=state, member=member)
    replying.save_composer(
        ticket=ticket,
        member=member,
        kind="reply",
        text=draft.text,
        cc=request.POST.get("cc", ""),
        used_decision=draft.decision,
    )
    context = {"ticket": ticket, "composer": {**composer_context(ticket, member), "focus": focus}}
    composer = render_to_string("desk/_composer.html", context, request=request)
    aside = render_to_string(
        "desk/_ai_panel.html", {"ai": panel(ticket, member), "oob": True}, request=request
    )
    return HttpResponse(composer + aside)


@require_POST
@member_required("work")
def use(request: HttpRequest, number: int) -> HttpResponse:
    """Use the draft as it is."""
    return _take(request, number, DraftState.USED, focus=False)


@require_POST
@member_required("work")
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Use the draft and go on writing."""
    return _take(request, number, DraftState.EDITED, focus=True)


@require_POST
@member_required("work")
def reject(request: HttpRequest, number: int) -> HttpResponse:
    """Reject the draft; nobody has to say why."""
    ticket = ticket_or_404(request, number)
    saving.decide(
        draft=_draft(ticket, member_of(request)),
        state=DraftState.REJECTED,
        member=member_of(request),
        reason=request.POST.get("reason", ""),
    )
    return _show(request, ticket)


@require_POST
@member_required("work")
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Show the draft again."""
    ticket = ticket_or_404(request, number)
    saving.decide(
        draft=_draft(ticket, member_of(request)), state=DraftState.PROPOSED, member=member_of(request)
    )
    return _show(request, ticket)


@require_POST
@member_required("work")
def off(request: HttpRequest, number: int) -> HttpResponse:
    """No AI on this ticket."""
    ticket = ticket_or_404(request, number)
    stops.stop_ai(scope="ticket", member=member_of(request), ticket_id=ticket.pk)
    return _show(request, ticket)


@require_POST
@member_required("work")
def on(request: HttpRequest, number: int) -> HttpResponse:
    """AI on this ticket again."""
    ticket = ticket_or_404(request, number)
    for stop in AIStop.objects.filter(scope="ticket", subject_id=ticket.pk, lifted_at=None):
        stops.lift(stop=stop, member=member_of(request))
    return _show(request, ticket)


@require_POST
@member_required("work")
def retry(request: HttpRequest, number: int) -> HttpResponse:
    """Try a failed message again: its failure is taken away, and the worker gets it anew."""
    ticket = ticket_or_404(request, number)
    message = selectors.newest_inbound(ticket)
    if message and MessageOutcome.objects.filter(message=message, result="failed").delete()[0]:
        enqueue_on_commit(
            handle_message, organization_id=current_organization_id(), message_id=message.pk, asked=True
        )
    return _show(request, ticket)


@require_GET
@member_required("manage_knowledge")
def article(request: HttpRequest, number: int) -> HttpResponse:
    """The form of a new article, begun with the ticket's question and the answer that the team sent."""
    ticket = ticket_or_404(request, number)
    found = missing_article(ticket, member_of(request))
    languages = {code for code, _ in ARTICLE_LANGUAGES}
    language = found.language if found.language in languages else "en"
    title, body = help_panel.article_words(ticket, request.GET.get("words", "")) or (found.title, found.body)
    form = ArticleForm(initial={"title": title, "body": body, "language": language})
    context = {
        "form": form,
        "article": None,
        "action": reverse("desk:article_new"),
        "next": reverse("desk:ticket", args=[number]),
        "about": ticket,
        "words": help_panel.article(ticket, member_of(request)),
    }
    return render(request, "desk/article_edit.html", context)


@require_POST
@member_required("work")
def suggest(request: HttpRequest, number: int) -> HttpResponse:
    """ "Suggest a reply": the worker gets the message anew; the panel waits for it."""
    ticket = ticket_or_404(request, number)
    try:
        suggesting.suggest(ticket=ticket, member=member_of(request))
    except HelpdeskError as refused:
        return _show(request, ticket, refused=f"{refused.message} {refused.next_step}".strip())
    return _show(request, ticket)


@require_GET
@member_required("see_ai_activity")
def activity(request: HttpRequest) -> HttpResponse:
    """What the AI was asked, what was allowed or stopped and why, who sent it, what it cost."""
    before = request.GET.get("before", "")
    only = request.GET.get("only", "")
    rows = selectors.activity(before_id=int(before) if before.isdigit() else None, only=only)
    return render(request, "desk/ai_activity.html", selectors.activity_page(rows, member_of(request), only))
