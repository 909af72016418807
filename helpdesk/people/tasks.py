"""Celery tasks of the people room: mails about accounts."""

from __future__ import annotations

from celery import shared_task

from helpdesk.people import dns
from helpdesk.people.mail import unseal
from helpdesk.tenancy.tasks import TwoScopeTask


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


@shared_task(base=TwoScopeTask, name="people.ask_name_server")
def ask_name_server(*, organization_id: str, host: str, ours: str) -> None:
    """Remember whether the host leads here. Run twice, it asks twice."""
    dns.ask(host, ours)


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
