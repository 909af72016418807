"""What sending learns about an inbox's own mailbox: the owner hears of it, the agent reads why a mail waits."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.utils.translation import gettext_noop

from helpdesk.live.events import publish_on_commit
from helpdesk.tenancy.scope import organization_scope
from tickets.mailboxes.problems import MailboxError
from tickets.mailboxes.smtp import refusal_key
from tickets.models import Mailbox, Message

_WAITING: Final = gettext_noop("The inbox's mailbox cannot send at the moment. Its settings page says why.")
_REASONS: Final = {
    "too_big": gettext_noop("It is bigger than the mail server takes. Send it with smaller files."),
    "sender_refused": gettext_noop("The mail server does not let us send from the inbox's address."),
    "recipient_refused": gettext_noop("The mail server does not take mail for this recipient."),
    "mailbox_full": gettext_noop("The recipient's mailbox is full."),
    "taken_for_spam": gettext_noop("The mail server took it for spam."),
}


def waiting(error: MailboxError) -> str:
    """Why a mail was not handed over, for the agent."""
    return _REASONS.get(error.key, _WAITING)


def refusal(error: Exception) -> str:
    """Why a server refused a mail for good; empty where its words tell nothing that we know."""
    key = refusal_key(error)
    return _REASONS.get(key, "")


def note(*, organization_id: UUID | str, message_id: int, problem: MailboxError | None) -> None:
    """Keep with the mailbox of this message's inbox whether it can send. Writes only where that changed."""
    key, data = (problem.key, problem.data) if problem else ("", {})
    with organization_scope(organization_id):
        inbox_id = Message.objects.filter(pk=message_id).values_list("ticket__inbox_id", flat=True).first()
        rows = Mailbox.objects.filter(inbox_id=inbox_id or 0).exclude(send_problem=key)
        if rows.update(send_problem=key, send_problem_data=data):
            publish_on_commit("mailbox")
