"""Celery tasks of learning: note an answer, find what was missed, tidy up."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from aiassist.reading import rules
from aiassist.services import golden, learning, topics
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.tasks import TenantTask, TwoScopeTask, enqueue
from tickets.models import Message, MessageKind, MessageState

#: The daily run looks back a little further than a day: an answer whose task was lost is found.
LOOK_BACK = timedelta(days=2)
#: Longer than the longest run.
RUN_SECONDS = 3_600


@shared_task(base=TenantTask, name="aiassist.note_answer")
def note_answer(*, organization_id: str, message_id: int) -> None:
    """Note what became of the draft that this reply answers; running it twice notes nothing more."""
    learning.note_answer(message_id)


@shared_task(base=TwoScopeTask, name="aiassist.learn_all")
def learn_all() -> None:
    """The daily run, in every organization."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(learn, organization_id=str(organization_id))


@shared_task(base=TenantTask, name="aiassist.learn")
def learn(*, organization_id: str) -> int:
    """Note answers whose task was lost, propose topics for people, forget what is old; returns how many rows went."""
    now = timezone.now()
    sent = Message.objects.filter(
        kind=MessageKind.REPLY, state=MessageState.SENT, sent_at__gt=now - LOOK_BACK
    )
    for pk in sent.order_by("pk").values_list("pk", flat=True):
        learning.note_answer(pk)
    topics.propose()
    return learning.tidy(now=now, days=rules().ai_log_days)


@shared_task(base=TwoScopeTask, name="aiassist.settle_all")
def settle_all() -> None:
    """After an update: may the release's new instructions be used? In every organization."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(settle, organization_id=str(organization_id))


@shared_task(base=TwoScopeTask, name="aiassist.settle")
def settle(*, organization_id: str) -> bool:
    """Try a new wording on the test questions and take it where nothing became worse; at most one run at a time."""
    lock = f"settle:{organization_id}"
    if not cache.add(lock, 1, RUN_SECONDS):
        return False
    try:
        return golden.settle(UUID(organization_id))
    finally:
        cache.delete(lock)


def running_key(organization_id: str) -> str:
    """Set as long as the test questions are asked; with `:said` after it, why the last run could not be made."""
    return f"golden:{organization_id}"


@shared_task(base=TwoScopeTask, name="aiassist.run_golden")
def run_golden(*, organization_id: str, version: str = "") -> str:
    """Let the AI that drafts answer the test questions; at most one run at a time. Returns why not, or ""."""
    key = running_key(organization_id)
    if not cache.add(key, 1, RUN_SECONDS):
        return ""
    try:
        why_not = golden.run_in_use(UUID(organization_id), version)
        cache.set(f"{key}:said", why_not, RUN_SECONDS)
        return why_not
    finally:
        cache.delete(key)
