"""An exception lets one check warn instead of stop: there, until then, where the rules allow it; never more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from governance.core.clauses import MAY_GIVE_WAY, NEVER_SOFTENED, Clauses
from governance.core.facts import Facts, GateRequest
from governance.core.gates import GATES
from governance.core.judge import judge
from governance.core.register_facts import OverrideFacts, RiskFacts
from governance.core.tests.cases import DAY, NOW, POLICY, SECOND, a_request, some_facts
from governance.core.tests.register_cases import CASES
from governance.core.vocabulary import Outcome

RISK = RiskFacts(title="A leak", score=25)
EXCEPTION = OverrideFacts(id=5, gate="G04", until=NOW + DAY)


def asked(exception: OverrideFacts, request: GateRequest | None = None, **changes: Any) -> bool:
    facts = some_facts(risks=(RISK,), overrides=(exception,), **changes)
    return judge(request or a_request(), facts).allowed


def test_without_it_the_risk_stops_and_with_it_warns_and_is_named() -> None:
    assert not judge(a_request(), some_facts(risks=(RISK,))).allowed
    answer = judge(a_request(), some_facts(risks=(RISK,), overrides=(EXCEPTION,)))
    assert answer.allowed
    assert [(one.code, one.detail) for one in answer.warnings] == [("G04", "override:5")]


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"until": NOW + SECOND}, True),
        ({"until": NOW}, False),
        ({"until": NOW - DAY}, False),
        ({"gate": "G05"}, False),
        ({"subject": "ticket:7"}, True),
        ({"subject": "ticket:8"}, False),
        ({"topic": "Delivery"}, True),
        ({"topic": "returns"}, False),
        ({"topic": "delivery", "subject": "ticket:8"}, False),
    ],
)
def test_counts_there_and_until_then(changes: dict[str, Any], counts: bool) -> None:
    assert asked(replace(EXCEPTION, **changes)) is counts


def test_needs_rules_that_allow_it_and_a_clock() -> None:
    strict = replace(POLICY, clauses=Clauses(overridable=frozenset()))
    assert not asked(EXCEPTION, policy=strict)
    assert not asked(EXCEPTION, policy=None)
    assert not asked(EXCEPTION, now=None)


def _stopped(code: str) -> tuple[GateRequest, Facts]:
    return next(
        (case.request, case.facts)
        for case in CASES[code]
        if case.outcome is Outcome.STOPPED
        and case.request.involves_ai
        and case.facts.policy
        and case.facts.now
    )


@pytest.mark.parametrize("code", sorted({one.code for one in GATES} - MAY_GIVE_WAY))
def test_these_never_give_way_whatever_is_recorded(code: str) -> None:
    request, facts = _stopped(code)
    assert facts.policy
    everything = replace(facts.policy, clauses=replace(facts.policy.clauses, overridable=MAY_GIVE_WAY))
    forged = replace(facts, policy=everything, overrides=(replace(EXCEPTION, gate=code),))
    assert not judge(request, forged).allowed


@pytest.mark.parametrize("code", sorted(NEVER_SOFTENED))
def test_not_even_by_rules_that_name_them(code: str) -> None:
    request, facts = _stopped(code)
    assert facts.policy
    rotten = replace(facts.policy, clauses=replace(facts.policy.clauses, overridable=frozenset({code})))
    forged = replace(facts, policy=rotten, overrides=(replace(EXCEPTION, gate=code),))
    assert not judge(request, forged).allowed


def test_an_exception_that_cannot_be_read_is_a_no() -> None:
    assert not asked(replace(EXCEPTION, until=None))  # type: ignore[arg-type]
