"""Rows about learning for tests."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from aiassist.models import AnswerFact, GoldenRun, GoldenTicket, Lesson, PromptChoice, TopicProposal
from governance.tests.factories import make_decision
from tickets.models import Message
from tickets.tests.factories import make_inbound


def make_answer_fact(message: Message | None = None, **fields: Any) -> AnswerFact:
    """A message that was answered with the draft as it was."""
    message = message or make_inbound()
    values = {
        "ticket": message.ticket,
        "message": message,
        "topic": "returns",
        "became": "used",
        "changed": 0.0,
    }
    return AnswerFact.objects.create(**{**values, "wait_seconds": 3_600, **fields})


def make_lesson(**fields: Any) -> Lesson:
    """A passage that helped."""
    fact = fields.pop("fact", None) or make_answer_fact()
    decision = fields.pop("decision", None) or make_decision(action="reuse", subject_id=fact.message_id)
    values = {
        "customer": fact.ticket.customer,
        "passage": "" if fields.get("topic") else "a" * 16,
        "value": 1.0,
    }
    return Lesson.objects.create(fact=fact, decision=decision, **{**values, **fields})


def make_golden(**fields: Any) -> GoldenTicket:
    """A test question that nobody's words are in."""
    values = {
        "title": "Returns",
        "question": "How long do I have to return a coat?",
        "must_say": ["30 days"],
        "sources": ["Returns"],
    }
    return GoldenTicket.objects.create(**{**values, **fields})


def make_golden_run(**fields: Any) -> GoldenRun:
    """A run of the built-in assistant."""
    figures = {"n": 1, "passed": 1, "criteria": {}, "missed": {}}
    values = {"system": "built-in/builtin-1", "prompt_hash": "-", "set_hash": "-", "figures": figures}
    return GoldenRun.objects.create(**{**values, **fields})


def make_prompt_choice(**fields: Any) -> PromptChoice:
    """Somebody chose a wording."""
    return PromptChoice.objects.create(**{"prompt_hash": "-", "reason": "Better.", **fields})


def make_topic_proposal(**fields: Any) -> TopicProposal:
    """A topic that waits for a decision."""
    if fields.get("state", "open") != "open":
        fields.setdefault("decided_at", timezone.now())
    return TopicProposal.objects.create(**{"topic": "returns", **fields})


LEARNING = {
    "aiassist.answerfact": make_answer_fact,
    "aiassist.lesson": make_lesson,
    "aiassist.goldenticket": make_golden,
    "aiassist.goldenrun": make_golden_run,
    "aiassist.promptchoice": make_prompt_choice,
    "aiassist.topicproposal": make_topic_proposal,
}
