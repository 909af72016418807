"""Celery tasks of sorting (queue `ai`): one message before its draft, and learning from solved tickets."""

from __future__ import annotations

from uuid import UUID

import structlog
from celery import shared_task
from django.core.cache import cache

from aiassist.services import sorting, topic_learning
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from helpdesk.tenancy.tasks import TwoScopeTask, enqueue
from tickets.models import Message

log = structlog.get_logger(__name__)
#: Longer than the longest learning: 3,000 examples take about half a minute.
LEARNING_SECONDS = 900


def sort_message(*, organization_id: str, message_id: int) -> None:
    """Sort one message before its draft. Whatever goes wrong is logged and holds nothing up."""
    try:
        with organization_scope(organization_id):
            rows = Message.objects.select_related("ticket__customer", "customer")
            message = rows.filter(pk=message_id).first()
            if message is not None:
                sorting.sort(message)
    except Exception as error:  # noqa: BLE001 - a draft does not wait for its topic
        log.warning("message_not_sorted", message=message_id, error=type(error).__name__)


@shared_task(base=TwoScopeTask, name="aiassist.learn_topics_all")
def learn_topics_all() -> None:
    """Learn in every organization where there is reason to."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(learn_topics, organization_id=str(organization_id))


@shared_task(base=TwoScopeTask, name="aiassist.learn_topics")
def learn_topics(*, organization_id: str) -> str:
    """Learn one organization's topics; at most one run at a time, and a second one finds nothing new."""
    lock = f"topics:{organization_id}"
    if not cache.add(lock, 1, LEARNING_SECONDS):
        return "running"
    try:
        return topic_learning.learn_topics(UUID(organization_id))
    finally:
        cache.delete(lock)
