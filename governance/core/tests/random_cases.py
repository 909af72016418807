"""Random requests and facts from a seed, weighted so that both answers happen often."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TypeVar

from governance.core.clauses import Basis, Budget, Clauses
from governance.core.facts import Facts, GateRequest, PolicyFacts, Spent, Stop
from governance.core.tests.cases import BUILT_IN, NOW, OUTSIDE
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
        )
    )()
