"""Figures per topic have known answers, and a topic where the AI does worse than none is proposed, never changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from aiassist.models import AnswerFact, TopicProposal
from aiassist.services import topics
from aiassist.tests.factories_learning import make_answer_fact, make_topic_proposal
from aiassist.topics_judged import Requests, TopicFigures, figures, in_sentence, worse_than_no_ai
from governance import gate
from governance.core.facts import GateRequest, SystemRef
from governance.core.starter import starter
from governance.core.vocabulary import Action
from governance.figures import Measured
from governance.models import EthicsPolicy, LedgerEntry, OutcomeFact
from governance.services import consents, drafts, policies, requests
from governance.statistics import Cell, newcombe, wilson
from helpdesk.errors import Conflict, NotAllowed
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.tests.factories import make_inbound, make_reply, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER)
        policies.adopt_starter(starter=starter(), member=owner)
    return owner


def facts(topic: str, became: str, n: int, **fields: Any) -> list[AnswerFact]:
    values = {"changed": None, **fields}
    return [
        make_answer_fact(make_inbound(make_ticket(topic=topic)), topic=topic, became=became, **values)
        for _number in range(n)
    ]


def one(topic: str = "returns") -> TopicFigures:
    return next(found for found in figures(topics.since()) if found.topic == topic)


def test_acceptance_changed_words_and_time_have_known_answers(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        facts("returns", "used", 9, wait_seconds=600, changed=0.0)
        facts("returns", "edited", 3, wait_seconds=600, changed=0.4)
        facts("returns", "rejected", 2, wait_seconds=3_600)
        facts("returns", "ignored", 1, wait_seconds=3_600)
        facts("returns", "none", 8, wait_seconds=3_600)
        found = one()
        assert (found.acceptance.value, found.acceptance.n) == (12 / 15, 15)
        assert (found.acceptance.low, found.acceptance.high) == wilson(12, 15)
        assert (found.changed.value, found.changed.n) == (0.0, 12)
        assert (found.saved.value, found.saved.n) == (3_000, 23)
        assert (found.saved.low, found.saved.high) == (3_000, 3_000)


def test_what_is_too_little_says_why_it_was_not_measured(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        facts("returns", "used", 3, changed=0.0)
        found = one()
        for measured in (found.acceptance, found.changed, found.saved, found.person):
            assert measured.value is None
            assert measured.because
        assert topics.propose() == []


def test_who_asked_for_a_person_and_who_came_back_is_counted_per_topic(
    shop: Organization, owner: Membership
) -> None:
    with organization_scope(shop.id):
        rows = facts("returns", "used", 12, changed=0.0)
        reply = make_reply(rows[0].ticket, state="sent", sent_at=timezone.now())
        requests.open_request(
            customer=rows[0].ticket.customer, kind="human_review", subject_kind="message", subject_id=reply.pk
        )
        consents.answer_without_ai(customer=rows[1].ticket.customer, method="mail_text")
        early = make_customer()
        consents.answer_without_ai(customer=early, method="mail_text")
        for number, value in ((2, 1.0), (3, 0.0)):
            OutcomeFact.objects.create(subject_id=rows[number].ticket_id, event="satisfied", value=value)
        OutcomeFact.objects.create(subject_id=rows[4].ticket_id, event="reopened", value=1)
        facts("delivery", "none", 1)
        assert one().ai == Requests(n=12, said=2, right=1, reopened=1, person=2)
        assert one().person.value == 2 / 12
        assert one("delivery").alone == Requests(n=1)


def _figures(
    accepted: tuple[int, int] = (20, 20), person: tuple[int, int] = (0, 20), **more: Any
) -> TopicFigures:
    def measured(k: int, n: int) -> Measured:
        return Measured(k / n, n, *wilson(k, n))

    nothing = Measured(because="-")
    return TopicFigures("returns", {}, measured(*accepted), nothing, nothing, measured(*person), **more)


@pytest.mark.parametrize(
    ("found", "keys"),
    [
        (_figures(), []),
        (_figures(accepted=(2, 40)), ["unused"]),
        (_figures(accepted=(2, 12)), []),  # 2 of 12: it may be chance
        (_figures(person=(12, 40)), ["person"]),
        (_figures(person=(5, 40)), []),
        (_figures(ai=Requests(60, 40, 20), alone=Requests(60, 40, 38)), ["less_right"]),
        (_figures(ai=Requests(60, 40, 36), alone=Requests(60, 40, 38)), []),
        (_figures(ai=Requests(60, reopened=30), alone=Requests(60, reopened=5)), ["reopened"]),
        (_figures(ai=Requests(60, reopened=5), alone=Requests(60, reopened=30)), []),
        (_figures(ai=Requests(60, 40, 20), alone=Requests(9, 9, 9)), []),
    ],
)
def test_worse_than_no_ai_only_where_chance_does_not_explain_it(found: TopicFigures, keys: list[str]) -> None:
    reasons = worse_than_no_ai(found, 10)
    assert [reason["key"] for reason in reasons] == keys
    assert all("%" in in_sentence(reason) for reason in reasons)


def test_the_two_intervals_are_the_ones_of_the_statistics() -> None:
    low, high = newcombe(Cell("ai", 20, 40), Cell("alone", 38, 40))
    assert high < 0
    assert low < high


def test_the_rule_sets_how_many_may_ask_for_a_person() -> None:
    found = _figures(person=(12, 40))
    assert worse_than_no_ai(found, 50) == []
    assert worse_than_no_ai(found, 1)[0]["limit"] == 0.01


@pytest.fixture
def bad_topic(shop: Organization, owner: Membership) -> TopicProposal:
    with organization_scope(shop.id):
        facts("returns", "used", 1, changed=0.0)
        facts("returns", "rejected", 30)
        facts("", "rejected", 30)
        made = topics.propose()
        assert [row.topic for row in made] == ["returns"], "what has no topic cannot be left to people"
        return made[0]


def _judged(topic: str) -> bool:
    request = GateRequest(
        action=Action.DRAFT,
        topic=topic,
        subject="ticket:1",
        customer_known=True,
        language="en",
        system=SystemRef(provider="built-in", model="builtin-1", external=False),
        fields=frozenset({"message"}),
    )
    answer = gate.check(request, subject_kind="message", subject_id=1, customer=make_customer())
    return "G08" not in [verdict.code for verdict in answer.judgement.stopped_by]


def test_a_proposal_changes_nothing_and_a_yes_goes_the_way_of_all_rules(
    shop: Organization, owner: Membership, bad_topic: TopicProposal
) -> None:
    with organization_scope(shop.id):
        assert _judged("returns")
        assert topics.propose() == [], "asked once"
        accepted = topics.accept(proposal=bad_topic, member=owner, note="They know better.")
        assert _judged("returns"), "begun, not published"
        assert accepted.policy is not None
        assert "returns" in accepted.policy.clauses["human_only_topics"]
        in_force = EthicsPolicy.objects.get(status="published")
        drafts.publish_draft(policy=accepted.policy, member=owner, seen_version=in_force.version)
        assert not _judged("returns")
        assert _judged("delivery")
        assert topics.propose() == []
        with pytest.raises(Conflict, match="published"):
            topics.take_back(proposal=accepted, member=owner)
    with organization_scope(shop.id):
        events = list(LedgerEntry.objects.values_list("event", flat=True))
        assert events.count("topic_proposed") == events.count("topic_decided") == 1


def test_a_no_holds_for_a_while_and_both_can_be_taken_back(
    shop: Organization, owner: Membership, bad_topic: TopicProposal
) -> None:
    with organization_scope(shop.id):
        before = EthicsPolicy.objects.count()
        topics.decline(proposal=bad_topic, member=owner)
        assert topics.propose() == []
        with pytest.raises(Conflict):
            topics.accept(proposal=bad_topic, member=owner)
        topics.take_back(proposal=bad_topic, member=owner)
        topics.accept(proposal=bad_topic, member=owner)
        assert EthicsPolicy.objects.count() == before + 1
        row = topics.take_back(proposal=bad_topic, member=owner)
        assert (row.state, row.policy) == ("open", None)
        assert EthicsPolicy.objects.count() == before


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR])
def test_only_owner_and_officer_decide(shop: Organization, owner: Membership, role: Role) -> None:
    with organization_scope(shop.id):
        row, member = make_topic_proposal(), make_member(role)
        steps: tuple[Callable[..., Any], ...] = (topics.accept, topics.decline, topics.take_back)
        for step in steps:
            with pytest.raises(NotAllowed):
                step(proposal=row, member=member)
        row.refresh_from_db()
        assert row.state == "open"


def test_a_topic_that_people_answer_already_is_not_proposed(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        facts("Health", "rejected", 30)
        assert topics.propose() == []


def test_two_queries_whatever_the_number_of_topics(
    shop: Organization, owner: Membership, django_assert_num_queries: Any
) -> None:
    with organization_scope(shop.id):
        for number in range(6):
            facts(f"topic {number}", "used", 2, changed=0.0)
        since = topics.since()
        with django_assert_num_queries(2):
            assert len(figures(since)) == 6
