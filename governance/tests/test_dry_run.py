"""A draft is tried on what has happened: what it would have stopped, allowed, and what nobody can tell."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from governance import gate, shipped
from governance.core.clauses import ClauseError, Clauses
from governance.core.facts import GateRequest, SystemRef
from governance.core.starter import starter
from governance.core.vocabulary import Action
from governance.models import AIDecision, EthicsPolicy
from governance.services import dry_run, policies
from governance.tests.factories import make_decision
from helpdesk.people.models import Customer, Membership
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Iterator[Membership]:
    with organization_scope(make_organization().id):
        member = make_member()
        policies.adopt_starter(starter=starter(), member=member)
        yield member


def ask(customer: Customer, topic: str = "delivery", ticket: int = 7, **changes: Any) -> gate.Answer:
    one = shipped.systems()[0]
    request = GateRequest(
        action=Action.DRAFT,
        topic=topic,
        subject=f"ticket:{ticket}",
        language="en",
        fields=frozenset({"message"}),
        system=SystemRef(provider=one.provider, model=one.model, prompt_hash=one.prompts[0], external=False),
        **changes,
    )
    return gate.check(request, subject_kind="message", subject_id=ticket * 10, customer=customer)


def draft(member: Membership, **clauses: Any) -> EthicsPolicy:
    policy = policies.draft_from(policy=gate.policy_in_force(), member=member)
    policy.clauses = {**policy.clauses, **clauses}
    policy.save()
    return policy


def test_names_the_requests_that_would_go_differently(member: Membership) -> None:
    customer = make_customer()
    assert ask(customer, "delivery", 7).allowed
    assert ask(customer, "returns", 8).allowed
    assert not ask(customer, "legal", 9).allowed
    before = AIDecision.objects.count()
    found = dry_run.run(policy=draft(member, human_only_topics=["delivery"]))
    assert [one.subject for one in found.stopped] == ["ticket:7"]
    assert "delivery" in found.stopped[0].reason
    assert [one.subject for one in found.allowed] == ["ticket:9"]
    assert "legal" not in found.allowed[0].reason
    assert found.subjects == ("ticket:7", "ticket:9")
    assert (found.judged, found.unknown) == (3, ())
    assert AIDecision.objects.count() == before, "it only looks"


def test_the_same_rules_change_nothing(member: Membership) -> None:
    ask(make_customer())
    found = dry_run.run(policy=draft(member))
    assert (found.judged, found.subjects, found.unknown) == (1, (), ())


def test_what_was_not_recorded_is_not_guessed(member: Membership) -> None:
    make_decision(request={"action": "draft"}, facts={})
    found = dry_run.run(policy=draft(member))
    assert (len(found.unknown), found.stopped, found.allowed) == (1, (), ())


def test_rules_that_cannot_be_published_are_not_tried(member: Membership) -> None:
    with pytest.raises(ClauseError):
        dry_run.run(policy=draft(member, ai_log_days=1))


def test_another_organizations_decisions_are_not_judged(member: Membership) -> None:
    policy = draft(member)
    with organization_scope(make_organization().id):
        make_decision(request={"action": "draft"}, facts={})
    assert dry_run.run(policy=policy).judged == 0


def test_five_hundred_take_less_than_ten_seconds(member: Membership) -> None:
    ask(make_customer())
    row = AIDecision.objects.get()
    for number in range(dry_run.LAST + 1):
        make_decision(request=row.request, facts=row.facts, subject_id=number)
    policy, started = draft(member, basis="ask_first"), time.monotonic()
    found = dry_run.run(policy=policy)
    took = time.monotonic() - started
    print(f"500 decisions in {took:.2f} s")  # noqa: T201 - shown with -s
    assert (found.judged, len(found.stopped)) == (500, 500)
    assert took < 10
    assert Clauses.from_dict(policy.clauses)
