"""Random requests and facts from a seed, weighted so that both answers happen often."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TypeVar

from governance.core.clauses import Basis, Budget, Clauses
from governance.core.facts import Facts, GateRequest, PolicyFacts, Spent, Stop
from governance.core.register_facts import IncidentFacts, OverrideFacts, RiskFacts
from governance.core.tests.cases import (
    APPROVER,
    AUDIT,
    BUILT_IN,
    CLOUD,
    COURSE,
    DAY,
    NOW,
    OUTSIDE,
    SYSTEM,
    TODAY,
)
from governance.core.tests.register_cases import VENDOR
from governance.core.vocabulary import Action, ActorKind, Consent, Involvement, Purpose, StopScope

T = TypeVar("T")
TOPICS = ("delivery", "returns", "health", "faith", "legal", "pets")
_POLICIES = [
    PolicyFacts(
        version=f"1.{number}",
        published_at=NOW,
        clauses=Clauses(basis=basis, human_only_topics=topics, warn_only=soft, budget=budget),
    )
    for number, (basis, topics, soft, budget) in enumerate(
        (basis, topics, soft, budget)
        for basis in Basis
        for topics in (("health", "legal"), ("pets",))
        for soft in (frozenset[str](), frozenset({"G08", "G14", "G22"}), frozenset({"G06", "G13", "G16"}))
        for budget in (Budget(), Budget(daily_drafts=10, daily_micro=10))
    )
]
_STOPS = [
    Stop(scope=scope, key=key)
    for scope, keys in {
        StopScope.PLATFORM: (None,),
        StopScope.ORGANIZATION: (None,),
        StopScope.SYSTEM: (None, "cloud", "builtin", "cloud/large"),
        StopScope.TOPIC: (None, *TOPICS),
        StopScope.TICKET: (None, "ticket:7", "ticket:8"),
    }.items()
    for key in keys
]


def mostly(random: Random, usual: T, *others: T) -> T:
    """The usual value nine times in ten, so that requests with many conditions still pass now and then."""
    return usual if random.random() < 0.9 else random.choice(others)


def random_request(random: Random) -> GateRequest:
    return GateRequest(
        action=random.choice(list(Action)),
        purpose=mostly(random, Purpose.AI_ASSIST, *Purpose),
        topic=mostly(random, "delivery", None, *TOPICS),
        human_only_topics_found=mostly(random, frozenset(), frozenset({random.choice(TOPICS)})),
        subject=mostly(random, "ticket:7", None, "ticket:8"),
        concerns_customer=mostly(random, True, False),
        customer_known=random.choice((True, False, None)),
        language=random.choice(("en", "de", None)),
        system=random.choice((BUILT_IN, BUILT_IN, OUTSIDE, None)),
        fields=frozenset(random.sample(("subject", "message", "topic"), random.randrange(4))),
        estimated_cost_micro=mostly(random, 0, 3, 20),
        actor_kind=mostly(random, ActorKind.PERSON, *ActorKind),
        ai_involvement=random.choice((None, *Involvement)),
        human_approval=mostly(random, True, False, None),
        disclosure_present=mostly(random, True, False, None),
        provenance_complete=mostly(random, True, False, None),
        grounded=mostly(random, True, False, None),
        second_look=mostly(random, True, False, None),
        pressure=mostly(random, frozenset(), None, frozenset({"hurry"}), frozenset({"upsell"})),
        promised_micro=mostly(random, 0, None, 1, 20_000_000, 20_000_001),
        granted_micro=mostly(random, None, 0, 20_000_001),
        stays_inside=mostly(random, True, False, None),
    )


_INCIDENTS = (
    IncidentFacts(title="A leak"),
    IncidentFacts(title="A leak", provider="cloud"),
    IncidentFacts(title="A leak", topic="returns"),
)
_RISKS = (
    RiskFacts(title="A leak", score=20, decide_by=TODAY - DAY),
    RiskFacts(title="A leak", score=20, decide_by=TODAY),
    RiskFacts(title="A leak", score=20, accepted_until=TODAY),
)
_AUDITS = (
    replace(AUDIT, verdict="fail"),
    replace(AUDIT, verdict="insufficient"),
    replace(AUDIT, valid_until=TODAY - DAY),
)
OVERRIDABLE = ("G02", "G04", "G05", "G09", "G20", "G21", "G06", "G13")


def random_override(random: Random) -> OverrideFacts:
    return OverrideFacts(
        id=random.randrange(9),
        gate=random.choice(OVERRIDABLE),
        until=NOW + random.choice((-1, 1)) * DAY,
        subject=random.choice(("", "ticket:7", "ticket:8")),
        topic=random.choice(("", "delivery", "returns")),
    )


def random_facts(random: Random) -> Facts:
    policy = random.choice(_POLICIES)
    return Facts(
        policy=mostly(
            random,
            policy,
            None,
            replace(policy, published_at=None),
            replace(policy, effective_at=NOW + timedelta(days=random.choice((-1, 1)))),
        ),
        consents=mostly(
            random, {Purpose.AI_ASSIST: random.choice(list(Consent))}, None, {}, random_consents(random)
        ),
        restricted=mostly(random, False, True, None),
        prefers_human=mostly(random, False, True, None),
        stops=mostly(random, (), None, (random.choice(_STOPS), random.choice(_STOPS))),
        spent=mostly(
            random, Spent(drafts_today=1), None, Spent(drafts_today=9, micro_today=9), Spent(micro_today=99)
        ),
        now=mostly(random, NOW, None),
        systems=mostly(random, (SYSTEM, CLOUD), None, (), (SYSTEM,), (replace(CLOUD, state="shadow"),)),
        vendors=mostly(random, (VENDOR,), None, (), (replace(VENDOR, region="us"),)),
        risks=mostly(random, (), None, (random.choice(_RISKS),)),
        audits=mostly(random, (AUDIT,), None, (), (AUDIT, random.choice(_AUDITS))),
        incidents=mostly(random, (), None, (random.choice(_INCIDENTS),)),
        approver=mostly(
            random, APPROVER, None, replace(APPROVER, training=(replace(COURSE, certified_until=None),))
        ),
        overrides=mostly(random, (), (random_override(random),), (random_override(random),)),
    )


def random_consents(random: Random) -> dict[Purpose, Consent]:
    return {purpose: random.choice(list(Consent)) for purpose in Purpose}


def one_reason_more(random: Random, request: GateRequest, facts: Facts) -> Facts:
    """The same facts with one more reason against: a stop, a no, a pause, a wish for people, more spent.

    What was not recorded stays so: learning a fact may well turn a no into a yes.
    """
    said_no = random.choice((Consent.REFUSED, Consent.OBJECTED))
    spent, more = facts.spent, random.randrange(50)
    return random.choice(
        (
            lambda: replace(
                facts, stops=None if facts.stops is None else (*facts.stops, random.choice(_STOPS))
            ),
            lambda: replace(facts, consents={**(facts.consents or {}), request.purpose: said_no}),
            lambda: replace(facts, restricted=True),
            lambda: replace(facts, prefers_human=True),
            lambda: replace(facts, spent=spent and replace(spent, drafts_today=spent.drafts_today + more)),
            lambda: replace(facts, spent=spent and replace(spent, micro_today=spent.micro_today + more)),
            lambda: replace(facts, policy=None),
            lambda: replace(facts, risks=None if facts.risks is None else (*facts.risks, _RISKS[0])),
            lambda: replace(facts, audits=None if facts.audits is None else (*facts.audits, _AUDITS[0])),
            lambda: replace(
                facts, incidents=None if facts.incidents is None else (*facts.incidents, _INCIDENTS[0])
            ),
            lambda: replace(facts, systems=None if facts.systems is None else ()),
            lambda: replace(facts, vendors=None if facts.vendors is None else ()),
            lambda: replace(facts, overrides=()),
        )
    )()
