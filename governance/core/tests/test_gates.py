"""Each check answers as its table says, is asked where it must be, and speaks like a shop owner."""

from __future__ import annotations

import re

import pytest

from governance.core.clause_words import CHECK_WORDS
from governance.core.clauses import NEVER_SOFTENED
from governance.core.facts import Stop
from governance.core.gates import GATES, Gate, gate
from governance.core.tests.cases import Case, a_request, some_facts
from governance.core.tests.register_cases import CASES
from governance.core.verdict import Verdict
from governance.core.vocabulary import UNATTENDED, Action, Outcome, StopScope

A = Action
DRAFTING = {A.DRAFT, A.REWRITE, A.TRANSLATE, A.SELF_SERVICE, A.SAVE, A.ANSWER}
CALLS = {A.TRIAGE, A.DRAFT, A.REWRITE, A.TRANSLATE, A.SELF_SERVICE, A.INDEX, A.EVALUATE}
ASKED_AT = {
    "G01": DRAFTING | {A.TRIAGE, A.APPROVE, A.SEND},
    "G06": set(A),
    "G07": DRAFTING | {A.APPROVE, A.SEND},
    "G08": DRAFTING | CALLS | {A.APPROVE, A.SEND},
    "G13": set(A),
    "G14": CALLS,
    "G16": {A.APPROVE, A.SEND, A.ANSWER},
    "G18": {A.SEND, A.ANSWER},
    "G22": {A.APPROVE, A.SEND, A.ANSWER},
    "G02": DRAFTING,
    "G03": CALLS,
    "G04": DRAFTING,
    "G05": DRAFTING,
    "G09": {A.APPROVE, A.ANSWER},
    "G10": CALLS,
    "G11": CALLS,
    "G12": CALLS,
    "G15": DRAFTING,
    "G17": {A.APPROVE, A.ANSWER},
    "G19": {A.REUSE, A.EVALUATE, A.ANSWER},
    "G20": DRAFTING | {A.APPROVE, A.SEND},
    "G21": {A.APPROVE, A.SEND, A.ANSWER},
}
ALL_CASES = [
    pytest.param(code, case, id=f"{code}: {case.about}") for code, cases in CASES.items() for case in cases
]
JARGON = re.compile(
    r"\bG\d\d\b|\b(gate|ledger|clause|provider|kill switch|prompt|policy|provenance|verdict|basis|consent"
    r"|restrict|erase|data subject|AIDecision|grounded|null|hash|token)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(("code", "case"), ALL_CASES)
def test_answers_as_the_table_says(code: str, case: Case) -> None:
    verdict = gate(code).judge(case.request, case.facts)
    assert verdict.outcome is case.outcome
    assert verdict.code == code


@pytest.mark.parametrize(("code", "case"), ALL_CASES)
def test_speaks_plainly_and_offers_a_next_step(code: str, case: Case) -> None:
    verdict = gate(code).judge(case.request, case.facts)
    said = verdict.reason.english
    assert said.endswith(".")
    assert not JARGON.search(said), said
    assert (verdict.next_step is None) is (verdict.outcome is Outcome.PASSED)
    if verdict.next_step:
        assert not JARGON.search(verdict.next_step.english), verdict.next_step.english
    assert Verdict.from_dict(verdict.to_dict()) == verdict


def test_all_22_are_there_each_once_and_in_order() -> None:
    assert [one.code for one in GATES] == sorted(CASES) == [f"G{number:02d}" for number in range(1, 23)]


@pytest.mark.parametrize("one", GATES, ids=lambda one: one.code)
def test_is_asked_at_exactly_these_steps(one: Gate) -> None:
    assert one.asked_at == ASKED_AT[one.code]


def test_an_answer_without_a_person_is_seen_by_all_22() -> None:
    """Before the service is called and before its words are shown: together every check speaks."""
    seen = {one.code for one in GATES if one.asked_at & UNATTENDED}
    assert seen == {one.code for one in GATES}
    before_showing = {one.code for one in GATES if A.ANSWER in one.asked_at}
    assert seen - before_showing == {"G03", "G10", "G11", "G12", "G14"}, "these ask about the call"


def test_six_can_never_be_softened_and_the_others_have_a_name_to_choose() -> None:
    assert (
        {one.code for one in GATES if one.hard}
        == {"G01", "G06", "G07", "G13", "G16", "G18"}
        == NEVER_SOFTENED
    )
    assert {one.code: one.title for one in GATES if not one.hard} == CHECK_WORDS


def test_the_widest_stop_speaks() -> None:
    stops = tuple(Stop(scope=scope) for scope in reversed(StopScope))
    said = gate("G13").judge(a_request(), some_facts(stops=stops)).reason.english
    assert "for everyone" in said
    only_ticket = gate("G13").judge(a_request(), some_facts(stops=stops[:1])).reason.english
    assert "this request" in only_ticket


def test_a_topic_is_named_as_people_name_it() -> None:
    verdict = gate("G08").judge(a_request(topic="money_trouble"), some_facts())
    assert verdict.reason.english == "Your rules leave this topic to people: not being able to pay."


def test_only_the_most_private_topics_stop_firmly() -> None:
    outside = gate("G08").judge(a_request(topic="health", system=None), some_facts())
    here = gate("G08").judge(a_request(topic="health"), some_facts())
    assert (outside.firm, here.firm) == (True, False)
