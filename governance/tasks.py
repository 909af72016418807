"""Celery tasks of the governance room: the hourly anchor of each ledger, the daily look at dates."""

from __future__ import annotations

from celery import shared_task

from governance import anchors, clocks, owners_mail, record_check, watching
from governance.services import people_watch, policies, practice, trials
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.tasks import TenantTask, TwoScopeTask, enqueue


@shared_task(base=TwoScopeTask, name="governance.anchor_all")
def anchor_all() -> None:
    """Anchor every organization's ledger."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(anchor, organization_id=str(organization_id))


@shared_task(base=TenantTask, name="governance.anchor")
def anchor(*, organization_id: str) -> bool:
    """Anchor one organization's ledger, and mail the head once a day; running it twice adds and mails nothing."""
    signed = anchors.anchor()
    owners_mail.mail_head()
    return signed is not None


@shared_task(base=TwoScopeTask, name="governance.check_record_all")
def check_record_all() -> None:
    """Check every organization's record of what happened."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(check_record, organization_id=str(organization_id))


@shared_task(base=TenantTask, name="governance.check_record")
def check_record(*, organization_id: str) -> bool:
    """Seal what is old, then check the record; True where it holds. Running it twice checks twice."""
    record_check.seal()
    return record_check.run().ok


@shared_task(base=TwoScopeTask, name="governance.warn_of_budget_all")
def warn_of_budget_all() -> None:
    """Look in every organization for limits that are nearly used up."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(warn_of_budget, organization_id=str(organization_id))


@shared_task(base=TenantTask, name="governance.warn_of_budget")
def warn_of_budget(*, organization_id: str) -> int:
    """Mail about limits at 80 %; running it twice mails once."""
    return len(owners_mail.warn_of_budget())


@shared_task(base=TwoScopeTask, name="governance.remind_all")
def remind_all() -> None:
    """Look at every organization's dates."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        enqueue(remind, organization_id=str(organization_id))


@shared_task(base=TenantTask, name="governance.remind")
def remind(*, organization_id: str) -> int:
    """Ask what keeps the risks small, forget old practice, then mail people about dates that come nearer.

    Running it twice mails once.
    """
    watching.run()
    practice.forget_old()
    people_watch.look()
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
