"""Celery task of the assistant on the help pages (queue `ai`)."""

from __future__ import annotations

from uuid import UUID

import structlog
from celery import shared_task

from aiassist.assistant import answering
from helpdesk.tenancy.tasks import TwoScopeTask

log = structlog.get_logger(__name__)


@shared_task(base=TwoScopeTask, name="aiassist.assistant.answer", expires=60)
def answer(*, organization_id: str, question_id: int) -> None:
    """Answer one question or leave it to a person. Running it twice answers once; it is never tried again later:
    the visitor waits now, and has the way to a person on the same page."""
    try:
        answering.handle(UUID(organization_id), question_id)
    except Exception as error:  # noqa: BLE001 - whatever it is, the visitor is not left waiting
        log.warning("question_not_handled", question=question_id, error=type(error).__name__)
        answering.give_up(UUID(organization_id), question_id)
