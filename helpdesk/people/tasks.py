"""Celery tasks of the people room: mails about accounts."""

from __future__ import annotations

from datetime import date

from celery import shared_task
from django.utils import timezone

from helpdesk.people import dns, installation, weekly
from helpdesk.people.mail import unseal
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.tasks import TwoScopeTask, enqueue


@shared_task(
    base=TwoScopeTask,
    name="people.send_mail",
    autoretry_for=(OSError,),
    retry_backoff=5,
    max_retries=5,
)
def send_mail(*, organization_id: str, sealed: str) -> None:
    """Send a sealed account mail. Run twice, it sends the same mail twice: its link works once all the same."""
    unseal(sealed).send()


@shared_task(name="people.weekly_all")
def weekly_all() -> None:
    """Enqueue the weekly mail of every organization where it is Monday morning; their rows keep it to once."""
    now = timezone.now()
    for organization in Organization.objects.only("id", "timezone", "created_at").iterator():
        monday = weekly.due(organization, now)
        if monday is not None:
            enqueue(weekly_mail, organization_id=str(organization.id), monday=monday.isoformat())


@shared_task(base=TwoScopeTask, name="people.weekly_mail")
def weekly_mail(*, organization_id: str, monday: str) -> int:
    """Write one organization's weekly mail. Run twice, it writes once."""
    return weekly.write(organization_id=organization_id, monday=date.fromisoformat(monday))


@shared_task(base=TwoScopeTask, name="people.ask_name_server")
def ask_name_server(*, organization_id: str, host: str, ours: str) -> None:
    """Remember whether the host leads here; from then on it is used. Run twice, it asks twice."""
    if dns.ask(host, ours) == "here":
        installation.verify_domain(organization=Organization.objects.get(pk=organization_id), host=host)


@shared_task(
    name="people.send_installation_mail",
    autoretry_for=(OSError,),
    retry_backoff=5,
    max_retries=5,
    typing=True,
)
def send_installation_mail(*, sealed: str) -> None:
    """Send a sealed mail of the installation itself: there is no organization yet."""
    unseal(sealed).send()
