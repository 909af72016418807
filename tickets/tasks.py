"""The mail queue: send, acknowledge, and sweep what a crash or a lost broker message left behind."""

from __future__ import annotations

from celery import shared_task

from helpdesk.tenancy.tasks import TwoScopeTask


@shared_task(base=TwoScopeTask, name="tickets.mail.acknowledge")
def acknowledge(*, organization_id: str, message_id: int) -> None:
    """Tell a customer that their first message arrived, where the rules say so."""
