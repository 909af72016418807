"""For each check: what it must answer, on both sides of every condition. The mutants are run against this."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from governance.core.clauses import Basis, Budget, Clauses
from governance.core.facts import Facts, GateRequest, PolicyFacts, Spent, Stop, SystemRef
from governance.core.register_facts import (
    Approver,
    AuditFacts,
    SystemFacts,
    Training,
)
from governance.core.vocabulary import Action, ActorKind, Consent, Involvement, Outcome, Purpose, StopScope

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BUILT_IN = SystemRef(provider="builtin", model="cited", prompt_hash="a1", external=False)
OUTSIDE = SystemRef(provider="cloud", model="large", prompt_hash="b2", external=True)
DAY = timedelta(days=1)
TODAY = NOW.date()
POLICY = PolicyFacts(version="1.0", published_at=NOW - DAY, clauses=Clauses(self_service=True))
SYSTEM = SystemFacts(provider="builtin", model="cited", prompt_hash="a1", state="approved", stage="live")
CLOUD = SystemFacts(provider="cloud", model="large", prompt_hash="b2", state="approved", stage="live")
AUDIT = AuditFacts(title="Invented customers", verdict="pass", valid_until=TODAY + DAY)
COURSE = Training(
    course="ai-basics", title="AI in ten minutes", offered_since=NOW - 90 * DAY, certified_until=TODAY + DAY
)
APPROVER = Approver(since=NOW - 90 * DAY, read_version=1, training=(COURSE,))

PASSED, STOPPED, WARNED, UNKNOWN = Outcome.PASSED, Outcome.STOPPED, Outcome.WARNED, Outcome.UNKNOWN


def a_request(action: Action = Action.DRAFT, **changes: Any) -> GateRequest:
    """A request that every check lets pass with ``some_facts``."""
    request = GateRequest(
        action=action,
        topic="delivery",
        subject="ticket:7",
        customer_known=True,
        language="en",
        system=BUILT_IN,
        fields=frozenset({"subject", "message"}),
        actor_kind=ActorKind.PERSON if action is Action.APPROVE else ActorKind.WORKER,
        ai_involvement=Involvement.EDITED,
        human_approval=True,
        disclosure_present=True,
        provenance_complete=True,
        grounded=True,
        second_look=True,
        pressure=frozenset(),
        promised_micro=0,
        stays_inside=True,
    )
    return replace(request, **changes)


def some_facts(**changes: Any) -> Facts:
    """Facts of an organization that is in order, AI on its help pages included, and a customer who said nothing."""
    facts = Facts(
        policy=POLICY,
        consents={},
        restricted=False,
        prefers_human=False,
        stops=(),
        spent=Spent(),
        now=NOW,
        systems=(SYSTEM,),
        vendors=(),
        risks=(),
        audits=(AUDIT,),
        incidents=(),
        approver=APPROVER,
    )
    return replace(facts, **changes)


def with_rules(**changes: Any) -> Facts:
    """The same under other rules."""
    return some_facts(policy=replace(POLICY, clauses=replace(POLICY.clauses, **changes)))


class Case(NamedTuple):
    about: str
    request: GateRequest
    facts: Facts
    outcome: Outcome


def _said(purpose: Purpose, consent: Consent, basis: Basis = Basis.LEGITIMATE_INTEREST) -> Facts:
    return replace(with_rules(basis=basis), consents={purpose: consent})


def _stop(scope: StopScope, key: str | None = None) -> Facts:
    return some_facts(stops=(Stop(scope=scope, key=key),))


def _spent(budget: Budget | None = None, **spent: int) -> Facts:
    limits = budget or Budget(daily_drafts=100, monthly_drafts=1000, daily_micro=100, monthly_micro=1000)
    return replace(with_rules(budget=limits), spent=Spent(**spent))


_NO_LIMITS = Budget(daily_drafts=None, monthly_drafts=None, daily_micro=None, monthly_micro=None)
_ASK, _TELL = Basis.ASK_FIRST, Basis.LEGITIMATE_INTEREST
_AI = Purpose.AI_ASSIST
_ANY = a_request()

G01 = (
    Case("published, at once", _ANY, some_facts(now=None), PASSED),
    Case("no policy", _ANY, some_facts(policy=None), STOPPED),
    Case("a draft", _ANY, some_facts(policy=replace(POLICY, published_at=None)), STOPPED),
    Case(
        "a draft with a date",
        _ANY,
        some_facts(policy=replace(POLICY, published_at=None, effective_at=NOW)),
        STOPPED,
    ),
    Case("effective this moment", _ANY, some_facts(policy=replace(POLICY, effective_at=NOW)), PASSED),
    Case(
        "effective in a second", _ANY, some_facts(policy=replace(POLICY, effective_at=NOW + SECOND)), STOPPED
    ),
    Case(
        "effective a second ago", _ANY, some_facts(policy=replace(POLICY, effective_at=NOW - SECOND)), PASSED
    ),
    Case("no clock", _ANY, some_facts(policy=replace(POLICY, effective_at=NOW), now=None), UNKNOWN),
)

G06 = (
    Case("told, silent", _ANY, some_facts(), PASSED),
    Case("told, agreed", _ANY, _said(_AI, Consent.GRANTED), PASSED),
    Case("told, recorded as silent", _ANY, _said(_AI, Consent.NONE), PASSED),
    Case("told, objected", _ANY, _said(_AI, Consent.OBJECTED), STOPPED),
    Case("refused when asked, now told", _ANY, _said(_AI, Consent.REFUSED), STOPPED),
    Case("asked, silent", _ANY, with_rules(basis=_ASK), STOPPED),
    Case("asked, recorded as silent", _ANY, _said(_AI, Consent.NONE, _ASK), STOPPED),
    Case("asked, agreed", _ANY, _said(_AI, Consent.GRANTED, _ASK), PASSED),
    Case("asked, refused", _ANY, _said(_AI, Consent.REFUSED, _ASK), STOPPED),
    Case("asked, objected", _ANY, _said(_AI, Consent.OBJECTED, _ASK), STOPPED),
    Case("agreed to something else only", _ANY, _said(Purpose.IMPROVE, Consent.GRANTED, _ASK), STOPPED),
    Case("objected to something else", _ANY, _said(Purpose.IMPROVE, Consent.OBJECTED), PASSED),
    Case("no policy, silent", _ANY, some_facts(policy=None), STOPPED),
    Case("no policy, agreed", _ANY, replace(_said(_AI, Consent.GRANTED), policy=None), PASSED),
    Case("paused", _ANY, some_facts(restricted=True), STOPPED),
    Case("paused, though agreed", _ANY, replace(_said(_AI, Consent.GRANTED), restricted=True), STOPPED),
    Case("paused, consents not recorded", _ANY, some_facts(restricted=True, consents=None), STOPPED),
    Case("pause not recorded", _ANY, some_facts(restricted=None), UNKNOWN),
    Case("pause not recorded, agreed", _ANY, replace(_said(_AI, Consent.GRANTED), restricted=None), UNKNOWN),
    Case(
        "objected, pause not recorded", _ANY, replace(_said(_AI, Consent.OBJECTED), restricted=None), STOPPED
    ),
    Case("consents not recorded", _ANY, some_facts(consents=None), UNKNOWN),
    *(
        Case(
            f"{purpose} needs a yes: {consent}", a_request(purpose=purpose), _said(purpose, consent), outcome
        )
        for purpose in Purpose
        if purpose is not _AI
        for consent, outcome in (
            (Consent.NONE, STOPPED),
            (Consent.GRANTED, PASSED),
            (Consent.REFUSED, STOPPED),
            (Consent.OBJECTED, STOPPED),
        )
    ),
    Case(
        "own articles",
        a_request(Action.INDEX, concerns_customer=False),
        some_facts(policy=None, consents=None, restricted=None),
        PASSED,
    ),
    Case(
        "invented customers",
        a_request(Action.EVALUATE, concerns_customer=False),
        some_facts(consents=None, restricted=None),
        PASSED,
    ),
    Case(
        "a customer's messages in the index", a_request(Action.INDEX), _said(_AI, Consent.OBJECTED), STOPPED
    ),
    *(
        Case(
            f"{action} always concerns a customer",
            a_request(action, concerns_customer=False),
            _said(_AI, Consent.OBJECTED),
            STOPPED,
        )
        for action in Action
        if action not in {Action.INDEX, Action.EVALUATE}
    ),
)

G07 = (
    Case("did not ask", _ANY, some_facts(), PASSED),
    Case("asked for people", _ANY, some_facts(prefers_human=True), STOPPED),
    Case("not recorded", _ANY, some_facts(prefers_human=None), UNKNOWN),
)

_PETS = {"human_only_topics": ("pets", "Lost_Parcel")}
G08 = (
    Case("another topic", _ANY, some_facts(), PASSED),
    Case("no topic", a_request(topic=None), some_facts(), PASSED),
    Case("sorted as one", a_request(topic="pets"), with_rules(**_PETS), STOPPED),
    Case("spelled otherwise", a_request(topic="  Lost-parcel "), with_rules(**_PETS), STOPPED),
    Case(
        "found by rules", a_request(human_only_topics_found=frozenset({"Pets"})), with_rules(**_PETS), STOPPED
    ),
    Case(
        "found by rules, not sorted",
        a_request(topic=None, human_only_topics_found=frozenset({"pets"})),
        with_rules(**_PETS),
        STOPPED,
    ),
    Case("no longer on the list", a_request(topic="legal"), with_rules(**_PETS), PASSED),
    Case("on the shipped list", a_request(topic="legal"), some_facts(), STOPPED),
    Case("at approval", a_request(Action.APPROVE, topic="pets"), with_rules(**_PETS), STOPPED),
    Case("at sending", a_request(Action.SEND, topic="pets"), with_rules(**_PETS), STOPPED),
    Case("at saving", a_request(Action.SAVE, topic="pets"), with_rules(**_PETS), STOPPED),
    Case("sorting stays allowed here", a_request(Action.TRIAGE, topic="pets"), with_rules(**_PETS), PASSED),
    Case("finding stays allowed here", a_request(Action.INDEX, topic="health"), some_facts(), PASSED),
    Case(
        "sorting outside", a_request(Action.TRIAGE, topic="pets", system=OUTSIDE), with_rules(**_PETS), PASSED
    ),
    Case(
        "private, sorting outside",
        a_request(Action.TRIAGE, topic="Health", system=OUTSIDE),
        some_facts(),
        STOPPED,
    ),
    Case(
        "private, taken off the list, outside",
        a_request(topic="health", system=OUTSIDE),
        with_rules(**_PETS),
        STOPPED,
    ),
    Case("private, taken off the list, here", a_request(topic="health"), with_rules(**_PETS), PASSED),
    Case("private, service not named", a_request(topic="health", system=None), with_rules(**_PETS), STOPPED),
    Case("not private, service not named", a_request(system=None), some_facts(), PASSED),
    Case(
        "private, taken off the list, at sending nothing leaves for a service",
        a_request(Action.SEND, topic="health", system=OUTSIDE),
        with_rules(**_PETS),
        PASSED,
    ),
    Case("rules not recorded", _ANY, some_facts(policy=None), UNKNOWN),
    Case("rules not recorded, sorting", a_request(Action.TRIAGE), some_facts(policy=None), PASSED),
    Case(
        "rules not recorded, private and outside",
        a_request(topic="faith", system=OUTSIDE),
        some_facts(policy=None),
        STOPPED,
    ),
)

_TWO_STOPS = (Stop(scope=StopScope.TICKET, key="ticket:8"), Stop(scope=StopScope.TICKET, key="ticket:7"))
_ALL_STOPS = tuple(Stop(scope=scope) for scope in reversed(StopScope))
G13 = (
    Case("nobody stopped it", _ANY, some_facts(), PASSED),
    Case("not recorded", _ANY, some_facts(stops=None), UNKNOWN),
    Case("everywhere", _ANY, _stop(StopScope.PLATFORM), STOPPED),
    Case("everywhere, with a word", _ANY, _stop(StopScope.PLATFORM, "outage"), STOPPED),
    Case("this team", _ANY, _stop(StopScope.ORGANIZATION), STOPPED),
    Case("this service", a_request(system=OUTSIDE), _stop(StopScope.SYSTEM, "cloud"), STOPPED),
    Case("this model", a_request(system=OUTSIDE), _stop(StopScope.SYSTEM, "cloud/large"), STOPPED),
    Case("another model", a_request(system=OUTSIDE), _stop(StopScope.SYSTEM, "cloud/small"), PASSED),
    Case("another service", _ANY, _stop(StopScope.SYSTEM, "cloud"), PASSED),
    Case("some service, which is not said", _ANY, _stop(StopScope.SYSTEM), STOPPED),
    Case("service not named", a_request(system=None), _stop(StopScope.SYSTEM, "cloud"), STOPPED),
    Case("this topic", _ANY, _stop(StopScope.TOPIC, "Delivery"), STOPPED),
    Case(
        "this topic, found by rules",
        a_request(topic=None, human_only_topics_found=frozenset({"legal"})),
        _stop(StopScope.TOPIC, "legal"),
        STOPPED,
    ),
    Case("another topic", _ANY, _stop(StopScope.TOPIC, "returns"), PASSED),
    Case("not sorted yet", a_request(Action.TRIAGE, topic=None), _stop(StopScope.TOPIC, "returns"), PASSED),
    Case("some topic, which is not said", _ANY, _stop(StopScope.TOPIC), STOPPED),
    Case("this request", _ANY, _stop(StopScope.TICKET, "ticket:7"), STOPPED),
    Case("another request", _ANY, _stop(StopScope.TICKET, "ticket:8"), PASSED),
    Case("request not named", a_request(subject=None), _stop(StopScope.TICKET, "ticket:8"), STOPPED),
    Case("some request, which is not said", _ANY, _stop(StopScope.TICKET), STOPPED),
    Case("all at once, the widest last", _ANY, some_facts(stops=_ALL_STOPS), STOPPED),
    Case("the second stop is ours", _ANY, some_facts(stops=_TWO_STOPS), STOPPED),
)

_OUT = a_request(system=OUTSIDE)
_COSTS_5 = a_request(system=OUTSIDE, estimated_cost_micro=5)
G14 = (
    Case("nothing used", _OUT, _spent(), PASSED),
    Case("rules not recorded", _ANY, some_facts(policy=None), UNKNOWN),
    Case("use not recorded", _ANY, some_facts(spent=None), UNKNOWN),
    Case("no limits", _OUT, _spent(_NO_LIMITS, drafts_today=10**9, micro_today=10**12), PASSED),
    Case("drafts below 80 %", _ANY, _spent(drafts_today=79), PASSED),
    Case("drafts at 80 %", _ANY, _spent(drafts_today=80), WARNED),
    Case("the last draft of the day", _ANY, _spent(drafts_today=99), WARNED),
    Case("one draft too many", _ANY, _spent(drafts_today=100), STOPPED),
    Case("a month below 80 %", _ANY, _spent(drafts_this_month=799), PASSED),
    Case("a month at 80 %", _ANY, _spent(drafts_this_month=800), WARNED),
    Case("the last draft of the month", _ANY, _spent(drafts_this_month=999), WARNED),
    Case("one draft too many for the month", _ANY, _spent(drafts_this_month=1000), STOPPED),
    Case("no drafts at all", _ANY, _spent(Budget(daily_drafts=0)), STOPPED),
    *(
        Case(f"{action} is a draft", a_request(action), _spent(drafts_today=100), STOPPED)
        for action in (Action.DRAFT, Action.REWRITE, Action.TRANSLATE, Action.SELF_SERVICE)
    ),
    *(
        Case(f"{action} is no draft", a_request(action), _spent(drafts_today=100), PASSED)
        for action in (Action.TRIAGE, Action.INDEX, Action.EVALUATE)
    ),
    Case("money below 80 %", _OUT, _spent(micro_today=79), PASSED),
    Case("money at 80 %", _OUT, _spent(micro_today=80), WARNED),
    Case("money nearly gone", _OUT, _spent(micro_today=99), WARNED),
    Case("money gone", _OUT, _spent(micro_today=100), STOPPED),
    Case("just enough money", _COSTS_5, _spent(micro_today=95), WARNED),
    Case("not enough money", _COSTS_5, _spent(micro_today=96), STOPPED),
    Case("a month of money nearly gone", _OUT, _spent(micro_this_month=999), WARNED),
    Case("a month of money gone", _OUT, _spent(micro_this_month=1000), STOPPED),
    Case("a month of money below 80 %", _OUT, _spent(micro_this_month=799), PASSED),
    Case("a month: not enough money", _COSTS_5, _spent(micro_this_month=996), STOPPED),
    Case("nothing may be spent", _OUT, _spent(Budget(daily_micro=0)), STOPPED),
    Case(
        "nothing may be spent, sorting",
        a_request(Action.TRIAGE, system=OUTSIDE),
        _spent(micro_today=100),
        STOPPED,
    ),
    Case("what is built in costs nothing", _ANY, _spent(micro_today=100), PASSED),
    Case("service not named", a_request(system=None), _spent(micro_today=100), STOPPED),
)

G16 = (
    Case("approved", a_request(Action.SEND), some_facts(), PASSED),
    Case("not approved", a_request(Action.SEND, human_approval=False), some_facts(), STOPPED),
    Case("nobody looked", a_request(Action.SEND, human_approval=None), some_facts(), UNKNOWN),
    *(
        Case(
            f"{kind} approves",
            a_request(Action.APPROVE, actor_kind=kind, human_approval=None),
            some_facts(),
            PASSED if kind is ActorKind.PERSON else STOPPED,
        )
        for kind in ActorKind
    ),
    Case(
        "an earlier approval does not let a token approve",
        a_request(Action.APPROVE, actor_kind=ActorKind.TOKEN, human_approval=True),
        some_facts(),
        STOPPED,
    ),
    Case(
        "on the help pages, allowed by the rules",
        a_request(Action.ANSWER, human_approval=None),
        some_facts(),
        PASSED,
    ),
    Case("on the help pages, not allowed", a_request(Action.ANSWER), with_rules(self_service=False), STOPPED),
    Case("on the help pages, rules not recorded", a_request(Action.ANSWER), some_facts(policy=None), UNKNOWN),
    Case(
        "a person at the button is no approval",
        a_request(Action.SEND, actor_kind=ActorKind.PERSON, human_approval=False),
        some_facts(),
        STOPPED,
    ),
)

_SENDING = a_request(Action.SEND)
G18 = (
    Case("there", _SENDING, some_facts(), PASSED),
    Case("missing", replace(_SENDING, disclosure_present=False), some_facts(), STOPPED),
    Case("nobody looked", replace(_SENDING, disclosure_present=None), some_facts(), UNKNOWN),
    Case("before the first word", a_request(Action.ANSWER), some_facts(), PASSED),
    Case(
        "not before the first word",
        a_request(Action.ANSWER, disclosure_present=False),
        some_facts(),
        STOPPED,
    ),
)

G22 = (
    Case("complete", _SENDING, some_facts(), PASSED),
    Case("incomplete", replace(_SENDING, provenance_complete=False), some_facts(), STOPPED),
    Case("nobody looked", replace(_SENDING, provenance_complete=None), some_facts(), UNKNOWN),
)

CASES: dict[str, tuple[Case, ...]] = {
    "G01": G01,
    "G06": G06,
    "G07": G07,
    "G08": G08,
    "G13": G13,
    "G14": G14,
    "G16": G16,
    "G18": G18,
    "G22": G22,
}
