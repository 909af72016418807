"""Rows of the AI room for tests."""

from __future__ import annotations

import itertools
from typing import Any

from django.utils import timezone

from aiassist.models import (
    AIService,
    Draft,
    Passage,
    ServiceTry,
)
from aiassist.tests.factories_assistant import ASSISTANT
from aiassist.tests.factories_drafting import DRAFTING
from aiassist.tests.factories_learning import LEARNING
from aiassist.tests.factories_sorting import SORTING
from governance.tests.factories import make_decision
from tickets.models import Message
from tickets.tests.factories import make_article, make_inbound

_serial = itertools.count(1)


def make_draft(message: Message | None = None, **fields: Any) -> Draft:
    """A proposed draft for an inbound message."""
    message = message or make_inbound()
    decision = fields.pop("decision", None) or make_decision(subject_id=message.pk)
    return Draft.objects.create(
        **{
            "ticket": message.ticket,
            "message": message,
            "decision": decision,
            "text": "You have 30 days.",
            **fields,
        }
    )


def make_service(**fields: Any) -> AIService:
    """An AI service that is not switched on."""
    values = {
        "name": f"Service {next(_serial)}",
        "base_url": "https://ai.example/v1",
        "model": "m",
        "api_key": "key",
    }
    return AIService.objects.create(**{**values, **fields})


def make_passage(**fields: Any) -> Passage:
    """A passage of an article."""
    values: dict[str, Any] = {
        "title": "Returns",
        "text": "30 days",
        "content_hash": "-",
        "vector": [0.0] * 384,
    }
    if not {"article", "canned_reply", "message"} & fields.keys():
        values["article"] = make_article()
    return Passage.objects.create(**{**values, "source_updated_at": timezone.now(), **fields})


def make_try(**fields: Any) -> ServiceTry:
    """A ticket on which a service is tried."""
    service = fields.pop("service", None) or make_service()
    message = fields.pop("message", None) or make_inbound(text="How long?")
    return ServiceTry.objects.create(service=service, message=message, **{"shown": "How long?", **fields})


FACTORIES = {
    **SORTING,
    **LEARNING,
    **DRAFTING,
    **ASSISTANT,
    "aiassist.servicetry": make_try,
    "aiassist.aiservice": make_service,
    "aiassist.draft": make_draft,
    "aiassist.passage": make_passage,
}
