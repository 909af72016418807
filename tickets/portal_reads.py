"""What a customer sees of their tickets: sent replies and their own messages, never notes or drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance.explaining import Explained, explained
from helpdesk.people.models import Customer
from tickets.models import Approval, Attachment, Message, MessageKind, MessageState, Status, Ticket

PAGE = 50
WORDS: dict[str, Promise | str] = {
    Status.NEW: _("We have it"),
    Status.OPEN: _("We are on it"),
    Status.PENDING: _("Waiting for you"),
    Status.SOLVED: _("Solved"),
    Status.CLOSED: _("Closed"),
}
_VISIBLE = Q(kind=MessageKind.INBOUND) | Q(
    kind__in=[MessageKind.REPLY, MessageKind.ACK], state=MessageState.SENT
)


def tickets_of(customer: Customer) -> QuerySet[Ticket]:
    """The customer's own tickets, newest change first."""
    mine = Ticket.objects.filter(customer=customer).exclude(status=Status.SPAM)
    return mine.order_by("-updated_at", "-pk")


def status_word(status: str) -> str:
    """A ticket's state in words for who waits."""
    return str(WORDS.get(status, status))


@dataclass(frozen=True)
class PortalMessage:
    """One message as the customer sees it."""

    pk: int
    from_us: bool
    who: str
    text: str
    at: datetime
    attachments: list[Attachment]
    ai_assisted: bool
    disclosure: str


def thread(ticket: Ticket) -> list[PortalMessage]:
    """The conversation in order. Two queries."""
    shown = ticket.messages.filter(_VISIBLE).select_related("author__user").order_by("pk")
    files = Attachment.objects.order_by("pk")
    return [_shown(one) for one in shown.prefetch_related(Prefetch("attachments", queryset=files))]


def _shown(message: Message) -> PortalMessage:
    from_us = message.kind != MessageKind.INBOUND
    return PortalMessage(
        pk=message.pk,
        from_us=from_us,
        who=message.author.display_name if from_us and message.author else "",
        text=message.text,
        at=message.sent_at or message.created_at,
        attachments=list(message.attachments.all()),
        ai_assisted=message.ai_involvement != "none",
        disclosure=message.disclosure,
    )


@dataclass(frozen=True)
class Why:
    """Everything "Why this answer?" shows about one reply."""

    explanation: Explained | None
    person: str
    sent_at: datetime | None
    involvement: str
    approved_at: datetime | None


_HOW: dict[str, Promise] = {
    "suggested": _("AI suggested parts; a person wrote the answer."),
    "edited": _("AI wrote a draft; a person changed it."),
    "verbatim": _("AI wrote a draft; a person read it and sent it unchanged."),
}


def why(message: Message) -> Why:
    """The explanation of a sent reply, with the person who approved it. Three queries at most."""
    approval = (
        Approval.objects.filter(message=message, revoked_at=None)
        .select_related("approver__user")
        .order_by("-pk")
        .first()
    )
    person = approval.approver if approval else message.author
    return Why(
        explanation=explained(message.decision_id),
        person=person.display_name if person else "",
        sent_at=message.sent_at,
        involvement=str(_HOW.get(message.ai_involvement, "")),
        approved_at=approval.created_at if approval else None,
    )


def list_rows(customer: Customer, page: int) -> tuple[list[dict[str, Any]], bool]:
    """One page of the list, and whether there is another."""
    start = (page - 1) * PAGE
    found = list(tickets_of(customer)[start : start + PAGE + 1])
    rows = [
        {
            "number": one.number,
            "subject": one.subject,
            "status": one.status,
            "status_word": status_word(one.status),
            "snippet": one.snippet,
            "updated_at": one.updated_at,
        }
        for one in found[:PAGE]
    ]
    return rows, len(found) > PAGE
