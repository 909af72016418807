"""What the assistant's page shows: the questions with their answers, each sentence with its sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from aiassist.assistant import words
from aiassist.assistant.answering import PATIENCE
from aiassist.assistant.models import Conversation, Question, QuestionState
from aiassist.panel import paragraphs


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


def told(talk: Conversation | None) -> list[Told]:
    """The questions of a conversation in their order. One query."""
    return [_told(one) for one in talk.questions.order_by("pk")] if talk else []


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
        language=question.answer_language,
        elsewhere=question.answer_language not in ("", get_language()),
    )


def _source(source: dict[str, Any]) -> dict[str, Any]:
    return {
        "n": source["number"],
        "title": source["title"],
        "passage": source["passage"],
        "url": reverse("help-article", args=[source["slug"]]),
        "day": date_format(date.fromisoformat(source["updated"]), "j F Y"),
    }
