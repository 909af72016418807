"""Figures that watch risks: one above its limit opens its risk, closes the check, and opens one finding."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from governance import clocks, effects, facts, indicators, signals
from governance.core.clauses import Clauses
from governance.core.starter import starter
from governance.models import (
    AISpend,
    BiasAudit,
    DataRequest,
    Finding,
    Incident,
    OutcomeFact,
    RegisterChange,
    Risk,
)
from governance.services import policies
from governance.tests.factories import make_decision, make_incident, make_override
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Iterator[Membership]:
    with organization_scope(make_organization().id):
        member = make_member(Role.OWNER)
        policies.adopt_starter(starter=starter(), member=member)
        yield member


def told(*, wrong: int, right: int, days: int = 0) -> None:
    rows = [(0.0, wrong), (1.0, right)]
    for value, n in rows:
        OutcomeFact.objects.bulk_create(
            OutcomeFact(subject_id=at + 1, event="satisfied", value=value) for at in range(n)
        )
    if days:
        OutcomeFact.objects.update(created_at=timezone.now() - timedelta(days=days))


def test_every_shipped_risk_is_watched_by_a_figure_that_exists(owner: Membership) -> None:
    assert {one.indicator for one in Risk.objects.exclude(key="bias2")} - {""} <= set(indicators.BY_KEY)
    assert set(indicators.SHIPPED.values()) <= set(indicators.BY_KEY)
    assert set(indicators.CONTROL_WORDS) == set(indicators.controls.CONTROLS)
    assert indicators.run() == 0, "a fresh organization opens nothing"


def test_too_few_cases_open_nothing(owner: Membership) -> None:
    told(wrong=10, right=0)
    assert indicators.run() == 0
    assert Risk.objects.get(key="confabulation").indicator_value is None


def test_a_figure_above_its_limit_opens_the_risk_once_and_says_why(owner: Membership) -> None:
    Risk.objects.filter(key="confabulation").update(
        status="accepted", accepted_until=timezone.localdate() + timedelta(days=90)
    )
    told(wrong=12, right=28)
    assert indicators.run() == 1
    risk = Risk.objects.get(key="confabulation")
    assert (risk.status, risk.accepted_until) == ("open", None)
    assert risk.reopened_because == (
        "Customers who said that an answer was not right: 30 of 100, limit 15 of 100"
    )
    assert RegisterChange.objects.filter(object_ref=f"risk:{risk.pk}", values__has_key="status").exists()
    assert Finding.objects.get().risk == risk
    assert indicators.run() == 0, "twice opens nothing twice"
    assert Finding.objects.count() == 1


def test_an_open_figure_counts_as_before_for_the_check_and_the_dates(owner: Membership) -> None:
    told(wrong=12, right=28)
    indicators.run()
    risk = Risk.objects.get(key="confabulation")
    loaded, _policy = facts.load(None)
    assert loaded.risks is not None
    scores = {one.title: one.score for one in loaded.risks}
    assert scores[risk.title] == risk.likelihood_before * risk.impact_before == effects.score(risk)
    assert any(one.ref == f"decide:{risk.pk}" and one.gate == "G04" for one in clocks.clocks())
    OutcomeFact.objects.all().delete()
    told(wrong=0, right=40)
    indicators.run()
    risk.refresh_from_db()
    assert effects.score(risk) == risk.likelihood_after * risk.impact_after


def test_old_cases_are_not_read(owner: Membership) -> None:
    told(wrong=40, right=0, days=40)
    assert indicators.run() == 0


def test_every_figure_reads_what_it_says(owner: Membership) -> None:
    since = timezone.now() - timedelta(days=30)
    read = {one.key: one.read for one in indicators.CATALOGUE}
    assert (
        read["leaks"](since)
        == read["serious"](since)
        == read["unfair"](since)
        == read["exceptions"](since)
        == 0
    )
    assert read["pairs"](since) == 0
    for key in ("wrong", "contested", "unsourced", "unchanged", "reopened", "waiting"):
        assert read[key](since) is None, key
    make_incident(kind="leak", is_serious=True)
    make_incident(kind="unfair")
    make_override()
    for at in range(20):
        make_decision(action="send", request={"ai_involvement": "verbatim" if at < 15 else "edited"})
        stopped = [{"code": "G15", "outcome": "stopped"}] if at < 5 else []
        make_decision(action="save", allowed=at >= 5, reasons=stopped)
    for event, n in (("solved", 20), ("reopened", 6)):
        OutcomeFact.objects.bulk_create(OutcomeFact(subject_id=at, event=event) for at in range(n))
    for no, seconds in ((True, 3_000), (False, 1_500)):
        OutcomeFact.objects.bulk_create(
            OutcomeFact(subject_id=at, event="first_reply", value=seconds, groups={"said_no_to_ai": no})
            for at in range(30)
        )
    DataRequest.objects.create(customer=make_customer(), kind="human_review", due_at=timezone.now())
    AISpend.objects.create(day=timezone.localdate(), cost_micro=Clauses().budget.monthly_micro)
    BiasAudit.objects.filter(kind="pairs").update(
        figures={"groups": [{"worse": True}] * 3 + [{"worse": False}]}
    )
    found = {key: one(since) for key, one in read.items()}
    money = found.pop("money")
    assert money is not None
    assert money > 0
    assert found == {
        "wrong": None, "contested": 0.05, "unsourced": 0.25, "unchanged": 0.75, "reopened": 0.3, "leaks": 1,
        "unfair": 1, "serious": 1, "exceptions": 1, "waiting": 2, "pairs": 3,
    }  # fmt: skip


# Signals


def test_many_complaints_open_one_incident(owner: Membership) -> None:
    told(wrong=4, right=0)
    assert signals.look_at_complaints() is None
    OutcomeFact.objects.create(subject_id=99, event="satisfied", value=0)
    first = signals.look_at_complaints()
    assert first is not None
    assert "ticket:99" in first.affected
    again = signals.look_at_complaints()
    assert again == first
    assert Incident.objects.count() == 1


def test_complaints_as_always_open_none(owner: Membership) -> None:
    told(wrong=24, right=0, days=10)
    OutcomeFact.objects.bulk_create(
        OutcomeFact(subject_id=at + 200, event="satisfied", value=0) for at in range(6)
    )
    assert signals.look_at_complaints() is None


def test_the_third_leak_stops_that_ai(owner: Membership) -> None:
    for at in (1, 1, 2):
        one = signals.leak_held_back(where=f"ticket:{at}", provider="built-in", kinds=("EMAIL",))
    assert (one.is_serious, one.affected_count) == (False, 2)
    assert one.report_due_at is not None
    assert not clocks_of(one), "nothing left, so nothing is reported"
    one = signals.leak_held_back(where="ticket:3", provider="built-in", kinds=("PERSON",))
    one.refresh_from_db()
    assert one.is_serious
    loaded, _policy = facts.load(None)
    assert [row.title for row in loaded.incidents or ()] == [one.title]
    assert "EMAIL" in one.description


def clocks_of(incident: Incident) -> list[clocks.Clock]:
    return [one for one in clocks.clocks() if one.ref == f"incident:{incident.pk}"]


def test_a_broken_record_stops_the_ai_everywhere(owner: Membership) -> None:
    one = signals.ledger_broken(seq=4, problem="The hash does not fit.")
    assert effects.effect(one, Clauses(), timezone.localdate()).said == (
        "While “The record of what happened does not add up” is open, the AI does not draft at all."
    )
    assert signals.ledger_broken(seq=4, problem="Again.") == one
