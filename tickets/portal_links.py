"""The signed link of a mail to "Why this answer?": it shows that one explanation and nothing else."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id
from tickets.models import Message, MessageKind, MessageState, Status, Ticket

SALT = "portal-why"
TOUCHED = "portal-touched"


def why_url(message: Message) -> str:
    """The absolute link for the mail that carries this reply; works without sign-in."""
    organization = Organization.objects.get(pk=message.organization_id)
    token = signing.dumps([str(message.organization_id), message.pk], salt=SALT)
    return base_url(organization) + reverse("portal-why-link", args=[token], urlconf="helpdesk.urls")


def message_of(token: str) -> Message | None:
    """The sent, AI-assisted reply a link was made for; None for links of other organizations or hands."""
    try:
        organization_id, pk = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if organization_id != str(current_organization_id()):
        return None
    return (
        sent_replies().exclude(ai_involvement="none").filter(pk=pk, ticket__customer__erased_at=None).first()
    )


def touched_path(ticket: Ticket) -> str:
    """The page "How AI touched your request" without sign-in: these lines and nothing else of the ticket."""
    token = signing.dumps([str(ticket.organization_id), ticket.pk], salt=TOUCHED)
    return reverse("portal-touched-link", args=[token], urlconf="helpdesk.urls")


def ticket_of(token: str) -> Ticket | None:
    """The ticket such a link was made for; None for links of other organizations, uses or hands."""
    try:
        organization_id, pk = signing.loads(token, salt=TOUCHED)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if organization_id != str(current_organization_id()):
        return None
    rows = Ticket.objects.select_related("customer").filter(pk=pk, customer__erased_at=None)
    found: Ticket | None = rows.exclude(status=Status.SPAM).first()
    return found


def sent_replies():  # type: ignore[no-untyped-def]
    """Replies that left, with who wrote them and to whom."""
    rows = Message.objects.filter(kind=MessageKind.REPLY, state=MessageState.SENT)
    return rows.select_related("ticket__customer", "author__user")
