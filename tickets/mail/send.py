"""Mail out: claim, send, record. At most once per approval, and never silently lost.

The claim is committed before the mail server hears anything. Whoever finds a claim without a record cannot know
whether the mail left, so it is held for a person and never sent again by itself.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import DatabaseError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext_noop

from governance import ledger
from governance.services import outcomes
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Customer
from helpdesk.tenancy.scope import organization_scope
from tickets.mail.outgoing import Outgoing, outgoing
from tickets.mail.permission import Refusal, may_leave
from tickets.mailboxes import sending
from tickets.mailboxes.imap import Account
from tickets.mailboxes.problems import MailboxError
from tickets.mailboxes.smtp import MailboxBackend
from tickets.models import Message, MessageKind, MessageState, Status, Ticket
from tickets.services import acknowledging, noticing, timing
from tickets.services.opening import add_event, add_references
from tickets.signals import announce_on_commit, message_sent

log = structlog.get_logger(__name__)

MAX_ATTEMPTS: Final = 5
#: After a claim this old nobody is sending any more: the task's time limit is shorter.
CLAIM_LOST_AFTER: Final = timedelta(minutes=6)
UNKNOWN: Final = gettext_noop("We cannot know whether it left: the connection broke while it was being sent.")
_GUARD: Final = gettext_noop(
    "It is not approved as it stands, or the customer wrote again after the approval."
)
_UNREADABLE: Final = gettext_noop("The mail could not be put together.")
_GAVE_UP: Final = gettext_noop("The mail server did not accept it, five times in a row.")
_ONE_REFUSED: Final = gettext_noop("The mail server did not accept this recipient.")
_REFUSED: Final = gettext_noop("The mail server refused it for good.")


@dataclass(frozen=True)
class _Result:
    """What the mail server made of it: sent, later, refused, unknown."""

    kind: str
    detail: str = ""
    refused: tuple[str, ...] = ()  # recipients it did not take, while it took the others
    reason: str = ""  # what it said, for the agent
    problem: MailboxError | None = None  # what is wrong with the inbox's own mailbox, for its owner


def send(*, organization_id: UUID | str, message_id: int) -> str:
    """Send one queued message if it is due and may leave. Returns the state it is in afterwards ("" if not ours).

    Safe to call at any time and as often as you like; must be called outside any transaction.
    """
    try:
        claimed = _claim(organization_id, message_id)
    except OperationalError:
        raise
    except DatabaseError:  # the guard in the database said no
        return _finish(organization_id, message_id, MessageState.HELD, _GUARD, only_from=MessageState.QUEUED)
    except Exception as error:  # noqa: BLE001 - left in the queue it would fail like this for ever, and nobody knew
        log.warning("mail_not_read", message=message_id, error=type(error).__name__)
        return _finish(
            organization_id, message_id, MessageState.HELD, _UNREADABLE, only_from=MessageState.QUEUED
        )
    if claimed is None:
        return ""
    try:
        mail = claimed.build()
    except Exception as error:  # noqa: BLE001 - nothing was sent yet: say so instead of losing it
        log.warning("mail_not_built", message=message_id, error=type(error).__name__)
        return _finish(organization_id, message_id, MessageState.FAILED, _UNREADABLE)
    result = _deliver(mail, claimed.account)
    if claimed.account is not None:
        sending.note(organization_id=organization_id, message_id=message_id, problem=result.problem)
    return _record(organization_id, message_id, result)


def _claim(organization_id: UUID | str, message_id: int) -> Outgoing | None:
    """Take the message (committed with state `sending`), or None: not due, not ours, or held just now.

    Ticket first, then message: the order in which everybody locks.
    """
    with organization_scope(organization_id):
        ticket_id = Message.objects.filter(pk=message_id).values_list("ticket_id", flat=True).first()
        if ticket_id is None:
            return None
        ticket: Ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)  # type: ignore[assignment]
        message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
        message.ticket = ticket
        if message.state != MessageState.QUEUED or not _due(message):
            return None
        mail = outgoing(message)
        refusal = may_leave(message, mail)
        if refusal is not None:
            _hold(message, refusal)
            return None
        message.state, message.claimed_at = MessageState.SENDING, timezone.now()
        message.message_id, message.disclosure = mail.message_id, mail.disclosure[:300]
        message.save(update_fields=["state", "claimed_at", "message_id", "disclosure"])
        # Known before it leaves, so that the fastest answer finds its ticket.
        add_references(ticket, [mail.message_id])
        return mail


def _due(message: Message) -> bool:
    return message.send_after is None or message.send_after <= timezone.now()


def _deliver(mail: EmailMultiAlternatives, account: Account | None = None) -> _Result:
    """Hand it to the inbox's own server or the installation's, with a time-out. Only a definite answer counts."""
    connection: Any = MailboxBackend(account) if account else get_connection(timeout=settings.EMAIL_TIMEOUT)
    try:
        connection.open()
    except MailboxError as error:
        return _Result("later", error.key, reason=sending.waiting(error), problem=error)
    except Exception as error:  # noqa: BLE001 - nothing was handed over yet
        return _Result("later", type(error).__name__)
    refused = _listen_for_refused(connection)
    try:
        sent = connection.send_messages([mail])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        return _answered(error)
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        return _Result("refused", type(error).__name__)
    except Exception as error:  # noqa: BLE001 - it may have been accepted: nobody can tell
        return _Result("unknown", type(error).__name__)
    finally:
        _close(connection)
    return _Result("sent" if sent else "later", refused=tuple(refused))


def _listen_for_refused(connection: Any) -> dict[str, Any]:
    """Django drops the list of recipients whom the server refused while it took the others: keep it."""
    refused: dict[str, Any] = {}
    server = getattr(connection, "connection", None)
    if isinstance(server, smtplib.SMTP):
        sendmail = server.sendmail

        def listening(*args: Any, **options: Any) -> dict[str, Any]:
            found = sendmail(*args, **options)
            refused.update(found)
            return found

        server.sendmail = listening  # type: ignore[method-assign]
    return refused


def _answered(error: smtplib.SMTPException) -> _Result:
    codes = (
        [code for code, _words in error.recipients.values()]
        if isinstance(error, smtplib.SMTPRecipientsRefused)
        else [error.smtp_code]  # type: ignore[attr-defined]
    )
    if all(400 <= code < 500 for code in codes):
        return _Result("later", f"{codes[0]}")
    if all(code >= 500 for code in codes):
        return _Result("refused", f"{codes[0]}", reason=sending.refusal(error))
    return _Result("later" if any(400 <= code < 500 for code in codes) else "unknown", f"{codes[0]}")


def _close(connection: Any) -> None:
    try:
        connection.close()
    except Exception as error:  # noqa: BLE001 - the answer was given; how the call ends changes nothing
        log.info("mail_connection_not_closed", error=type(error).__name__)


def _record(organization_id: UUID | str, message_id: int, result: _Result) -> str:
    if result.kind == "sent":
        return _sent(organization_id, message_id, result.refused)
    log.warning("mail_not_sent", message=message_id, result=result.kind, detail=result.detail)
    if result.kind == "later":
        return _later(organization_id, message_id, result.reason or _GAVE_UP)
    if result.kind == "refused":
        return _finish(organization_id, message_id, MessageState.FAILED, result.reason or _REFUSED)
    return _finish(organization_id, message_id, MessageState.HELD, UNKNOWN)


def _sent(organization_id: UUID | str, message_id: int, refused: tuple[str, ...]) -> str:
    with organization_scope(organization_id):
        message = _locked(message_id, MessageState.SENDING)
        if message is None:  # the sweep was faster and held it: it did leave, so say so
            message = _locked(message_id, MessageState.HELD)
        if message is None:
            return ""
        now = timezone.now()
        message.state, message.sent_at, message.held_reason = MessageState.SENT, now, ""
        message.save(update_fields=["state", "sent_at", "held_reason"])
        _after_sending(message)
        if refused:
            data = {
                "message": message.pk,
                "kind": "hard",
                "reason": _ONE_REFUSED,
                "recipients": ", ".join(refused),
            }
            add_event(message.ticket, "bounced", data=data)
        announce_on_commit(message_sent, message.pk)
        _tell(message)
    return MessageState.SENT


def _after_sending(message: Message) -> None:
    """First reply and status: what the ticket learns from a reply that left."""
    if message.kind == MessageKind.FORWARD:
        _record_involvement(message)
    if message.kind != MessageKind.REPLY:
        return
    ticket, now = message.ticket, timezone.now()
    ticket.updated_at = now
    if acknowledging.tells_first(message, ticket):
        Customer.objects.filter(pk=ticket.customer_id).update(acknowledged_at=now)
        add_event(ticket, "told_first", data={"message": message.pk})
    if ticket.first_reply_at is None:
        ticket.first_reply_at = now
        if ticket.customer_messages:  # who was written to first waited for nothing
            _fact(ticket, "first_reply", (now - ticket.created_at).total_seconds())
    before = ticket.status
    after = message.status_after or (Status.OPEN if before == Status.NEW else before)
    if before not in (Status.CLOSED, Status.SPAM, Status.MERGED) and after != before:
        _set_status(message, before, after)
    timing.answered(ticket)
    ticket.save(update_fields=["updated_at", "first_reply_at", "status", "solved_at", *timing.CLOCK])
    _record_involvement(message)


def _record_involvement(message: Message) -> None:
    if message.ai_involvement != "none":
        ledger.record(
            "reply_sent",
            actor=ledger.actor_name(message.author),
            object_ref=f"message:{message.pk}",
            payload={"disclosure": message.disclosure, "involvement": message.ai_involvement},
            customer_id=message.ticket.customer_id,
        )


def _set_status(message: Message, before: str, after: str) -> None:
    ticket = message.ticket
    ticket.status = after
    ticket.solved_at = timezone.now() if after == Status.SOLVED else None
    add_event(ticket, "status", actor=message.author, data={"from": before, "to": str(after)})
    if after == Status.SOLVED:
        _fact(ticket, "solved", (timezone.now() - ticket.created_at).total_seconds())


def _fact(ticket: Ticket, event: str, value: float) -> None:
    outcomes.record(
        subject_id=ticket.pk,
        event=event,
        customer=ticket.customer,
        value=value,
        channel=ticket.channel,
        language=ticket.language,
    )


def _later(organization_id: UUID | str, message_id: int, reason: str) -> str:
    """Back into the queue: 30 s, 2 min, 8 min, 32 min; the fifth refusal is the last."""
    with organization_scope(organization_id):
        message = _locked(message_id, MessageState.SENDING)
        if message is None:
            return ""
        message.attempts += 1
        if message.attempts < MAX_ATTEMPTS:
            message.state = MessageState.QUEUED
            message.send_after = timezone.now() + timedelta(seconds=30 * 4 ** (message.attempts - 1))
            message.save(update_fields=["state", "attempts", "send_after"])
            _tell(message)
            return MessageState.QUEUED
        message.save(update_fields=["attempts"])
    return _finish(organization_id, message_id, MessageState.FAILED, reason)


def _finish(
    organization_id: UUID | str,
    message_id: int,
    state: MessageState,
    reason: str,
    *,
    only_from: MessageState = MessageState.SENDING,
) -> str:
    with organization_scope(organization_id):
        message = _locked(message_id, only_from)
        if message is not None:
            _stop(message, state, reason)
    return state if message is not None else ""


def _locked(message_id: int, state: MessageState) -> Message | None:
    ticket_id = Message.objects.filter(pk=message_id).values_list("ticket_id", flat=True).first()
    ticket = Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket_id or 0).first()
    message = Message.objects.select_for_update(of=("self",)).filter(pk=message_id, state=state).first()
    if message is not None:
        message.ticket = ticket
    return message


def _hold(message: Message, refusal: Refusal) -> None:
    _stop(message, MessageState.HELD, refusal.reason, refusal.next_step)


def _stop(message: Message, state: MessageState, reason: str, next_step: str = "") -> None:
    """Held or failed, with the reason where the agent sees it; the text is never lost."""
    message.state, message.held_reason = state, reason[:300]
    message.save(update_fields=["state", "held_reason"])
    data = {"message": message.pk, "reason": reason, "next_step": next_step}
    add_event(message.ticket, str(state), data=data)
    noticing.held(message)
    Ticket.objects.filter(pk=message.ticket_id).update(is_unread=True, updated_at=timezone.now())
    _tell(message)


def _tell(message: Message) -> None:
    publish_on_commit("ticket", ticket=message.ticket_id)
    publish_on_commit("tickets", ticket=message.ticket_id)


def hold_lost_claims() -> int:
    """In a scope: messages that were being sent when their worker died. Held for a person, never sent again."""
    before = timezone.now() - CLAIM_LOST_AFTER
    lost = Message.objects.filter(state=MessageState.SENDING, claimed_at__lt=before)
    ids = list(lost.values_list("pk", flat=True)[:100])
    for message_id in ids:
        message = _locked(message_id, MessageState.SENDING)
        if message is not None:
            _stop(message, MessageState.HELD, UNKNOWN)
    return len(ids)
