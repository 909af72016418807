"""What the AI learned: figures per topic, topics to decide on, lessons and how to forget them; why a draft was bad."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from aiassist import selectors, topics_judged
from aiassist.core.learned import REASONS
from aiassist.models import DraftState, Lesson, TopicProposal
from aiassist.panel import panel
from aiassist.reading import rules
from aiassist.services import learning, saving, topics
from governance.core.topics import topic_words
from governance.figures import Measured, in_words
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.people.middleware import member_of
from tickets.views.base import ticket_or_404

RIGHT = "manage_policy"
#: Passages named on the page, those that moved most.
MOST_SHOWN = 10


@never_cache
@require_GET
@member_required(RIGHT)
def page(request: HttpRequest) -> HttpResponse:
    """Figures per topic, what waits for a decision, what was learned."""
    clauses = rules()
    proposals = TopicProposal.objects.select_related("decided_by__user", "policy").order_by("-pk")[:20]
    return render(
        request,
        "settings/ai_learned.html",
        {
            "days": clauses.ai_log_days,
            "enough": topics_judged.ENOUGH,
            "topics": [_topic(one) for one in topics_judged.figures(topics.since())],
            "proposals": [_proposal(one) for one in proposals],
            **_lessons(),
        },
    )


def _topic(one: topics_judged.TopicFigures) -> dict[str, Any]:
    return {
        "name": _named(one.topic),
        "counts": one.counts,
        "drafts": one.drafts,
        "figures": [
            (_("Used"), _said(one.acceptance, "share")),
            (_("Words changed"), _said(one.changed, "share")),
            (_("Waited less"), _said(one.saved, "seconds")),
            (_("Asked for a person"), _said(one.person, "share")),
        ],
    }


def _named(topic: str) -> str:
    return str(topic_words(topic)) if topic else _("without a topic")


def _said(measured: Measured, unit: str) -> dict[str, Any]:
    """A figure in words, with its interval; or why there is none."""
    if measured.value is None:
        return {"because": measured.because}
    return {
        "value": _signed(measured.value, unit),
        "low": _signed(measured.low or 0, unit),
        "high": _signed(measured.high or 0, unit),
        "n": measured.n,
    }


def _signed(value: float, unit: str) -> str:
    """A wait may have become longer."""
    return in_words(value, unit) if value >= 0 else f"−{in_words(-value, unit)}"


def _proposal(row: TopicProposal) -> dict[str, Any]:
    url = reverse("admin:governance_ethicspolicy_change", args=[row.policy_id]) if row.policy_id else ""
    return {
        "row": row,
        "name": _named(row.topic),
        "reasons": [topics_judged.in_sentence(one) for one in row.reasons],
        "policy_url": url,
    }


def _lessons() -> dict[str, Any]:
    """How many there are, of how many customers, and which passages they moved most. Three queries."""
    now = learning.learned_now()
    counted = Lesson.objects.filter(forgotten_at=None).aggregate(
        lessons=Count("pk"), customers=Count("customer", distinct=True)
    )
    lately = Lesson.objects.filter(forgotten_at__gt=timezone.now() - learning.TAKE_BACK)
    return {
        **counted,
        "helped": sum(value > 0 for value in now.weights.values()),
        "misled": sum(value < 0 for value in now.weights.values()),
        "careful": [_named(topic) for topic in sorted(now.caution)][:MOST_SHOWN],
        "forgotten": lately.count(),
    }


@require_POST
@member_required(RIGHT)
def forget(request: HttpRequest) -> HttpResponse:
    """Begin anew, or take that back."""
    member = member_of(request)
    try:
        if request.POST.get("back"):
            learning.take_back(member=member)
            messages.success(request, _("It counts again."))
        else:
            learning.begin_anew(member=member)
            messages.success(request, _("Forgotten. Until tomorrow you can take it back."))
    except HelpdeskError as error:
        _tell(request, error)
    return redirect("ai-learned")


@require_POST
@member_required(RIGHT)
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes, no, or decide anew."""
    row, member = get_object_or_404(TopicProposal, pk=pk), member_of(request)
    note = request.POST.get("note", "")
    try:
        if request.POST.get("answer") == "yes":
            row = topics.accept(proposal=row, member=member, note=note)
            messages.success(request, _("A new version of your rules is begun. Read it and publish it."))
        elif request.POST.get("answer") == "no":
            topics.decline(proposal=row, member=member, note=note)
            messages.success(request, _("Noted. The AI goes on there."))
        else:
            topics.take_back(proposal=row, member=member)
            messages.success(request, _("It waits for a decision again."))
    except HelpdeskError as error:
        _tell(request, error)
    return redirect("ai-learned")


@require_POST
@member_required("work")
def reason(request: HttpRequest, number: int) -> HttpResponse:
    """Why a draft was rejected; nobody has to say."""
    ticket = ticket_or_404(request, number)
    message = selectors.newest_inbound(ticket)
    draft = selectors.draft_of(message) if message else None
    said = request.POST.get("reason", "")
    if draft is not None and draft.state == DraftState.REJECTED and said in REASONS:
        saving.say_why(draft=draft, reason=said)
    context = {"ai": panel(ticket, member_of(request), thanked=bool(said))}
    return render(request, "desk/_ai_panel.html", context)


def _tell(request: HttpRequest, error: HelpdeskError) -> None:
    messages.error(request, f"{error.message} {error.next_step}".strip())
