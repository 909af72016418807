"""Celery tasks that know their organization, and the one way to enqueue them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from celery import Task
from django.db import close_old_connections, connection, transaction

from helpdesk.tenancy.scope import organization_scope

log = structlog.get_logger(__name__)


class TwoScopeTask(Task):  # type: ignore[type-arg]
    """A task that opens its own short scopes, because it waits for a network between them.

    Every call names `organization_id`; one without it fails where it is enqueued (Celery checks the signature).
    """

    abstract = True
    typing = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not connection.in_atomic_block:
            close_old_connections()
        return super().__call__(*args, **kwargs)


class TenantTask(TwoScopeTask):
    """A task that runs as a whole in the scope of its organization."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with organization_scope(kwargs["organization_id"]):
            return super().__call__(*args, **kwargs)


def enqueue_on_commit(task: Any, *, countdown: float | None = None, **kwargs: Any) -> None:
    """Enqueue after the commit; a broker that is down is logged, never an error: the sweep finds what was lost."""
    payload = {key: str(value) if isinstance(value, UUID) else value for key, value in kwargs.items()}
    transaction.on_commit(lambda: enqueue(task, countdown=countdown, **payload), robust=True)


def enqueue(task: Any, *, countdown: float | None = None, **kwargs: Any) -> bool:
    """Enqueue now, with a short retry. False where the broker did not take it."""
    retry = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.2}
    try:
        task.apply_async(kwargs=kwargs, countdown=countdown, retry=True, retry_policy=retry)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the page must not fail
        log.warning("enqueue_failed", task=task.name, error=type(error).__name__)
        return False
    return True
