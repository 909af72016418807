"""Rows of sorting for tests."""

from __future__ import annotations

from typing import Any

from aiassist.sorting_models import LearnedTopics, Sorting, TopicMerge
from governance.tests.factories import make_decision
from tickets.models import Message
from tickets.tests.factories import make_inbound


def make_learned(**fields: Any) -> LearnedTopics:
    """What was learned, without a model in it."""
    return LearnedTopics.objects.create(**{"data": "-", "recipe": "topics-1", **fields})


def make_sorting(message: Message | None = None, **fields: Any) -> Sorting:
    """A message that was sorted under returns, and waits for a person's word."""
    message = message or make_inbound()
    values = {"ticket": message.ticket, "message": message, "topic": "returns", "state": "proposed"}
    decision = fields.pop("decision", None) or make_decision(action="triage", subject_id=message.pk)
    return Sorting.objects.create(**{**values, "decision": decision, **fields})


def make_topic_merge(**fields: Any) -> TopicMerge:
    """A topic that became part of another."""
    return TopicMerge.objects.create(**{"source": "refund", "target": "returns", **fields})


SORTING = {
    "aiassist.learnedtopics": make_learned,
    "aiassist.sorting": make_sorting,
    "aiassist.topicmerge": make_topic_merge,
}
