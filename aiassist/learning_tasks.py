"""Celery tasks of learning: note an answer, find what was missed, tidy up."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from aiassist.pipeline import rules
from aiassist.services import learning
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.tasks import TenantTask, TwoScopeTask, enqueue
from tickets.models import Message, MessageKind, MessageState

#: The daily run looks back a little further than a day: an answer whose task was lost is found.
LOOK_BACK = timedelta(days=2)


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
    """Note answers whose task was lost, and forget what is old; returns how many rows were forgotten."""
    now = timezone.now()
    sent = Message.objects.filter(
        kind=MessageKind.REPLY, state=MessageState.SENT, sent_at__gt=now - LOOK_BACK
    )
    for pk in sent.order_by("pk").values_list("pk", flat=True):
        learning.note_answer(pk)
    return learning.tidy(now=now, days=rules().ai_log_days)
