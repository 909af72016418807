"""Each starter can be published as it is, reads in five minutes, and its words agree with its rules."""

from __future__ import annotations

import re

import pytest

from governance.core.clause_checks import require_valid
from governance.core.clauses import Basis, Tone
from governance.core.facts import PolicyFacts
from governance.core.judge import judge
from governance.core.starter import STARTERS, Starter, airline, boutique, starter
from governance.core.tests.cases import NOW, a_request, some_facts
from governance.core.vocabulary import Action, Consent, Purpose

ALL = pytest.mark.parametrize("one", STARTERS.values(), ids=list(STARTERS))


def words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text)


@ALL
def test_can_be_published_as_it_is(one: Starter) -> None:
    require_valid(one.clauses)
    assert not one.clauses.warn_only


@ALL
def test_is_one_page_in_short_plain_sentences(one: Starter) -> None:
    page = re.sub(r"[*#-]", "", one.for_business("Ann's Shop"))
    assert 200 < len(words(page)) < 480
    sentences = [sentence for sentence in re.split(r"[.:?!]\s", page) if words(sentence)]
    assert sum(len(words(sentence)) for sentence in sentences) / len(sentences) < 17
    assert not re.search(r"\b(gate|ledger|clause|provider|consent|legitimate|GDPR|Art)\b", page)


@ALL
def test_numbers_and_names_come_from_the_rules(one: Starter) -> None:
    page = one.for_business(" Ann's \n Shop ")
    assert "{" not in page
    assert "Ann's Shop" in page
    assert f"within {one.clauses.response_hours} hours" in " ".join(page.split())
    assert f"{one.clauses.ai_log_days} days" in " ".join(page.split())


@ALL
def test_keeps_the_promises_in_words(one: Starter) -> None:
    page = " ".join(one.for_business("X").split())
    for promise in ("Why this answer?", "Ask a person to look again", "stop the AI", "person", "delete"):
        assert promise in page


@pytest.mark.parametrize("one", [starter(), airline()], ids=["starter", "airline"])
def test_tells_and_lets_say_no(one: Starter) -> None:
    assert one.clauses.basis is Basis.LEGITIMATE_INTEREST
    assert "Answer me without AI" in one.prose


def test_the_boutique_asks_first_and_is_warm() -> None:
    one = boutique()
    assert (one.clauses.basis, one.clauses.tone) == (Basis.ASK_FIRST, Tone.WARM)
    assert "We ask you first" in one.prose
    assert one.clauses.values[0] == "care"


def test_the_airline_is_brief() -> None:
    assert airline().clauses.tone is Tone.BRIEF
    assert len(words(airline().prose)) < len(words(starter().prose))


@ALL
def test_a_fresh_organization_works_on_its_first_day(one: Starter) -> None:
    """Published and nothing else: from the first mail to the disclosed reply nothing is asked for."""
    asks = one.clauses.basis is Basis.ASK_FIRST
    policy = PolicyFacts(version="1.0", published_at=NOW, clauses=one.clauses)
    consents = {Purpose.AI_ASSIST: Consent.GRANTED} if asks else {}
    for action in (Action.TRIAGE, Action.DRAFT, Action.SAVE, Action.APPROVE, Action.SEND):
        judgement = judge(a_request(action), some_facts(policy=policy, consents=consents))
        assert judgement.allowed, judgement.stopped_by
        assert not judgement.warnings
        silent = judge(a_request(action), some_facts(policy=policy))
        assert silent.allowed is not asks
