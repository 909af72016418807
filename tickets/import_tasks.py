"""Tasks that read imports, outside any transaction, and the sweep that finds what a broker lost."""

from __future__ import annotations

from uuid import UUID

import structlog
from celery import shared_task

from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from helpdesk.tenancy.tasks import TwoScopeTask, enqueue
from tickets.services import importing

log = structlog.get_logger(__name__)


@shared_task(base=TwoScopeTask, name="tickets.knowledge.read_import")
def read_import(*, organization_id: str, import_id: int) -> str:
    """Fetch and read one import; running it twice reads once."""
    return importing.run(organization_id=UUID(organization_id), import_id=import_id)


@shared_task(base=TwoScopeTask, name="tickets.knowledge.sweep_all")
def sweep_all() -> None:
    """Read what was given and never read, in every organization."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with organization_scope(organization_id):
            lost = importing.waiting()
        for import_id in lost:
            enqueue(read_import, organization_id=str(organization_id), import_id=import_id)
