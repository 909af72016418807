"""The same for the checks that read the registers. Together with `cases` the whole table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from governance.core.clauses import Clauses
from governance.core.facts import Facts, GateRequest
from governance.core.register_facts import (
    Approver,
    AuditFacts,
    IncidentFacts,
    RiskFacts,
    SystemFacts,
    Training,
    VendorFacts,
)
from governance.core.tests import cases
from governance.core.tests.cases import (
    APPROVER,
    AUDIT,
    CLOUD,
    COURSE,
    DAY,
    NOW,
    OUTSIDE,
    PASSED,
    POLICY,
    SECOND,
    STOPPED,
    TODAY,
    UNKNOWN,
    WARNED,
    Case,
    a_request,
    some_facts,
    with_rules,
)
from governance.core.vocabulary import Action, Consent, Purpose

_ANY = a_request()


def _policy(**changes: Any) -> Facts:
    return some_facts(policy=replace(POLICY, **changes))


_TEN_OLD = {"review_days": 30, "review_grace_days": 10}
G02 = (
    Case("due later", _ANY, _policy(review_due=TODAY + DAY), PASSED),
    Case("due today", _ANY, _policy(review_due=TODAY), PASSED),
    Case("a day late", _ANY, _policy(review_due=TODAY - DAY), WARNED),
    Case("at the end of the grace", _ANY, _policy(review_due=TODAY - 30 * DAY), WARNED),
    Case("past the grace", _ANY, _policy(review_due=TODAY - 31 * DAY), STOPPED),
    Case("no date of its own", _ANY, some_facts(), PASSED),
    Case(
        "no date of its own, old",
        _ANY,
        some_facts(policy=replace(POLICY, published_at=NOW - 41 * DAY, clauses=Clauses(**_TEN_OLD))),
        STOPPED,
    ),
    Case(
        "no date of its own, in the grace",
        _ANY,
        some_facts(policy=replace(POLICY, published_at=NOW - 40 * DAY, clauses=Clauses(**_TEN_OLD))),
        WARNED,
    ),
    Case("no rules", _ANY, some_facts(policy=None), UNKNOWN),
    Case("a draft", _ANY, _policy(published_at=None), UNKNOWN),
    Case("no clock", _ANY, some_facts(now=None), UNKNOWN),
)


def _systems(*rows: SystemFacts, shipped: frozenset[str] = frozenset()) -> Facts:
    return some_facts(systems=rows, shipped_prompts=shipped)


_OUT = a_request(system=OUTSIDE)
_TRY = a_request(Action.EVALUATE, system=OUTSIDE, concerns_customer=False)
G03 = (
    Case("approved and live", _ANY, some_facts(), PASSED),
    Case("approved in a trial", _OUT, _systems(replace(CLOUD, stage="pilot")), PASSED),
    *(
        Case(f"approved, but {stage}", _OUT, _systems(replace(CLOUD, stage=stage)), STOPPED)
        for stage in ("plan", "build", "retired")
    ),
    Case("in the shadow", _OUT, _systems(replace(CLOUD, state="shadow")), STOPPED),
    Case("retired", _OUT, _systems(replace(CLOUD, state="retired")), STOPPED),
    Case(
        "in the shadow, being evaluated",
        _TRY,
        _systems(replace(CLOUD, state="shadow", stage="build")),
        PASSED,
    ),
    Case("retired, being evaluated", _TRY, _systems(replace(CLOUD, state="retired")), STOPPED),
    Case("not registered, being evaluated", _TRY, _systems(), STOPPED),
    Case("nothing registered", _ANY, _systems(), STOPPED),
    Case("another service", _OUT, some_facts(), STOPPED),
    Case("another model", _OUT, _systems(replace(CLOUD, model="small")), STOPPED),
    Case("another prompt", _OUT, _systems(replace(CLOUD, prompt_hash="zz")), STOPPED),
    Case(
        "the second is the one", _OUT, _systems(replace(CLOUD, model="small", state="shadow"), CLOUD), PASSED
    ),
    Case(
        "a prompt of the release",
        _OUT,
        _systems(replace(CLOUD, prompt_hash="old", follows_release=True), shipped=frozenset({"b2"})),
        PASSED,
    ),
    Case(
        "a prompt of the release, not followed",
        _OUT,
        _systems(replace(CLOUD, prompt_hash="old"), shipped=frozenset({"b2"})),
        STOPPED,
    ),
    Case(
        "a prompt that no release has",
        _OUT,
        _systems(replace(CLOUD, prompt_hash="old", follows_release=True), shipped=frozenset({"c3"})),
        STOPPED,
    ),
    Case(
        "a prompt of the release, other model",
        _OUT,
        _systems(
            replace(CLOUD, model="small", prompt_hash="old", follows_release=True), shipped=frozenset({"b2"})
        ),
        STOPPED,
    ),
    Case(
        "approved though the trial of another one runs",
        _OUT,
        _systems(CLOUD, replace(CLOUD, state="shadow")),
        PASSED,
    ),
    Case("service not named", a_request(system=None), some_facts(), UNKNOWN),
    Case("not recorded", _ANY, some_facts(systems=None), UNKNOWN),
)

_RISK = RiskFacts(title="A leak", score=10, decide_by=TODAY - DAY)


def _risks(*rows: RiskFacts) -> Facts:
    return some_facts(risks=rows)


G04 = (
    Case("none", _ANY, some_facts(), PASSED),
    Case("above, late", _ANY, _risks(_RISK), STOPPED),
    Case("above, decided today at the latest", _ANY, _risks(replace(_RISK, decide_by=TODAY)), WARNED),
    Case("above, no day to decide", _ANY, _risks(replace(_RISK, decide_by=None)), STOPPED),
    Case("at the limit", _ANY, _risks(replace(_RISK, score=9)), PASSED),
    Case("own limit, above it", _ANY, _risks(replace(_RISK, score=5, appetite=4)), STOPPED),
    Case("own limit, at it", _ANY, _risks(replace(_RISK, appetite=10)), PASSED),
    Case("accepted until today", _ANY, _risks(replace(_RISK, accepted_until=TODAY)), PASSED),
    Case("acceptance is over", _ANY, _risks(replace(_RISK, accepted_until=TODAY - DAY)), STOPPED),
    Case("the second is late", _ANY, _risks(replace(_RISK, score=1), _RISK), STOPPED),
    Case(
        "one waits, none late", _ANY, _risks(replace(_RISK, score=1), replace(_RISK, decide_by=TODAY)), WARNED
    ),
    Case(
        "the policy's limit counts",
        _ANY,
        replace(with_rules(risk_appetite=10), risks=(_RISK,)),
        PASSED,
    ),
    Case("not recorded", _ANY, some_facts(risks=None), UNKNOWN),
    Case("no rules", _ANY, some_facts(policy=None), UNKNOWN),
    Case("no clock", _ANY, some_facts(now=None), UNKNOWN),
)


def _audits(*rows: AuditFacts) -> Facts:
    return some_facts(audits=rows)


_FAIL = replace(AUDIT, verdict="fail")
_GO_ON = {"decision": "accept", "decision_until": TODAY}
G05 = (
    Case("passed", _ANY, some_facts(), PASSED),
    Case("passed until today", _ANY, _audits(replace(AUDIT, valid_until=TODAY)), PASSED),
    Case("ran out yesterday", _ANY, _audits(replace(AUDIT, valid_until=TODAY - DAY)), STOPPED),
    Case("without an end", _ANY, _audits(replace(AUDIT, valid_until=None)), STOPPED),
    Case("never checked", _ANY, _audits(), STOPPED),
    Case("failed", _ANY, _audits(_FAIL), STOPPED),
    Case("one failed, one passed", _ANY, _audits(AUDIT, _FAIL), STOPPED),
    Case("failed, decided to go on", _ANY, _audits(AUDIT, replace(_FAIL, **_GO_ON)), PASSED),
    Case(
        "failed, being mended",
        _ANY,
        _audits(AUDIT, replace(_FAIL, decision="mend", decision_until=TODAY)),
        PASSED,
    ),
    Case("failed, decided to go on, alone", _ANY, _audits(replace(_FAIL, **_GO_ON)), WARNED),
    Case(
        "the decision has ended",
        _ANY,
        _audits(AUDIT, replace(_FAIL, decision="accept", decision_until=TODAY - DAY)),
        STOPPED,
    ),
    Case("a decision without an end", _ANY, _audits(AUDIT, replace(_FAIL, decision="accept")), STOPPED),
    Case("an end without a decision", _ANY, _audits(AUDIT, replace(_FAIL, decision_until=TODAY)), STOPPED),
    Case(
        "decided to stop",
        _ANY,
        _audits(AUDIT, replace(_FAIL, decision="stop", decision_until=TODAY)),
        STOPPED,
    ),
    Case("passed, and stopped all the same", _ANY, _audits(replace(AUDIT, decision="stop")), STOPPED),
    Case("too few to tell", _ANY, _audits(replace(AUDIT, verdict="insufficient")), WARNED),
    Case("to be watched", _ANY, _audits(replace(AUDIT, verdict="watch")), WARNED),
    Case(
        "too few to tell, pairs passed", _ANY, _audits(AUDIT, replace(AUDIT, verdict="insufficient")), PASSED
    ),
    Case("for this system", _ANY, _audits(replace(AUDIT, system="builtin/cited")), PASSED),
    Case("for another system", _ANY, _audits(replace(AUDIT, system="cloud/large")), STOPPED),
    Case("another system failed", _ANY, _audits(AUDIT, replace(_FAIL, system="cloud/large")), PASSED),
    Case("service not named", a_request(system=None), some_facts(), UNKNOWN),
    Case("not recorded", _ANY, some_facts(audits=None), UNKNOWN),
    Case("no clock", _ANY, some_facts(now=None), UNKNOWN),
)

_APPROVE = a_request(Action.APPROVE)


def _person(*training: Training, **changes: Any) -> Facts:
    return some_facts(approver=replace(APPROVER, training=training or APPROVER.training, **changes))


def _major(approver: Approver = APPROVER, **changes: Any) -> Facts:
    policy = replace(POLICY, **{"major_version": 1, "major_since": NOW - 8 * DAY, **changes})
    return some_facts(policy=policy, approver=approver)


_NEVER = replace(COURSE, certified_until=None)
_UNREAD = replace(APPROVER, read_version=0)
G09 = (
    Case("trained, nothing to read", _APPROVE, some_facts(), PASSED),
    Case("nobody approves on the help pages", a_request(Action.ANSWER), some_facts(approver=None), PASSED),
    Case("certificate until today", _APPROVE, _person(replace(COURSE, certified_until=TODAY)), PASSED),
    Case("certificate ran out", _APPROVE, _person(replace(COURSE, certified_until=TODAY - DAY)), STOPPED),
    Case(
        "certificate ran out, the course is new",
        _APPROVE,
        _person(replace(COURSE, certified_until=TODAY - DAY, offered_since=NOW)),
        STOPPED,
    ),
    Case("never done", _APPROVE, _person(_NEVER), STOPPED),
    Case(
        "never done, offered a while",
        _APPROVE,
        _person(replace(_NEVER, offered_since=NOW - 14 * DAY)),
        WARNED,
    ),
    Case(
        "never done, offered too long ago",
        _APPROVE,
        _person(replace(_NEVER, offered_since=NOW - 14 * DAY - SECOND)),
        STOPPED,
    ),
    Case("never done, new here", _APPROVE, _person(_NEVER, since=NOW - 14 * DAY), WARNED),
    Case("never done, no longer new", _APPROVE, _person(_NEVER, since=NOW - 14 * DAY - SECOND), STOPPED),
    Case("never done, not asked for", _APPROVE, _person(replace(_NEVER, course="extra")), PASSED),
    Case("no course is offered", _APPROVE, some_facts(approver=replace(APPROVER, training=())), PASSED),
    Case(
        "one in grace, one run out",
        _APPROVE,
        replace(
            _person(
                replace(_NEVER, offered_since=NOW),
                replace(COURSE, course="more", certified_until=TODAY - DAY),
            ),
            policy=replace(POLICY, clauses=Clauses(training_courses=("ai-basics", "more"))),
        ),
        STOPPED,
    ),
    Case("read", _APPROVE, _major(), PASSED),
    Case("a later one read", _APPROVE, _major(replace(APPROVER, read_version=2)), PASSED),
    Case("an earlier one read", _APPROVE, _major(major_version=2), STOPPED),
    Case("not read", _APPROVE, _major(_UNREAD), STOPPED),
    Case("not read, still time", _APPROVE, _major(_UNREAD, major_since=NOW - 7 * DAY), WARNED),
    Case("not read, time just over", _APPROVE, _major(_UNREAD, major_since=NOW - 7 * DAY - SECOND), STOPPED),
    Case("not read, new here", _APPROVE, _major(replace(_UNREAD, since=NOW - 7 * DAY)), WARNED),
    Case(
        "not read, no longer new", _APPROVE, _major(replace(_UNREAD, since=NOW - 7 * DAY - SECOND)), STOPPED
    ),
    Case("not read, its day is not recorded", _APPROVE, _major(_UNREAD, major_since=None), STOPPED),
    Case("nothing to read", _APPROVE, _major(_UNREAD, major_version=None), PASSED),
    Case(
        "both wait",
        _APPROVE,
        _major(replace(_UNREAD, training=(replace(_NEVER, offered_since=NOW),)), major_since=NOW),
        WARNED,
    ),
    Case("person not recorded", _APPROVE, some_facts(approver=None), UNKNOWN),
    Case("no rules", _APPROVE, some_facts(policy=None), UNKNOWN),
    Case("no clock", _APPROVE, some_facts(now=None), UNKNOWN),
)

VENDOR = VendorFacts(provider="cloud", state="approved", region="eu", has_contract=True, expires_on=TODAY)


def _vendors(*rows: VendorFacts) -> Facts:
    return some_facts(vendors=rows, systems=(CLOUD,))


_OTHER = replace(VENDOR, provider="elsewhere")
G10 = (
    Case("runs here", _ANY, some_facts(vendors=None), PASSED),
    Case("approved until today", _OUT, _vendors(VENDOR), PASSED),
    Case("ran out yesterday", _OUT, _vendors(replace(VENDOR, expires_on=TODAY - DAY)), STOPPED),
    Case("without an end", _OUT, _vendors(replace(VENDOR, expires_on=None)), STOPPED),
    Case("no contract", _OUT, _vendors(replace(VENDOR, has_contract=False)), STOPPED),
    Case("not decided", _OUT, _vendors(replace(VENDOR, state="draft")), STOPPED),
    Case("another service is approved", _OUT, _vendors(_OTHER), STOPPED),
    Case(
        "another service is fine, ours ran out",
        _OUT,
        _vendors(_OTHER, replace(VENDOR, expires_on=None)),
        STOPPED,
    ),
    Case("ours is fine, another ran out", _OUT, _vendors(VENDOR, replace(_OTHER, expires_on=None)), PASSED),
    Case("nobody knows it", _OUT, _vendors(), STOPPED),
    Case("service not named", a_request(system=None), _vendors(VENDOR), UNKNOWN),
    Case("not recorded", _OUT, some_facts(vendors=None), UNKNOWN),
    Case("no clock", _OUT, replace(_vendors(VENDOR), now=None), UNKNOWN),
)
G11 = (
    Case("runs here", _ANY, some_facts(vendors=None, policy=None), PASSED),
    Case("in a region of the rules", _OUT, _vendors(VENDOR), PASSED),
    Case("elsewhere", _OUT, _vendors(replace(VENDOR, region="us")), STOPPED),
    Case("nobody knows where", _OUT, _vendors(replace(VENDOR, region="")), STOPPED),
    Case("nobody knows the service", _OUT, _vendors(), STOPPED),
    Case("another service is near", _OUT, _vendors(_OTHER), STOPPED),
    Case("another service is far", _OUT, _vendors(VENDOR, replace(_OTHER, region="us")), PASSED),
    Case(
        "the rules allow it",
        _OUT,
        replace(with_rules(regions=("us",)), vendors=(replace(VENDOR, region="us"),)),
        PASSED,
    ),
    Case("service not named", a_request(system=None), _vendors(VENDOR), UNKNOWN),
    Case("not recorded", _OUT, some_facts(vendors=None), UNKNOWN),
    Case("no rules", _OUT, replace(_vendors(VENDOR), policy=None), UNKNOWN),
)

_MORE = {"fields": frozenset({"message", "earlier_messages"})}
G12 = (
    Case("what the rules name", _ANY, some_facts(), PASSED),
    Case("one more", a_request(**_MORE), some_facts(), STOPPED),
    Case(
        "one more, allowed",
        a_request(**_MORE),
        with_rules(ai_fields=frozenset({"message", "earlier_messages"})),
        PASSED,
    ),
    Case("something that is on no list", a_request(fields=frozenset({"card"})), some_facts(), STOPPED),
    Case("nothing told", a_request(fields=frozenset()), some_facts(), UNKNOWN),
    Case("no rules", _ANY, some_facts(policy=None), UNKNOWN),
    Case(
        "own articles",
        a_request(Action.INDEX, concerns_customer=False, fields=frozenset()),
        some_facts(policy=None),
        PASSED,
    ),
    Case(
        "mood: message only",
        a_request(purpose=Purpose.SENTIMENT, fields=frozenset({"message"})),
        some_facts(),
        PASSED,
    ),
    Case("mood: subject too", a_request(purpose=Purpose.SENTIMENT), some_facts(), STOPPED),
    Case("offers: nothing", a_request(purpose=Purpose.MARKETING), some_facts(), STOPPED),
    Case(
        "a purpose without a list", a_request(purpose=Purpose.IMPROVE), with_rules(purpose_fields={}), STOPPED
    ),
)

_SAVE = a_request(Action.SAVE)
_HELP = a_request(Action.SELF_SERVICE)
_SHOWN = a_request(Action.ANSWER)
G15 = (
    Case("a language of the rules", _ANY, some_facts(), PASSED),
    Case("another language", a_request(language="pl"), some_facts(), STOPPED),
    Case("language not told", a_request(language=None), some_facts(), UNKNOWN),
    Case("not grounded yet", a_request(grounded=None), some_facts(), PASSED),
    Case("grounded", _SAVE, some_facts(), PASSED),
    Case("not grounded", replace(_SAVE, grounded=False), some_facts(), STOPPED),
    Case("not grounded, before the call", replace(_ANY, grounded=False), some_facts(), PASSED),
    Case("nobody looked", replace(_SAVE, grounded=None), some_facts(), UNKNOWN),
    Case("help pages", _HELP, some_facts(), PASSED),
    Case("help pages, before the call", replace(_HELP, grounded=None), some_facts(), PASSED),
    Case("help pages without AI", _HELP, with_rules(self_service=False), STOPPED),
    Case("shown on the help pages", _SHOWN, some_facts(), PASSED),
    Case("shown on help pages without AI", _SHOWN, with_rules(self_service=False), STOPPED),
    Case("shown, not grounded", replace(_SHOWN, grounded=False), some_facts(), STOPPED),
    Case("shown, nobody looked", replace(_SHOWN, grounded=None), some_facts(), UNKNOWN),
    Case("a draft needs no help pages", _ANY, with_rules(self_service=False), PASSED),
    Case("no rules", _ANY, some_facts(policy=None), UNKNOWN),
)

_RISKY = {"second_look_topics": ("Delivery",)}
_TWENTY = {"goodwill_micro": 20}
_OWNER = replace(APPROVER, decides=True)


def _gives(micro: int, **changes: Any) -> GateRequest:
    return replace(_APPROVE, promised_micro=micro, **changes)


G17 = (
    Case("no topic needs it", replace(_APPROVE, second_look=None), some_facts(), PASSED),
    Case(
        "another topic needs it",
        replace(_APPROVE, second_look=None),
        with_rules(second_look_topics=("refund",)),
        PASSED,
    ),
    Case("done", _APPROVE, with_rules(**_RISKY), PASSED),
    Case("not done", replace(_APPROVE, second_look=False), with_rules(**_RISKY), STOPPED),
    Case("nobody looked it up", replace(_APPROVE, second_look=None), with_rules(**_RISKY), UNKNOWN),
    Case("nobody can, on the help pages", replace(_SHOWN, second_look=False), with_rules(**_RISKY), STOPPED),
    Case("gives as much as one may", _gives(20), with_rules(**_TWENTY), PASSED),
    Case("gives more than one may", _gives(21), with_rules(**_TWENTY), STOPPED),
    Case("gives more, and the topic needs two", _gives(21), with_rules(**_TWENTY, **_RISKY), STOPPED),
    Case("gives what was given before", _gives(21, granted_micro=21), with_rules(**_TWENTY), PASSED),
    Case("gives more than was given before", _gives(22, granted_micro=21), with_rules(**_TWENTY), STOPPED),
    Case(
        "gives less than before, more than one may",
        _gives(21, granted_micro=5),
        with_rules(**_TWENTY),
        STOPPED,
    ),
    Case("an owner gives more", _gives(21), replace(with_rules(**_TWENTY), approver=_OWNER), PASSED),
    Case("nobody known gives more", _gives(21), replace(with_rules(**_TWENTY), approver=None), STOPPED),
    Case(
        "an owner gives more, and nobody looked",
        _gives(21, second_look=False),
        replace(with_rules(**_TWENTY, **_RISKY), approver=_OWNER),
        STOPPED,
    ),
    Case("nobody read what it gives", replace(_APPROVE, promised_micro=None), some_facts(), UNKNOWN),
    Case("nobody read it, on the help pages", replace(_SHOWN, promised_micro=None), some_facts(), PASSED),
    Case("no rules", _APPROVE, some_facts(policy=None), UNKNOWN),
)

_REUSE = a_request(Action.REUSE, stays_inside=False)
_LEARN = a_request(Action.REUSE, stays_inside=True, purpose=Purpose.IMPROVE)


def _yes(consent: Consent, purpose: Purpose = Purpose.IMPROVE) -> Facts:
    return some_facts(consents={purpose: consent})


G19 = (
    Case("stays inside", replace(_REUSE, stays_inside=True), some_facts(consents=None), PASSED),
    Case("stays inside, to improve, silent", _LEARN, some_facts(), STOPPED),
    Case("stays inside, to improve, agreed", _LEARN, _yes(Consent.GRANTED), PASSED),
    Case("leaves, agreed", _REUSE, _yes(Consent.GRANTED), PASSED),
    Case("leaves, silent", _REUSE, some_facts(), STOPPED),
    Case("leaves, refused", _REUSE, _yes(Consent.REFUSED), STOPPED),
    Case("leaves, agreed to something else", _REUSE, _yes(Consent.GRANTED, Purpose.AI_ASSIST), STOPPED),
    Case("not told whether it leaves", replace(_REUSE, stays_inside=None), some_facts(), STOPPED),
    Case("evaluated outside", a_request(Action.EVALUATE, stays_inside=False), some_facts(), STOPPED),
    Case(
        "invented customers",
        a_request(Action.EVALUATE, stays_inside=False, concerns_customer=False),
        some_facts(consents=None),
        PASSED,
    ),
    Case("not recorded", _REUSE, some_facts(consents=None), UNKNOWN),
)


def _incident(**names: str) -> Facts:
    return some_facts(incidents=(IncidentFacts(title="A leak", **names),))


G20 = (
    Case("none", _ANY, some_facts(), PASSED),
    Case("everywhere", _ANY, _incident(), STOPPED),
    Case("on this service", _ANY, _incident(provider="builtin"), STOPPED),
    Case("on another service", _ANY, _incident(provider="cloud"), PASSED),
    Case("service not named", a_request(system=None), _incident(provider="cloud"), STOPPED),
    Case("on this topic", _ANY, _incident(topic="Delivery"), STOPPED),
    Case("on another topic", _ANY, _incident(topic="returns"), PASSED),
    Case("on this topic of another service", _ANY, _incident(provider="cloud", topic="delivery"), PASSED),
    Case("on another topic of this service", _ANY, _incident(provider="builtin", topic="returns"), PASSED),
    Case(
        "the second is ours",
        _ANY,
        some_facts(incidents=(IncidentFacts(title="x", topic="returns"), IncidentFacts(title="y"))),
        STOPPED,
    ),
    Case("not recorded", _ANY, some_facts(incidents=None), UNKNOWN),
)

_SEND = a_request(Action.SEND)
_SELLS = replace(_SEND, pressure=frozenset({"upsell"}))
G21 = (
    Case("none found", _SEND, some_facts(), PASSED),
    Case("it hurries", replace(_SEND, pressure=frozenset({"hurry"})), some_facts(), STOPPED),
    Case("it sells", _SELLS, some_facts(), STOPPED),
    Case("it sells, allowed", _SELLS, with_rules(upsell=True), PASSED),
    Case(
        "it sells and hurries",
        replace(_SEND, pressure=frozenset({"upsell", "hurry"})),
        with_rules(upsell=True),
        STOPPED,
    ),
    Case("a kind without words", replace(_SEND, pressure=frozenset({"odd"})), some_facts(), STOPPED),
    Case("nobody looked", replace(_SEND, pressure=None), some_facts(), UNKNOWN),
    Case("no rules", _SEND, some_facts(policy=None), UNKNOWN),
)

CASES: dict[str, tuple[Case, ...]] = {
    **cases.CASES,
    "G02": G02,
    "G03": G03,
    "G04": G04,
    "G05": G05,
    "G09": G09,
    "G10": G10,
    "G11": G11,
    "G12": G12,
    "G15": G15,
    "G17": G17,
    "G19": G19,
    "G20": G20,
    "G21": G21,
}
