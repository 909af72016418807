"""Tasks of the mail queue around mailboxes: fetch what is due, go on with test mails and with older mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from helpdesk.tenancy.tasks import TwoScopeTask, enqueue
from tickets.models import Mailbox, MailboxRun

log = structlog.get_logger(__name__)
#: A run that nobody touched for so long lost its worker; one that lasts much longer is given up.
LOST_AFTER: Final = timedelta(seconds=60)
OVER_AFTER: Final = timedelta(minutes=15)


@shared_task(base=TwoScopeTask, name="tickets.mail.fetch_all")
def fetch_all() -> None:
    """Every organization in turn; one that fails does not stop the others."""
    for organization_id in Organization.objects.filter(closes_at=None).values_list("id", flat=True):
        try:
            for task, arguments in due(organization_id):
                enqueue(task, organization_id=str(organization_id), **arguments)
        except Exception as error:  # noqa: BLE001 - the next organization must not wait for this one
            log.warning(
                "mailboxes_not_fetched", organization=str(organization_id), error=type(error).__name__
            )


def due(organization_id: UUID) -> list[tuple[Any, dict[str, int]]]:
    """The tasks that an organization's mailboxes wait for. Two queries, and one where a test was given up."""
    now = timezone.now()
    with organization_scope(organization_id):
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        boxes = Mailbox.objects.filter(free, is_active=True, inbox__is_active=True)
        boxes = boxes.filter(Q(next_fetch_at=None) | Q(next_fetch_at__lte=now))
        runs = MailboxRun.objects.filter(free, state="running", updated_at__lt=now - LOST_AFTER)
        lost = list(runs.values_list("pk", "kind", "created_at"))
        over = [pk for pk, kind, began in lost if kind == "test" and began < now - OVER_AFTER]
        if over:
            MailboxRun.objects.filter(pk__in=over).update(state="failed", problem="gone")
        tasks = {"test": test_mailbox, "history": import_history}
        return [
            *((fetch_mailbox, {"mailbox_id": pk}) for pk in boxes.values_list("pk", flat=True)),
            *((tasks[kind], {"run_id": pk}) for pk, kind, _began in lost if pk not in over),
        ]


@shared_task(base=TwoScopeTask, name="tickets.mail.fetch_mailbox")
def fetch_mailbox(*, organization_id: str, mailbox_id: int) -> str:
    """Fetch one mailbox; what is left after a while is left to the next call."""
    from tickets.mailboxes.fetching import fetch

    fetched = fetch(organization_id=UUID(organization_id), mailbox_id=mailbox_id)
    if fetched is not None and fetched.more:
        enqueue(fetch_mailbox, organization_id=organization_id, mailbox_id=mailbox_id)
    return fetched.problem if fetched else ""


@shared_task(base=TwoScopeTask, name="tickets.mail.find_servers")
def find_servers(*, organization_id: str, mailbox_id: int) -> None:
    """Ask whose servers take the mail of a domain of the shop's own. Run twice, it asks twice."""
    from tickets.mailboxes.looking import look

    look(organization_id=UUID(organization_id), mailbox_id=mailbox_id)


@shared_task(base=TwoScopeTask, name="tickets.mail.test_mailbox")
def test_mailbox(*, organization_id: str, run_id: int) -> None:
    """Go on with a test mail."""
    from tickets.mailboxes.trial import go_on

    _again(test_mailbox, go_on(organization_id=UUID(organization_id), run_id=run_id), organization_id, run_id)


@shared_task(base=TwoScopeTask, name="tickets.mail.import_history")
def import_history(*, organization_id: str, run_id: int) -> None:
    """Go on with the import of older mail."""
    from tickets.mailboxes.history import go_on

    _again(
        import_history, go_on(organization_id=UUID(organization_id), run_id=run_id), organization_id, run_id
    )


def _again(task: Any, seconds: float | None, organization_id: str, run_id: int) -> None:
    if seconds is not None:
        enqueue(task, countdown=seconds, organization_id=organization_id, run_id=run_id)
