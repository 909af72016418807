"""A small business at work, for tests of replies: rules in force, a customer's ticket, an AI's draft."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from governance.core.starter import starter
from governance.services import decisions, policies
from governance.tests.factories import make_decision
from helpdesk.errors import HelpdeskError
from helpdesk.people.models import Membership
from helpdesk.people.tests.factories import make_member
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.mail.send import send
from tickets.models import AIText, Inbox, Message, Ticket
from tickets.services.replying import send_reply
from tickets.tests.factories import make_ai_text
from tickets.tests.mails import arrive, shop

DRAFT = (
    "Hello Ana, you can send the boots back within thirty days of delivery as long as they were not worn outside. "
    "Please put the return slip into the parcel and hand it in at any post office near you."
)


@dataclass
class Desk:
    """What a test needs at hand."""

    organization: Organization
    inbox: Inbox
    member: Membership
    ticket: Ticket
    ai_text: AIText

    @contextmanager
    def scope(self) -> Iterator[None]:
        with organization_scope(self.organization.id):
            yield

    def reply(self, text: str = "Your parcel left us on Monday.", **fields: Any) -> Message:
        """The member answers what they have read; a refusal is caught as a view does, so what it wrote stays."""
        with self.scope():
            ticket = Ticket.objects.get(pk=self.ticket.pk)
            fields.setdefault("seen_revision", ticket.customer_messages)
            try:
                return send_reply(**{"ticket": ticket, "member": self.member, "text": text, **fields})
            except HelpdeskError as error:
                refusal = error
        raise refusal

    def draft_reply(self, text: str = DRAFT, **fields: Any) -> Message:
        """The member approves the AI's draft."""
        return self.reply(text, used_decision_id=self.ai_text.decision_id, **fields)

    def due(self, message: Message) -> None:
        """The time to take it back is over."""
        with self.scope():
            Message.objects.filter(pk=message.pk).update(send_after=timezone.now() - timedelta(seconds=1))

    def send(self, message: Message) -> str:
        """The worker's turn, when it is due."""
        self.due(message)
        return send(organization_id=self.organization.id, message_id=message.pk)

    def state(self, message: Message) -> str:
        with self.scope():
            return Message.objects.values_list("state", flat=True).get(pk=message.pk)


def desk(ai_text: dict[str, Any] | None = None, **inbox_fields: Any) -> Desk:
    """Rules published, one mail in, one draft shown (with these fields of its own)."""
    organization, inbox = shop(name="Boots & Co")
    arrive(inbox, "Can I send my boots back?", message_id="<q1@customer.example>", subject="Boots")
    with organization_scope(organization.id):
        Inbox.objects.filter(pk=inbox.pk).update(**(inbox_fields or {"from_name": "Boots help"}))
        member = make_member(name="Nora")
        policies.adopt_starter(starter=starter(), member=member)
        ticket = Ticket.objects.select_related("customer", "inbox").get()
        decision = make_decision(subject_kind="ticket", subject_id=ticket.pk)
        source = {"number": 1, "kind": "article", "title": "Returns", "passage": "Thirty days."}
        decisions.explain(decision=decision, sources=[source], service="built-in")
        shown = make_ai_text(ticket, DRAFT, decision=decision, **(ai_text or {}))
    return Desk(organization, inbox, member, ticket, shown)
