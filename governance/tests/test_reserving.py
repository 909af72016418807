"""Calls at the same moment cannot overrun a limit together, and what was promised to a call comes back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from governance import gate, shipped
from governance.core.facts import GateRequest, SystemRef
from governance.core.starter import starter
from governance.core.vocabulary import Action
from governance.models import AISpend
from governance.services import decisions, policies
from helpdesk.people.models import Customer
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db(transaction=True)


def a_shop(**budget: int | None) -> UUID:
    """A shop whose rules have this budget, with one customer."""
    organization = make_organization()
    with organization_scope(organization.id):
        member = make_member()
        policy = policies.adopt_starter(starter=starter(), member=member)
        draft = policies.draft_from(policy=policy, member=member)
        draft.is_major = False
        draft.clauses = {**draft.clauses, "budget": {**draft.clauses["budget"], **budget}}
        draft.save()
        policies.publish(policy=draft, member=member)
        make_customer()
    found: UUID = organization.id
    return found


def ask(**changes: Any) -> gate.Answer:
    one = shipped.systems()[0]
    system = SystemRef(provider=one.provider, model=one.model, prompt_hash=one.prompts[0], external=False)
    values = {
        "action": Action.DRAFT,
        "language": "en",
        "fields": frozenset({"message"}),
        "subject": "ticket:1",
    }
    request = GateRequest(**{**values, "system": system, **changes})
    return gate.check(request, subject_kind="message", subject_id=1, customer=Customer.objects.first())


def test_of_eight_at_once_only_as_many_as_there_is_room_for() -> None:
    shop = a_shop(daily_drafts=3)

    def call(_number: int) -> bool:
        try:
            with organization_scope(shop):
                return ask().allowed
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(call, range(8)))
    assert sum(answers) == 3
    with organization_scope(shop):
        spend = AISpend.objects.get()
        assert (spend.drafts, spend.reserved_drafts) == (0, 3)


def test_the_month_counts_together_with_today() -> None:
    shop = a_shop(daily_drafts=2, monthly_drafts=2)
    with organization_scope(shop):
        assert [ask().allowed for _ in range(3)] == [True, True, False]


def test_what_a_call_cost_takes_the_place_of_its_promise() -> None:
    shop = a_shop(daily_drafts=2)
    with organization_scope(shop):
        first, second = ask(), ask()
        decisions.add_cost(decision=first.decision, tokens_in=10, tokens_out=20, cost_micro=30)
        spend = AISpend.objects.get()
        assert (spend.drafts, spend.cost_micro, spend.reserved_drafts) == (1, 30, 1)
        assert not ask().allowed
        decisions.give_back(decision_id=second.decision.pk)
        decisions.give_back(decision_id=second.decision.pk)
        spend.refresh_from_db()
        assert (spend.drafts, spend.reserved_drafts) == (1, 0), (
            "a failed call gives its share back, never more"
        )
        assert ask().allowed


def test_no_limit_promises_without_end_and_sorting_promises_nothing() -> None:
    shop = a_shop(daily_drafts=None, monthly_drafts=None)
    with organization_scope(shop):
        assert all(ask().allowed for _ in range(5))
        before = AISpend.objects.get().reserved_drafts
        assert ask(action=Action.TRIAGE).allowed
        assert AISpend.objects.get().reserved_drafts == before == 5


def test_two_shops_do_not_share_a_limit() -> None:
    one, other = a_shop(daily_drafts=1), a_shop(daily_drafts=1)
    for shop in (one, other):
        with organization_scope(shop):
            assert ask().allowed
            assert not ask().allowed
