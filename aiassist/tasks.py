"""Celery tasks of the AI worker (queue `ai`): one message to its outcome, the sweep, the index."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from celery import shared_task
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext

from aiassist import helping, pipeline, trying_again
from aiassist.core.providers.base import ProviderError
from aiassist.selectors import messages_without_outcome
from aiassist.services import golden, indexing, pair_audit, retention, trying
from aiassist.sorting_tasks import sort_message
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from helpdesk.tenancy.tasks import TenantTask, TwoScopeTask, enqueue

log = structlog.get_logger(__name__)

#: Two workers on one message would pay twice; the second waits for the sweep. Longer than the longest call.
LOCK_SECONDS = 180
SWEEP_AFTER = timedelta(seconds=30)
RETRIES = 3
#: A service that wants to be left alone for more seconds than this is not waited for.
LONGEST_WISH = 30.0
#: Longer than the longest check on invented customers.
PAIRS_SECONDS = 3_600


@contextmanager
def only_once(organization_id: str, message_id: int) -> Iterator[bool]:
    """Whether this process may work on the message now; one at a time may."""
    lock = f"draft:{organization_id}:{message_id}"
    mine = cache.add(lock, 1, LOCK_SECONDS)
    try:
        yield mine
    finally:
        if mine:
            cache.delete(lock)


@shared_task(base=TwoScopeTask, bind=True, name="aiassist.handle_message", max_retries=RETRIES)
def handle_message(self: Any, *, organization_id: str, message_id: int, asked: bool = False) -> None:
    """Give an inbound message its outcome. Idempotent; retried with jitter where the service may recover.

    `asked`: a colleague wants a draft, also where the rules say that the AI drafts on demand only.
    """
    with only_once(organization_id, message_id) as mine:
        if not mine:
            return
        sort_message(organization_id=organization_id, message_id=message_id)
        try:
            pipeline.handle(UUID(organization_id), message_id, asked=asked)
        except ProviderError as error:
            _again(self, organization_id, message_id, error, gettext(error.text), asked=asked)
        except Exception as error:  # noqa: BLE001 - whatever it is, the message gets its outcome
            # Without an outcome the sweep would bring it back for ever, and pay for a call each time.
            log.warning("message_not_handled", message=message_id, error=type(error).__name__)
            reason = gettext("Something went wrong while drafting.")
            _again(self, organization_id, message_id, error, reason, asked=asked)


def _again(
    task: Any, organization_id: str, message_id: int, error: Exception, reason: str, *, asked: bool
) -> None:
    """Try later and say so in the panel, or give up for good where that was the last time."""
    wish = getattr(error, "retry_after", None) or 0.0
    if task.request.retries < RETRIES and wish <= LONGEST_WISH:
        pause = max(_pause(task.request.retries), wish)
        trying_again.note(UUID(organization_id), message_id, reason, pause)
        raise task.retry(exc=error, countdown=pause) from error
    pipeline.give_up(UUID(organization_id), message_id, reason, asked=asked)


@shared_task(base=TwoScopeTask, name="aiassist.sweep_all")
def sweep_all(*, days: int = 7) -> None:
    """Find what a broker lost, in every organization; once a day beat looks much further back."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(sweep, organization_id=str(organization_id), days=days)


@shared_task(base=TwoScopeTask, name="aiassist.sweep")
def sweep(*, organization_id: str, days: int = 7) -> int:
    """Enqueue inbound messages that have no outcome yet; returns how many."""
    with organization_scope(organization_id):
        lost = messages_without_outcome(before=timezone.now() - SWEEP_AFTER, days=days)
    for message_id in lost:
        enqueue(handle_message, organization_id=organization_id, message_id=message_id)
    return len(lost)


@shared_task(base=TwoScopeTask, name="aiassist.index_all")
def index_all() -> None:
    """Bring every organization's passages in step with its articles and replies."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(index, organization_id=str(organization_id))


@shared_task(base=TwoScopeTask, name="aiassist.index")
def index(*, organization_id: str) -> int:
    """Bring one organization's passages in step."""
    return indexing.index_organization(UUID(organization_id))


def _pause(retries: int) -> float:
    """4, 8, 16 seconds, each with jitter, so that many tickets do not come back at once."""
    return 2 ** (retries + 2) * random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, keeps no secret


@shared_task(base=TwoScopeTask, name="aiassist.forget_all")
def forget_all() -> None:
    """Forget old AI texts in every organization."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(forget, organization_id=str(organization_id))


@shared_task(base=TenantTask, name="aiassist.forget")
def forget(*, organization_id: str) -> int:
    """Forget one organization's old AI texts; running it twice forgets nothing more."""
    return retention.forget_old_texts(now=timezone.now())


@shared_task(base=TwoScopeTask, name="aiassist.audit_pairs_all")
def audit_pairs_all() -> None:
    """Check on invented customers in every organization whose last check is a week old."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(audit_pairs, organization_id=str(organization_id), only_if_due=True)


@shared_task(base=TwoScopeTask, name="aiassist.audit_pairs")
def audit_pairs(*, organization_id: str, only_if_due: bool = False) -> list[str]:
    """Check on invented customers for one organization; at most one run at a time. Returns the verdicts."""
    lock = f"pairs:{organization_id}"
    if not cache.add(lock, 1, PAIRS_SECONDS):
        return []
    try:
        with organization_scope(organization_id):
            if only_if_due and pair_audit.is_fresh():
                return []
        return [one.verdict or one.why_not for one in pair_audit.run(UUID(organization_id))]
    finally:
        cache.delete(lock)


@shared_task(base=TwoScopeTask, name="aiassist.help_out")
def help_out(*, organization_id: str, help_id: int) -> str:
    """Reword, translate or sum up what an agent asked for; running it twice does it once."""
    return helping.run(UUID(organization_id), help_id)


def checking_key(organization_id: str, service_id: int) -> str:
    """Set as long as a service is being checked; with `:said` after it, why the last run could not be made."""
    return f"pairs:{organization_id}:{service_id}"


@shared_task(base=TwoScopeTask, name="aiassist.try_service")
def try_service(*, organization_id: str, try_ids: list[int]) -> list[str]:
    """Try an outside service on the tickets that its owner looked at; running it twice calls once."""
    return [trying.run(UUID(organization_id), one) for one in try_ids]


@shared_task(base=TwoScopeTask, name="aiassist.check_service")
def check_service(*, organization_id: str, service_id: int) -> str:
    """Check one outside service on invented customers; at most one run at a time. Returns the verdict, or why not."""
    lock = checking_key(organization_id, service_id)
    if not cache.add(lock, 1, PAIRS_SECONDS):
        return ""
    try:
        ran = pair_audit.check_service(UUID(organization_id), service_id)
        golden.check_service(UUID(organization_id), service_id)
        cache.set(f"{lock}:said", ran.why_not, PAIRS_SECONDS)
        return ran.verdict or ran.why_not
    finally:
        cache.delete(lock)
