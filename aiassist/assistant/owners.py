"""The owner's page of the assistant: is it on, what it said to whom it answered, and whether that was right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from aiassist.assistant import words
from aiassist.assistant.models import Question, QuestionState
from governance.selectors import assistant
from helpdesk.people.decorators import member_required

LOOKS_BACK = timedelta(days=30)
PAGE = 30
#: What can be looked at alone.
ONLY = ("answered", "person", "wrong")


@require_GET
@member_required("manage_policy")
def page(request: HttpRequest) -> HttpResponse:
    """State, figures and the newest questions; five queries, whatever their number."""
    before, only = request.GET.get("before", ""), request.GET.get("only", "")
    found = _questions(only, int(before) if before.isascii() and before.isdigit() and len(before) < 16 else 0)
    rows = list(found[: PAGE + 1])
    context = {
        "state": assistant.state(),
        "counted": assistant.counted(timezone.now() - LOOKS_BACK),
        "only": only if only in ONLY else "",
        "rows": [_row(one) for one in rows[:PAGE]],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "rules_url": reverse("admin:governance_ethicspolicy_changelist"),
    }
    return render(request, "settings/assistant.html", context)


def _questions(only: str, before: int) -> QuerySet[Question]:
    rows = Question.objects.select_related("conversation__ticket").order_by("-pk")
    if only in {"answered", "person"}:
        rows = rows.filter(state=only)
    if only == "wrong":
        rows = rows.filter(right=False)
    return rows.filter(pk__lt=before) if before else rows


def _row(question: Question) -> dict[str, Any]:
    answered = question.state == QuestionState.ANSWERED
    return {
        "at": question.created_at,
        "text": question.text,
        "answer": question.answer if answered else "",
        "sources": question.sources if answered else [],
        "state": question.state,
        "why": words.why(question.why) if question.state == QuestionState.PERSON else "",
        "right": question.right,
        "number": question.conversation.ticket.number if question.conversation.ticket else None,
        "decision": question.decision_id,
    }
