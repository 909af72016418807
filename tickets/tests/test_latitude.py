"""Goodwill within the rules and a veto on a topic: what an agent may decide alone, and what not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from governance import gate, ledger
from governance.core.starter import starter
from governance.models import AIDecision, AIStop, LedgerEntry, OutcomeFact
from governance.services import decisions, goodwill, policies
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership, Role
from helpdesk.people.permissions import grant_inbox
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Message, Ticket
from tickets.services import replying
from tickets.services.goodwill import give
from tickets.tests.factories import make_ai_text, make_ticket

pytestmark = pytest.mark.django_db
MICRO = goodwill.MICRO


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Iterator[Membership]:
    with organization_scope(shop.id):
        member = make_member(Role.OWNER)
        policies.adopt_starter(starter=starter(), member=member)
        yield member


@pytest.fixture
def ticket(owner: Membership) -> Ticket:
    return make_ticket(topic="gift-cards")


@pytest.fixture
def agent(ticket: Ticket) -> Membership:
    member = make_member(Role.AGENT)
    grant_inbox(member, ticket.inbox)
    return member


def test_an_agent_gives_up_to_the_rules_in_sum(ticket: Ticket, agent: Membership) -> None:
    limit = goodwill.limit_micro()
    assert limit > MICRO
    give(ticket=ticket, member=agent, micro=limit - MICRO, why="A parcel that came late.")
    with pytest.raises(NotAllowed, match=r"1\.00 more"):
        give(ticket=ticket, member=agent, micro=MICRO + 1, why="More")
    give(ticket=ticket, member=agent, micro=MICRO, why="The rest")
    assert goodwill.given_micro(subject_kind="ticket", subject_id=ticket.pk) == limit
    with pytest.raises(NotAllowed, match=r"0\.00 more"):
        give(ticket=ticket, member=agent, micro=1, why="A crumb")
    notes = Message.objects.filter(ticket=ticket, kind="note")
    assert notes.count() == 2, "what was refused leaves no note"
    ledger.append_pending()
    assert LedgerEntry.objects.filter(event="goodwill_given").count() == 2


def test_an_owner_may_give_more_and_without_rules_agents_give_nothing(
    ticket: Ticket, agent: Membership, owner: Membership
) -> None:
    give(ticket=ticket, member=owner, micro=goodwill.limit_micro() * 2, why="A long story")
    policy = gate.policy_in_force()
    assert policy is not None
    type(policy).objects.filter(pk=policy.pk).update(status="replaced")
    with pytest.raises(NotAllowed):
        give(ticket=make_ticket(inbox=ticket.inbox), member=agent, micro=1, why="x")


@pytest.mark.parametrize("micro", [0, -5, goodwill.MOST_MICRO + 1])
def test_what_is_no_amount_is_refused(ticket: Ticket, owner: Membership, micro: int) -> None:
    with pytest.raises(InvalidState):
        give(ticket=ticket, member=owner, micro=micro, why="x")


def test_the_page_gives_and_says_what_is_left(shop: Organization, ticket: Ticket, agent: Membership) -> None:
    client, page = browser_of(shop, agent), f"/tickets/{ticket.number}/latitude/"
    assert "Left: " in client.get(page).content.decode()
    assert client.post(page, {"amount": "5", "why": "Late"}).status_code == 302
    for data in (
        {"amount": "9999", "why": "x"},
        {"amount": "-1", "why": "x"},
        {"amount": "x"},
        {"amount": "nan"},
    ):
        assert client.post(page, data).status_code == 422, data
    assert OutcomeFact.objects.filter(event="goodwill").count() == 1


def test_any_agent_keeps_the_ai_out_of_a_topic_without_a_reason(
    shop: Organization, ticket: Ticket, agent: Membership
) -> None:
    client = browser_of(shop, agent)
    for _ in range(2):
        assert client.post(f"/tickets/{ticket.number}/latitude/topic/").status_code == 302
    stop = AIStop.objects.get()
    assert (stop.scope, stop.topic, stop.reason, stop.started_by) == ("topic", "gift-cards", "", agent)
    assert "keeps out of" in client.get(f"/tickets/{ticket.number}/latitude/").content.decode()


def test_who_only_reads_or_does_not_see_the_ticket_decides_nothing(
    shop: Organization, ticket: Ticket, agent: Membership
) -> None:
    page = f"/tickets/{ticket.number}/latitude/"
    assert browser_of(shop, make_member(Role.AUDITOR)).get(page).status_code == 403
    assert browser_of(shop, make_member(Role.AGENT)).get(page).status_code == 404
    assert browser_of(shop, make_member(Role.AGENT)).post(f"{page}topic/").status_code == 404
    other = make_organization()
    with organization_scope(other.id):
        stranger = make_member(Role.OWNER)
    assert browser_of(other, stranger).get(page).status_code == 404
    assert not AIStop.objects.exists()


def answered(ticket: Ticket, member: Membership, text: str) -> Message:
    """Send a text that the AI drafted for this ticket."""
    known = make_ai_text(ticket, text=text)
    make_explanation_of(known.decision)
    return replying.send_reply(
        ticket=ticket,
        member=member,
        text=text,
        seen_revision=ticket.customer_messages,
        used_decision_id=known.decision_id,
    )


def make_explanation_of(decision: AIDecision) -> None:
    decisions.explain(
        decision=decision,
        sources=[],
        service="built-in",
        model="",
        prompt_hash="",
        fields_used=["message"],
        replaced={},
        confidence="high",
    )


GIFT = (
    "For the delay you get a voucher of {amount} € from us, which you can use whenever you like in our shop."
)


def test_an_answer_that_gives_more_than_its_sender_may_does_not_leave(
    ticket: Ticket, agent: Membership, owner: Membership
) -> None:
    limit = goodwill.limit_micro() // MICRO
    with pytest.raises(NotAllowed, match="gives away more than your rules let one person give"):
        answered(ticket, agent, GIFT.format(amount=limit + 1))
    assert not Message.objects.filter(ticket=ticket, state="queued").exists()
    assert answered(ticket, agent, GIFT.format(amount=limit)).state == "queued"


def test_what_an_owner_gave_for_the_request_may_be_told_and_owners_may_write_it(
    ticket: Ticket, agent: Membership, owner: Membership
) -> None:
    much = goodwill.limit_micro() // MICRO + 30
    give(ticket=ticket, member=owner, micro=much * MICRO, why="A long story")
    assert answered(ticket, agent, GIFT.format(amount=much)).state == "queued"
    other = make_ticket(inbox=ticket.inbox)
    assert answered(other, owner, GIFT.format(amount=much)).state == "queued"


def test_words_of_ones_own_ask_nobody(ticket: Ticket, agent: Membership) -> None:
    """No check acts on a person: what a colleague writes without AI is their own word."""
    text = GIFT.format(amount=500)
    sent = replying.send_reply(ticket=ticket, member=agent, text=text, seen_revision=ticket.customer_messages)
    assert sent.state == "queued"
