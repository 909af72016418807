"""A mail of ours came back: its message and ticket say so, in words that an agent understands."""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_noop

from helpdesk.live.events import publish_on_commit
from tickets.mail.bounce import BounceInfo
from tickets.mail.parse import ParsedMail
from tickets.models import Message, MessageKind, Ticket
from tickets.services.opening import add_event

_OURS: Final = (MessageKind.REPLY, MessageKind.ACK, MessageKind.FORWARD)
#: A reason of `bounce` in an agent's words.
WORDS: Final = {
    "unknown_user": gettext_noop("The address does not exist."),
    "unknown_host": gettext_noop("There is no mail server at that address."),
    "moved": gettext_noop("The recipient has moved to another address."),
    "accepts_no_mail": gettext_noop("The address accepts no mail."),
    "disabled": gettext_noop("The mailbox is switched off."),
    "mailbox_full": gettext_noop("The recipient's mailbox is full."),
    "too_big": gettext_noop("The mail was too big for the recipient's server."),
    "spam": gettext_noop("The recipient's server took the mail for spam."),
    "blocked": gettext_noop("The recipient's server does not accept mail from our server."),
    "complaint": gettext_noop("The recipient or their provider complained about the mail."),
}
_OTHER: Final = gettext_noop("The recipient's server did not deliver it.")


def mark_returned(mail: ParsedMail, info: BounceInfo) -> Ticket | None:
    """Mark the message that a bounce is about and tell its agents. None: it is about no mail of ours."""
    message = _message(mail, info)
    if message is None:
        return None
    ticket = message.ticket
    reason = WORDS.get(info.reason, _OTHER)
    if info.kind != "soft":
        message.held_reason = reason
        message.save(update_fields=["held_reason"])
    data = {
        "message": message.pk,
        "kind": info.kind,
        "reason": reason,
        "recipients": ", ".join(info.recipients)[:300],
    }
    add_event(ticket, "bounced", data=data)
    Ticket.objects.filter(pk=ticket.pk).update(is_unread=True, updated_at=timezone.now())
    publish_on_commit("ticket", ticket=ticket.pk)
    publish_on_commit("tickets", ticket=ticket.pk)
    return ticket


def _message(mail: ParsedMail, info: BounceInfo) -> Message | None:
    named = [info.original_message_id, *reversed(mail.references)]
    ids = [value for value in named if value]
    found = Message.objects.filter(message_id__in=ids, kind__in=_OURS).select_related("ticket")
    return found.order_by("-pk").first() if ids else None
