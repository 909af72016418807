"""What the assistant's page shows: the questions with their answers, each sentence with its sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aiassist.assistant import words
from aiassist.assistant.answering import PATIENCE
from aiassist.assistant.models import Conversation, Question, QuestionState
from aiassist.panel import paragraphs
from governance.explaining import BUILT_IN
from governance.models import AIDecision


@dataclass(frozen=True)
class Told:
    """One question as its asker sees it. `state`: waiting, answered, person."""

    pk: int
    text: str
    state: str
    label: str
    paragraphs: list[list[dict[str, Any]]]
    sources: list[dict[str, Any]]
    open_parts: list[str]
    why: str
    right: bool | None
    language: str
    elsewhere: bool  # the answer is in another language than the page
    service: str
    version: int | None  # of the rules that let it


def told(talk: Conversation | None) -> list[Told]:
    """The questions of a conversation in their order. One query."""
    rows = talk.questions.select_related("decision__policy").order_by("pk") if talk else []
    return [_told(one) for one in rows]


def is_waiting(rows: list[Told]) -> bool:
    """Whether the page has to be looked at again."""
    return any(one.state == QuestionState.WAITING for one in rows)


def _told(question: Question) -> Told:
    late = question.state == QuestionState.WAITING and question.created_at < timezone.now() - PATIENCE
    return Told(
        pk=question.pk,
        text=question.text,
        state=QuestionState.PERSON.value if late else question.state,
        label=question.label,
        paragraphs=paragraphs(question.sentences),
        sources=[_source(one) for one in question.sources],
        open_parts=question.open_parts,
        why="" if question.state == QuestionState.ANSWERED else words.why("late" if late else question.why),
        right=question.right,
        service=_service(question.decision),
        version=question.decision.policy.version if question.decision and question.decision.policy else None,
        language=question.answer_language,
        elsewhere=question.answer_language not in ("", get_language()),
    )


def _service(decision: AIDecision | None) -> str:
    name = decision.system.partition("/")[0] if decision else ""
    return _("our own built-in assistant, inside our helpdesk") if name in BUILT_IN else name


def _source(source: dict[str, Any]) -> dict[str, Any]:
    return {
        "n": source["number"],
        "title": source["title"],
        "passage": source["passage"],
        "url": reverse("help-article", args=[source["slug"]]),
        "day": date_format(date.fromisoformat(source["updated"]), "j F Y"),
    }
