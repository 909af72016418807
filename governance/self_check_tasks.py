"""Celery tasks of what the product looks at by itself; apart from the others, since it imports every check."""

from __future__ import annotations

from celery import shared_task

from governance.services import self_checks
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.tasks import TenantTask, TwoScopeTask, enqueue


@shared_task(base=TwoScopeTask, name="governance.look_all")
def look_all() -> None:
    """Let every organization be looked at by the product itself."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(look, organization_id=str(organization_id))


@shared_task(base=TenantTask, name="governance.look")
def look(*, organization_id: str) -> list[str]:
    """The law pack of this release, the figures of the last quarter, the weekly security check and the state of the
    demands: each only where it is due. Returns what was done; running it twice does nothing the second time."""
    return self_checks.run_due()
