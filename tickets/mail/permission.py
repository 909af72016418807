"""Asked again right before a message leaves: does the approval still fit, do the rules still allow it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop

from governance import gate
from governance.core.facts import GateRequest
from governance.core.vocabulary import Action, ActorKind, Involvement
from governance.models import DraftExplanation
from governance.pressing import pressing
from governance.services import systems
from tickets.asked import asked_in
from tickets.content import content_hash
from tickets.mail import html as mail_html
from tickets.mail.outgoing import Outgoing
from tickets.models import WRITTEN_KINDS, AIInvolvement, Approval, Message, Ticket
from tickets.sensitive import topics_in
from tickets.services.involvement import involvement_of, whose_choice

_WROTE_AGAIN: Final = gettext_noop("The customer wrote again before your answer left.")
_READ_FIRST: Final = gettext_noop("Read the new message, then send your answer as it is or changed.")
_NOT_SAID: Final = gettext_noop("It contains text that the AI wrote, and does not say so.")
_SEND_ANEW: Final = gettext_noop(
    "Take it back and send it from the ticket: the line for the customer is added there."
)


@dataclass(frozen=True)
class Refusal:
    """Why a message stays here, and what can be done."""

    reason: str
    next_step: str = ""


def may_leave(message: Message, mail: Outgoing) -> Refusal | None:
    """None when it may. A message that a person wrote alone always may; the AI's needs approval, line and leave."""
    if message.kind not in WRITTEN_KINDS:
        return None
    if message.ai_involvement == AIInvolvement.NONE:
        return Refusal(_NOT_SAID, _SEND_ANEW) if _is_ais_in_secret(message) else None
    ticket = message.ticket
    approval = _approval(message)
    if approval is not None and approval.ticket_revision != ticket.customer_messages:
        return Refusal(_WROTE_AGAIN, _READ_FIRST)
    answer = gate.check(
        _request(message, ticket, mail, approved=approval is not None),
        subject_kind="ticket",
        subject_id=ticket.pk,
        customer=whose_choice(ticket, message.decision),
        actor=message.author,
    )
    return None if answer.allowed else Refusal(answer.reason, answer.next_step)


def _is_ais_in_secret(message: Message) -> bool:
    """The composer compares too; this is for a message that came here by another way. HTML counts like text."""
    bodies = [message.text]
    if message.html != mail_html.from_text(message.text):
        bodies.append(mail_html.to_text(message.html))
    shown = {"ticket": message.ticket, "until": message.created_at}
    return any(involvement_of(text=body, **shown).involved for body in bodies)


def _approval(message: Message) -> Approval | None:
    files = list(message.attachments.order_by("pk").values_list("name", "sha256"))
    fitting = Approval.objects.filter(
        message=message, revoked_at=None, content_hash=content_hash(message, files)
    )
    return fitting.order_by("-pk").first()


def _request(message: Message, ticket: Ticket, mail: Outgoing, *, approved: bool) -> GateRequest:
    return GateRequest(
        action=Action.SEND,
        topic=ticket.topic or None,
        human_only_topics_found=topics_in(ticket),
        subject=f"ticket:{ticket.pk}",
        customer_known=True,
        language=ticket.language or None,
        actor_kind=ActorKind.WORKER,
        system=systems.called_by(message.decision),
        ai_involvement=Involvement(message.ai_involvement),
        human_approval=approved,
        disclosure_present=mail.discloses(),
        provenance_complete=DraftExplanation.objects.filter(decision=message.decision_id).exists(),
        pressure=pressing(message.text, asked_in(ticket)),
    )
