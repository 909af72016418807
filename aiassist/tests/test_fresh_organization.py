"""A fresh organization works on its first day: publish, one mail in, draft, approved, disclosed reply out. No other form."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from aiassist import pipeline
from aiassist.models import Draft
from aiassist.services import indexing
from governance.core.starter import STARTERS
from governance.models import AIDecision
from governance.services import consents, policies
from helpdesk.people.models import Customer, Role
from helpdesk.people.tests.factories import make_member
from helpdesk.tenancy.scope import organization_scope
from tickets.mail.send import send
from tickets.models import Message, MessageOutcome, Ticket
from tickets.services.replying import send_reply
from tickets.tests.factories import make_article
from tickets.tests.mails import arrive, shop

pytestmark = pytest.mark.django_db(transaction=True)
RETURNS = "You can return any item within 30 days of delivery. Returns are free of charge."
ROUTE = ["draft", "save", "approve", "send"]


@pytest.mark.parametrize("kind", STARTERS)
def test_fresh_organization(kind: str) -> None:
    organization, inbox = shop(name="Fresh & Co")
    with organization_scope(organization.id):
        owner = make_member(Role.OWNER, name="Nora")
        policies.adopt_starter(starter=STARTERS[kind], member=owner)
        make_article(title="Returns", body=RETURNS)
    assert indexing.index_organization(organization.id) == 1
    arrive(inbox, "How long do I have to return an item, and is it free?", subject="Return")
    with organization_scope(organization.id):
        question = Message.objects.get(kind="inbound")
        if kind == "boutique":  # asks first
            consents.record_choice(
                customer=Customer.objects.get(), purpose="ai_assist", state="granted", method="portal"
            )
    pipeline.handle(organization.id, question.pk)
    with organization_scope(organization.id):
        found = MessageOutcome.objects.get(message=question)
        assert found.result == "drafted", (found.reason, found.next_step)
        draft = Draft.objects.get()
        ticket = Ticket.objects.select_related("customer", "inbox").get()
        reply = send_reply(
            ticket=ticket,
            member=owner,
            text=draft.text,
            used_decision_id=draft.decision_id,
            seen_revision=ticket.customer_messages,
        )
        Message.objects.filter(pk=reply.pk).update(send_after=timezone.now() - timedelta(seconds=1))
    mail.outbox.clear()
    assert send(organization_id=organization.id, message_id=reply.pk) == "sent"
    answer = next(one for one in mail.outbox if one.extra_headers.get("AI-Involvement") == "verbatim")
    assert "30 days" in answer.body
    assert "AI" in answer.body.split(draft.text)[1]
    with organization_scope(organization.id):
        asked = AIDecision.objects.filter(action__in=ROUTE).order_by("pk")
        assert list(asked.values_list("action", flat=True)) == ROUTE
        spoke = {one["code"]: one["outcome"] for row in asked for one in row.reasons}
        assert len(spoke) == 21, "each check but the one for reuse"
        assert spoke.pop("G09") == "warned", "the first course has 14 days of grace"
        assert set(spoke.values()) == {"passed"}
