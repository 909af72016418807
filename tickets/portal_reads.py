"""What a customer sees of their tickets: sent replies and their own messages, never notes or drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import linebreaks, urlize
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from governance import gate
from governance.core.clauses import Basis, ClauseError
from governance.core.disclosure import disclosure, first_contact_notice, language_for
from governance.explaining import explained
from governance.links import without_ai_url
from governance.models import DataRequest, Purpose
from governance.portal import basis_in_force
from governance.services.consents import choices
from helpdesk.people.models import Customer
from tickets.conversation import messages_of
from tickets.models import (
    Approval,
    Attachment,
    Message,
    MessageKind,
    MessageState,
    Status,
    Ticket,
    TicketEvent,
)

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
    gone = TicketEvent.objects.filter(ticket=OuterRef("pk"), kind="forgotten")  # deleted, as the rules say
    mine = Ticket.objects.filter(~Exists(gone), customer=customer).exclude(
        status__in=(Status.SPAM, Status.MERGED)
    )
    return mine.order_by("-updated_at", "-pk")


def lives_on(customer: Customer, number: int) -> int | None:
    """The number of the ticket into which this one of the customer's was merged."""
    merged = Ticket.objects.filter(customer=customer, number=number, merged_into__customer=customer)
    found: int | None = merged.values_list("merged_into__number", flat=True).first()
    return found


def about_ai(customer: Customer) -> dict[str, str]:
    """What the first mail would say about AI, for who asks here instead: the notice, and how to say no.

    Nothing where no rules are in force: then no AI helps.
    """
    basis, chosen = basis_in_force(), choices(customer)
    if basis is None:
        return {}
    help_state = chosen.get(Purpose.AI_ASSIST, "")
    if chosen.get(Purpose.HUMANS_ONLY) == "granted" or help_state in ("refused", "objected"):
        return {"ai_notice": gettext("You are answered without AI."), "humans_url": ""}
    if help_state == "granted":
        basis = Basis.LEGITIMATE_INTEREST  # they were asked, and said yes: told, not asked again
    notice = first_contact_notice(get_language(), basis)
    return {"ai_notice": notice, "humans_url": without_ai_url(customer, absolute=False)}


def status_word(status: str) -> str:
    """A ticket's state in words for who waits."""
    return str(WORDS.get(status, status))


@dataclass(frozen=True)
class PortalMessage:
    """One message as the customer sees it."""

    pk: int
    mine: bool
    author_name: str
    at: datetime
    body_html: str
    attachments: list[dict[str, str]]
    disclosure: str
    why_url: str
    again_url: str
    again_asked: bool


def thread(ticket: Ticket) -> list[PortalMessage]:
    """The conversation in order. Four queries, however long it is."""
    asked = DataRequest.objects.filter(customer=ticket.customer_id, kind="human_review", status="open")
    again = set(asked.values_list("subject_id", flat=True))
    words = own_words("portal")
    return [_shown(one, ticket, words, asked=one.pk in again) for one in visible_messages(ticket)]


def visible_messages(ticket: Ticket) -> QuerySet[Message]:
    """What the customer may see of a ticket, with files."""
    shown = messages_of(ticket).filter(_VISIBLE).select_related("author__user").order_by("pk")
    return shown.prefetch_related(Prefetch("attachments", queryset=Attachment.objects.order_by("pk")))


def _shown(message: Message, ticket: Ticket, words: Mapping[str, str], *, asked: bool) -> PortalMessage:
    mine = message.kind == MessageKind.INBOUND
    place = [ticket.number, message.pk]
    assisted = message.ai_involvement != "none"
    return PortalMessage(
        pk=message.pk,
        mine=mine,
        author_name=message.author.display_name if message.author else "",
        at=message.sent_at or message.created_at,
        body_html=urlize(linebreaks(message.text, autoescape=True), nofollow=True),
        attachments=[_file(one, ticket) for one in message.attachments.all()],
        disclosure=said_of(message, words, get_language()) if assisted else "",
        why_url=reverse("portal-why", args=place) if assisted else "",
        again_url=reverse("portal-look-again", args=place) if assisted else "",
        again_asked=asked,
    )


def _file(one: Attachment, ticket: Ticket) -> dict[str, str]:
    url = reverse("portal-file", args=[ticket.number, one.pk])
    return {"name": one.name, "size_label": filesizeformat(one.size), "url": url}


def own_words(channel: str) -> Mapping[str, str]:
    """The lines about AI that the rules in force have for this channel alone, by language. One query."""
    policy = gate.policy_in_force()
    try:
        return gate.policy_facts(policy).clauses.disclosure_elsewhere.get(channel, {}) if policy else {}
    except ClauseError:
        return {}


def said_of(message: Message, words: Mapping[str, str], language: str | None) -> str:
    """The line about AI of an assisted answer: this channel's own words, else as it went out, else the standard ones.

    An assisted answer is never shown without.
    """
    own = words.get(language_for(language), "")
    if message.disclosure and not own:
        return message.disclosure
    name = message.author.display_name if message.author else str(_("our team"))
    return disclosure(name, language, {language_for(language): own}).text


_HOW: dict[str, Promise] = {
    "suggested": _("AI suggested parts of it; a person wrote the answer."),
    "edited": _("AI wrote a draft, and a person changed it."),
    "verbatim": _("AI wrote a draft, and a person left it as it was."),
}


def why(message: Message) -> dict[str, Any]:
    """Everything "Why this answer?" shows about one reply. Three queries at most."""
    found = explained(message.decision_id)
    approvals = Approval.objects.filter(message=message, revoked_at=None).select_related("approver__user")
    approval = approvals.order_by("-pk").first()
    person = approval.approver if approval else message.author
    return {
        "person_name": person.display_name if person else str(_("our team")),
        "sent_at": message.sent_at or message.created_at,
        "involvement_label": str(_HOW.get(message.ai_involvement, "")),
        "sources": found.sources if found else (),
        "service_label": found.service if found else _("not on record"),
        "model_label": found.model if found else "",
        "policy_version": found.policy_version if found else None,
        "fields_label": found.fields if found else "",
        "replaced_label": found.replaced if found else "",
    }


def list_rows(customer: Customer, page: int) -> tuple[list[dict[str, Any]], bool]:
    """One page of the list, and whether there is another."""
    start = (page - 1) * PAGE
    found = list(tickets_of(customer)[start : start + PAGE + 1])
    rows = [
        {
            "number": one.number,
            "url": reverse("portal-ticket", args=[one.number]),
            "subject": one.subject,
            "status": one.status,
            "status_label": status_word(one.status),
            "at": one.updated_at,
        }
        for one in found[:PAGE]
    ]
    return rows, len(found) > PAGE
