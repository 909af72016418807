"""Celery tasks of the governance room: the hourly anchor of each ledger, the daily look at dates."""

from __future__ import annotations

from celery import shared_task

from governance import anchors, clocks, watching
from governance.services import policies, trials
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


@shared_task(base=TwoScopeTask, name="governance.remind_all")
def remind_all() -> None:
    """Look at every organization's dates."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(remind, organization_id=str(organization_id))


@shared_task(base=TenantTask, name="governance.remind")
def remind(*, organization_id: str) -> int:
    """Ask what keeps the risks small, then mail people about dates that come nearer; running it twice mails once."""
    watching.run()
    return clocks.remind()


@shared_task(base=TwoScopeTask, name="governance.start_due_all")
def start_due_all() -> None:
    """Look in every organization for rules whose moment has come."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(start_due, organization_id=str(organization_id))


@shared_task(base=TenantTask, name="governance.start_due")
def start_due(*, organization_id: str) -> bool:
    """Put one organization's due rules in force; running it twice changes nothing more."""
    return policies.start_due() is not None


@shared_task(base=TenantTask, name="governance.try_rules")
def try_rules(*, organization_id: str, policy_id: int) -> bool:
    """Try a version on the last decisions and keep what was found; running it twice finds the same."""
    return trials.work(policy_id) is not None
