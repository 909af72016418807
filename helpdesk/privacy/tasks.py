"""Tasks: make files, let old ones go, delete desks whose time is over."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from helpdesk.privacy.leaving import closing, takeouts
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from helpdesk.tenancy.tasks import TwoScopeTask, enqueue

HOUR = 3600


@shared_task(
    base=TwoScopeTask, name="privacy.make_takeout", time_limit=2 * HOUR, soft_time_limit=2 * HOUR - 60
)
def make_takeout(*, organization_id: str, takeout_id: int) -> str:
    """Make one file; running it twice makes one."""
    return takeouts.run(organization_id=UUID(organization_id), takeout_id=takeout_id)


@shared_task(base=TwoScopeTask, name="privacy.sweep_leaving")
def sweep_leaving() -> None:
    """Files that a broker lost, files that are too old, desks whose time is over."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with organization_scope(organization_id):
            takeouts.forget_old()
            lost = takeouts.waiting()
        for takeout_id in lost:
            enqueue(make_takeout, organization_id=str(organization_id), takeout_id=takeout_id)
    for organization_id in closing.over():
        enqueue(delete_organization, organization_id=str(organization_id))


@shared_task(
    base=TwoScopeTask, name="privacy.delete_organization", time_limit=2 * HOUR, soft_time_limit=2 * HOUR - 60
)
def delete_organization(*, organization_id: str) -> int:
    """Delete everything of an organization whose time is over; running it twice deletes once."""
    if UUID(organization_id) not in closing.over():
        return 0
    return sum(closing.delete_everything(UUID(organization_id)).values())
