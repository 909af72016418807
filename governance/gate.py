"""The one function that everybody asks: may the AI do this? The answer is stored and chained, whichever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from governance import facts as registers
from governance import ledger, reserving
from governance.core.clauses import Clauses
from governance.core.facts import Facts, GateRequest, PolicyFacts
from governance.core.gates.g07_prefers_human import PrefersHuman
from governance.core.judge import Judgement, judge, refuse
from governance.core.verdict import Verdict
from governance.models import AIDecision, EthicsPolicy
from helpdesk.people.models import Customer, Membership


@dataclass(frozen=True)
class Answer:
    """The stored decision and the judgement behind it. A denial is a value, never an exception."""

    decision: AIDecision
    judgement: Judgement

    @property
    def allowed(self) -> bool:
        """Whether the step may happen."""
        return self.judgement.allowed

    @property
    def reason(self) -> str:
        """The first reason against it, in the reader's language; empty where it is allowed."""
        return str(self._told.reason) if self._told else ""

    @property
    def next_step(self) -> str:
        """What can be done about it."""
        return str(self._told.next_step) if self._told and self._told.next_step else ""

    @property
    def _told(self) -> Verdict | None:
        """Of several reasons the one to tell: what the customer asked for stands before what follows from silence."""
        stopped = self.judgement.stopped_by
        asked = (one for one in stopped if one.code == PrefersHuman.code)
        return next(asked, stopped[0] if stopped else None)


def check(
    request: GateRequest,
    *,
    subject_kind: str,
    subject_id: int,
    customer: Customer | None,
    actor: Membership | None = None,
    kind: str = "real",
) -> Answer:
    """Judge, store the decision with its facts, note it for the ledger. At most 3 queries to judge, 4 to record.

    Fails closed: facts that cannot be read are a denial. Must be called inside a scope, outside any provider call.
    """
    facts, policy_id = Facts(), None
    try:
        facts, policy_id = registers.load(customer, actor)
        judgement = judge(request, facts)
        if judgement.allowed and not reserving.reserve(request, facts):
            facts, policy_id = registers.load(
                customer, actor
            )  # another call was quicker: what it took counts now
            judgement = judge(request, facts)
    except Exception as error:
        if connection.needs_rollback:
            raise
        judgement = refuse(error)
    decision = AIDecision.objects.create(
        kind=kind,
        action=request.action.value,
        purpose=request.purpose.value,
        subject_kind=subject_kind,
        subject_id=subject_id,
        customer=customer,
        actor=actor,
        policy_id=policy_id,
        allowed=judgement.allowed,
        reasons=judgement.to_dict()["verdicts"],
        request=request.to_dict(),
        facts=recorded(facts),
        system=request.system.key if request.system else "",
        prompt_hash=request.system.prompt_hash if request.system else "",
    )
    ledger.record(
        "ai_allowed" if judgement.allowed else "ai_stopped",
        actor=ledger.actor_name(actor),
        object_ref=f"decision:{decision.pk}",
        payload={"request": decision.request, "reasons": decision.reasons},
        policy_version=facts.policy.version if facts.policy else "",
        customer_id=customer.pk if customer else None,
    )
    return Answer(decision, judgement)


def recorded(facts: Facts) -> dict[str, Any]:
    """The facts as kept with the decision; the policy by its version only, its clauses are its own record."""
    plain = facts.to_dict()
    if facts.policy is not None:
        plain["policy"] = {"version": facts.policy.version}
    return plain


def policy_in_force() -> EthicsPolicy | None:
    """The policy in force, read afresh."""
    return EthicsPolicy.objects.filter(status="published").first()


def policy_facts(policy: EthicsPolicy) -> PolicyFacts:
    """The policy as the gates read it. Raises ClauseError for clauses that cannot be read."""
    return PolicyFacts(
        version=str(policy.version),
        published_at=policy.published_at,
        effective_at=policy.effective_at,
        clauses=Clauses.from_dict(policy.clauses),
        review_due=policy.review_due,
    )
