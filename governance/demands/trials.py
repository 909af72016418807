"""Trials: an invented request under the organization's own rules must be stopped by the check that is there for it.

Nothing is stored and no service is called. Everything but the one thing that is tried is in order, so that a check
that would stop anything is found out as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from governance.core.facts import Facts, GateRequest, PolicyFacts, Spent, Stop, SystemRef
from governance.core.gates import gate
from governance.core.judge import judge
from governance.core.pressure import pressure
from governance.core.register_facts import Approver, AuditFacts, IncidentFacts, RiskFacts, SystemFacts
from governance.core.sentence import Sentence
from governance.core.vocabulary import Action, ActorKind, Consent, Involvement, Outcome, Purpose, StopScope
from governance.demands.base import Evidence, failing, waiting, working
from governance.demands.book import Book

_HERE = SystemRef(provider="trial", model="trial", prompt_hash="trial", external=False)
_OUTSIDE = replace(_HERE, external=True)
_SYSTEM = SystemFacts(provider="trial", model="trial", prompt_hash="trial", state="approved", stage="live")
_DAY = timedelta(days=1)


def _request(book: Book, action: Action, **changes: Any) -> GateRequest:
    rules = book.rules
    request = GateRequest(
        action=action,
        topic="trial-request",
        subject="trial:0",
        customer_known=True,
        language=next(iter(rules.languages), None),
        system=_HERE,
        fields=frozenset(sorted(rules.ai_fields)[:1]),
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


def _facts(book: Book, policy: PolicyFacts, **changes: Any) -> Facts:
    now, today = book.now, book.today
    facts = Facts(
        policy=replace(
            policy, review_due=today + _DAY, effective_at=None, major_version=None, major_since=None
        ),
        consents={Purpose.AI_ASSIST: Consent.GRANTED},
        restricted=False,
        prefers_human=False,
        stops=(),
        spent=Spent(),
        now=now,
        systems=(_SYSTEM,),
        vendors=(),
        risks=(),
        audits=(AuditFacts(title="trial", verdict="pass", valid_until=today + _DAY),),
        incidents=(),
        approver=Approver(since=now, read_version=10**6),
    )
    return replace(facts, **changes)


@dataclass(frozen=True)
class _Trial:
    """The check, the step, what is wrong with the request, and what is wrong with the facts."""

    code: str
    action: Action
    request: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def _trials(book: Book, policy: PolicyFacts) -> dict[str, _Trial]:
    past, long_ago = book.today - _DAY, book.now - 3_650 * _DAY
    private = frozenset(book.rules.human_only_topics[:1])
    draft, unread = Action.DRAFT, replace(policy, major_version=10**6, major_since=long_ago)
    return {
        "review": _Trial("G02", draft, facts={"policy": replace(policy, review_due=long_ago.date())}),
        "unregistered": _Trial("G03", draft, facts={"systems": ()}),
        "retired": _Trial("G03", draft, facts={"systems": (replace(_SYSTEM, stage="retired"),)}),
        "risk": _Trial("G04", draft, facts={"risks": (RiskFacts(title="trial", score=25, decide_by=past),)}),
        "unfair": _Trial("G05", draft, facts={"audits": (AuditFacts(title="trial", verdict="fail"),)}),
        "unchecked": _Trial("G05", draft, facts={"audits": ()}),
        "objected": _Trial("G06", Action.SEND, facts={"consents": {Purpose.AI_ASSIST: Consent.OBJECTED}}),
        "paused": _Trial("G06", draft, facts={"restricted": True}),
        "humans_only": _Trial("G07", draft, facts={"prefers_human": True}),
        "sensitive": _Trial("G08", draft, {"human_only_topics_found": private}),
        "untrained": _Trial(
            "G09", Action.APPROVE, facts={"policy": unread, "approver": Approver(since=long_ago)}
        ),
        "no_contract": _Trial("G10", draft, {"system": _OUTSIDE}),
        "region": _Trial("G11", draft, {"system": _OUTSIDE}),
        "field": _Trial("G12", draft, {"fields": frozenset({"card_number"})}),
        "stop": _Trial("G13", Action.SEND, facts={"stops": (Stop(scope=StopScope.ORGANIZATION),)}),
        "budget": _Trial("G14", draft, facts={"spent": Spent(drafts_today=10**9, drafts_this_month=10**9)}),
        "ungrounded": _Trial("G15", Action.SAVE, {"grounded": False}),
        "nobody": _Trial("G16", Action.SEND, {"human_approval": False}),
        "untold": _Trial("G18", Action.SEND, {"disclosure_present": False}),
        "reuse": _Trial("G19", Action.REUSE, {"purpose": Purpose.IMPROVE, "stays_inside": False}),
        "incident": _Trial("G20", draft, facts={"incidents": (IncidentFacts(title="trial"),)}),
        "pressure": _Trial("G21", Action.SEND, {"pressure": pressure("Act now, only today!")}),
        "no_source": _Trial("G22", Action.APPROVE, {"provenance_complete": False}),
    }


def trial(book: Book, name: str) -> Evidence:
    """Try it: working if it is stopped, waiting where the rules only warn, failing where it passes."""
    if book.policy_facts is None:
        return waiting(_("No rules are in force, so the AI does nothing and nothing can be tried."))
    one, facts = _trials(book, book.policy_facts)[name], _facts(book, book.policy_facts)
    title = {"what": str(Sentence(gate(one.code).title))}
    good = _outcome(one.code, _request(book, one.action), facts)
    bad = _outcome(one.code, _request(book, one.action, **one.request), replace(facts, **one.facts))
    if bad is Outcome.WARNED:
        return waiting(_("Your rules let this only warn: %(what)s.") % title)
    if bad is not Outcome.STOPPED:
        return failing(_("A trial request was not stopped: %(what)s.") % title)
    if good is not Outcome.PASSED and name != "budget":
        return failing(_("A trial request that is in order was stopped: %(what)s.") % title)
    return working(_("A trial request was stopped, as it should be: %(what)s.") % title)


def _outcome(code: str, request: GateRequest, facts: Facts) -> Outcome | None:
    return next((one.outcome for one in judge(request, facts).verdicts if one.code == code), None)
