"""The mail queue: send, acknowledge, sweep what a crash or a lost broker message left behind; and tidy files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import structlog
from celery import shared_task
from django.utils import timezone

from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from helpdesk.tenancy.tasks import TwoScopeTask, enqueue
from tickets.models import Message, MessageState, RawMail

log = structlog.get_logger(__name__)
#: Younger ones still have their own task in the queue.
GRACE: Final = timedelta(seconds=20)
STORED_GRACE: Final = timedelta(minutes=2)
MOST: Final = 200


@shared_task(base=TwoScopeTask, name="tickets.mail.send_message")
def send_message(*, organization_id: str, message_id: int) -> str:
    """Send a queued message, if it is due and may leave."""
    from tickets.mail.send import send

    return send(organization_id=organization_id, message_id=message_id)


@shared_task(base=TwoScopeTask, name="tickets.mail.acknowledge")
def acknowledge(*, organization_id: str, message_id: int) -> str:
    """Tell a customer that their first message arrived, where the rules say so."""
    from tickets.services import acknowledging

    with organization_scope(organization_id):
        return acknowledging.acknowledge(message_id=message_id)


@shared_task(base=TwoScopeTask, name="tickets.mail.file_stored")
def file_stored(*, organization_id: str, raw_mail_id: int) -> str:
    """File a mail whose first run crashed after storing it."""
    from uuid import UUID

    from tickets.mail.receive import refile

    return refile(organization_id=UUID(str(organization_id)), raw_mail_id=raw_mail_id).outcome


@shared_task(base=TwoScopeTask, name="tickets.mail.sweep_all")
def sweep_all() -> None:
    """Every organization in turn; one that fails does not stop the others."""
    for organization_id in Organization.objects.values_list("id", flat=True):
        try:
            for task, arguments in sweep(organization_id):
                enqueue(task, organization_id=str(organization_id), **arguments)
        except Exception as error:  # noqa: BLE001 - the next organization must not wait for this one
            log.warning("mail_sweep_failed", organization=str(organization_id), error=type(error).__name__)


def sweep(organization_id: Any) -> list[tuple[Any, dict[str, int]]]:
    """Hold lost claims, and name the tasks that something is still waiting for."""
    from tickets.mail.send import hold_lost_claims
    from tickets.services.acknowledging import waiting_for_acknowledgement

    now = timezone.now()
    with organization_scope(organization_id):
        hold_lost_claims()
        queued = Message.objects.filter(state=MessageState.QUEUED, send_after__lt=now - GRACE)
        stored = RawMail.objects.filter(outcome="stored", received_at__lt=now - STORED_GRACE)
        return [
            *((send_message, {"message_id": pk}) for pk in queued.values_list("pk", flat=True)[:MOST]),
            *((file_stored, {"raw_mail_id": pk}) for pk in stored.values_list("pk", flat=True)[:MOST]),
            *((acknowledge, {"message_id": pk}) for pk in waiting_for_acknowledgement()),
        ]


@shared_task(base=TwoScopeTask, name="tickets.files.tidy_all")
def tidy_all() -> None:
    """Remove files that nothing names, in every organization."""
    for organization_id in Organization.objects.values_list("id", flat=True):
        enqueue(tidy, organization_id=str(organization_id))


@shared_task(base=TwoScopeTask, name="tickets.files.tidy")
def tidy(*, organization_id: str) -> int:
    """Remove one organization's files that nothing names; running it twice removes nothing more."""
    from uuid import UUID

    from tickets.services.tidying import remove_orphans

    removed = remove_orphans(organization_id=UUID(organization_id), now=timezone.now())
    if removed:
        log.info("orphan_files_removed", organization=organization_id, files=removed)
    return removed


@shared_task(base=TwoScopeTask, name="tickets.survey.ask_all")
def ask_all() -> None:
    """Ask customers by mail how we did, in every organization whose rules say so."""
    for organization_id in Organization.objects.values_list("id", flat=True):
        enqueue(ask_opinions, organization_id=str(organization_id))


@shared_task(base=TwoScopeTask, name="tickets.survey.ask")
def ask_opinions(*, organization_id: str) -> int:
    """Ask one organization's customers; running it twice asks nobody twice."""
    from tickets import survey_mail

    with organization_scope(organization_id):
        return survey_mail.ask(timezone.now())


@shared_task(base=TwoScopeTask, name="tickets.keeping.all")
def keep_all() -> None:
    """Delete what the rules do not keep any longer, in every organization."""
    for organization_id in Organization.objects.values_list("id", flat=True):
        enqueue(keep, organization_id=str(organization_id))


@shared_task(base=TwoScopeTask, name="tickets.keeping.one")
def keep(*, organization_id: str) -> int:
    """Delete one organization's finished requests that are old enough; running it twice deletes nothing more."""
    from uuid import UUID

    from tickets import keeping

    gone = keeping.run(organization_id=UUID(organization_id), now=timezone.now())
    if gone:
        log.info("finished_requests_deleted", organization=organization_id, requests=gone)
    return gone


@shared_task(base=TwoScopeTask, name="tickets.notices.mail_all")
def mail_all_notices() -> None:
    """Mail members what they have not looked at, in every organization."""
    for organization_id in Organization.objects.values_list("id", flat=True):
        enqueue(mail_notices, organization_id=str(organization_id))


@shared_task(base=TwoScopeTask, name="tickets.notices.mail")
def mail_notices(*, organization_id: str) -> int:
    """Mail one organization's members; running it twice mails nothing twice."""
    from tickets.services.notice_mail import mail_due

    with organization_scope(organization_id):
        return mail_due()


@shared_task(base=TwoScopeTask, name="tickets.time.retime")
def retime(*, organization_id: str) -> int:
    """Hours or targets changed: work out anew when the open tickets are due."""
    from tickets.services import timing

    return timing.retime_all(organization_id)


@shared_task(base=TwoScopeTask, name="tickets.time.retime_all")
def retime_all() -> None:
    """Every organization in turn: what a lost task or a new public holiday left behind."""
    for organization_id in Organization.objects.values_list("id", flat=True):
        enqueue(retime, organization_id=str(organization_id))


@shared_task(base=TwoScopeTask, name="tickets.time.wake_all")
def wake_all() -> int:
    """Wake what slept long enough, in every organization; one that fails does not stop the others."""
    from tickets.services import timing

    woken = 0
    for organization_id in Organization.objects.values_list("id", flat=True):
        try:
            woken += timing.wake_due(organization_id)
            timing.mend(organization_id)
        except Exception as error:  # noqa: BLE001 - the next organization must not wait for this one
            log.warning("waking_failed", organization=str(organization_id), error=type(error).__name__)
    return woken


# Found by Celery here, where it looks.
from tickets.mailboxes import tasks as mailbox_tasks  # noqa: E402, F401
