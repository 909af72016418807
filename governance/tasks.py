"""Celery tasks of the governance room: the hourly anchor of each ledger."""

from __future__ import annotations

from celery import shared_task

from governance import anchors
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.tasks import TenantTask, TwoScopeTask, enqueue


@shared_task(base=TwoScopeTask, name="governance.anchor_all")
def anchor_all() -> None:
    """Anchor every organization's ledger."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(anchor, organization_id=str(organization_id))


@shared_task(base=TenantTask, name="governance.anchor")
def anchor(*, organization_id: str) -> bool:
    """Anchor one organization's ledger; running it twice adds nothing."""
    return anchors.anchor() is not None
