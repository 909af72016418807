"""Shipped risks come with a control that holds and a rest that the shop takes; a control that fails re-opens them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from governance import controls
from governance.core.clauses import Clauses
from governance.core.risk_seeds import RISK_SEEDS
from governance.core.starter import starter
from governance.models import BiasAudit, RegisterChange, Risk
from governance.services import policies, risks
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Iterator[Membership]:
    with organization_scope(make_organization().id):
        member = make_member(Role.OWNER)
        policies.adopt_starter(starter=starter(), member=member)
        yield member


def test_the_starter_brings_thirteen_risks_inside_the_limit_with_green_controls(owner: Membership) -> None:
    found = list(Risk.objects.all())
    assert len(found) == len(RISK_SEEDS) == 13
    assert all(one.control_ok for one in found), [one.key for one in found if not one.control_ok]
    limit = Clauses().risk_appetite
    assert all(one.likelihood_after * one.impact_after <= limit for one in found)
    assert any(one.likelihood_before * one.impact_before > limit for one in found)
    assert {one.control for one in found} <= set(controls.CONTROLS)


def test_twice_changes_nothing_and_an_own_risk_is_left_alone(owner: Membership) -> None:
    Risk.objects.filter(key="jobs").update(title="Our people")
    before = RegisterChange.objects.count()
    risks.seed(member=owner)
    assert (Risk.objects.count(), RegisterChange.objects.count()) == (13, before)
    assert Risk.objects.get(key="jobs").title == "Our people"


def test_a_control_that_fails_reopens_its_risk_and_says_so(owner: Membership) -> None:
    BiasAudit.objects.update(verdict="watch")
    assert controls.run()["fairness"] is False
    risk = Risk.objects.get(key="bias")
    assert (risk.control_ok, risk.reopened_because) == (False, "fairness")
    assert risk.reopened_at is not None
    newest = RegisterChange.objects.filter(object_ref=f"risk:{risk.pk}").order_by("-pk")[0]
    assert newest.values["control_ok"] == ["True", "False"]
    BiasAudit.objects.update(verdict="pass")
    assert all(controls.run().values())


@pytest.mark.parametrize(
    ("clauses", "control"),
    [
        ({"warn_only": ["G15"]}, "grounding"),
        ({"warn_only": ["G22"]}, "provenance"),
        ({"warn_only": ["G21"]}, "pressure"),
        ({"human_only_topics": []}, "human_topics"),
        ({"budget": {"monthly_micro": None}}, "budget"),
    ],
)
def test_softer_rules_turn_a_control_red(owner: Membership, clauses: dict[str, object], control: str) -> None:
    rules = Clauses.from_dict(clauses)
    assert not controls.CONTROLS[control](rules)
    assert controls.CONTROLS[control](Clauses())
