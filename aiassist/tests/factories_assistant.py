"""Rows of the assistant on the help pages for tests."""

from __future__ import annotations

import itertools
from typing import Any

from django.utils import timezone

from aiassist.assistant.models import Conversation, Question
from governance.tests.factories import make_decision

_serial = itertools.count(1)


def make_conversation(**fields: Any) -> Conversation:
    """A visitor's conversation."""
    return Conversation.objects.create(**{"token_hash": f"{next(_serial):064}", "language": "en", **fields})


def make_question(conversation: Conversation | None = None, **fields: Any) -> Question:
    """A question that waits."""
    talk = conversation or make_conversation()
    return Question.objects.create(conversation=talk, **{"text": "How long may I return it?", **fields})


def make_answered(conversation: Conversation | None = None, **fields: Any) -> Question:
    """A question that the assistant answered, with the decision that let it."""
    question = make_question(conversation)
    decision = make_decision(action="answer", allowed=True, subject_kind="assistant", subject_id=question.pk)
    source = {"number": 1, "kind": "article", "id": 1, "title": "Returns", "slug": "returns"}
    told = {
        "state": "answered",
        "done_at": timezone.now(),
        "label": "The assistant, an AI, not a person:",
        "answer": "You have 30 days.",
        "sentences": [{"text": "You have 30 days.", "lead": " ", "cites": [1]}],
        "sources": [{**source, "passage": "You have 30 days.", "updated": "2026-11-01"}],
        **fields,
    }
    Question.objects.filter(pk=question.pk).update(**told, decision=decision)
    question.refresh_from_db()
    return question


ASSISTANT = {"aiassist.conversation": make_conversation, "aiassist.question": make_question}
