"""The one function that everybody asks: may the AI do this? The answer is stored and chained, whichever it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from governance import ledger
from governance.core.clauses import Clauses
from governance.core.facts import Facts, GateRequest, PolicyFacts, Spent, Stop
from governance.core.gates.g07_prefers_human import PrefersHuman
from governance.core.judge import Judgement, judge, refuse
from governance.core.verdict import Verdict
from governance.core.vocabulary import Consent as CoreConsent
from governance.core.vocabulary import Purpose as CorePurpose
from governance.core.vocabulary import StopScope
from governance.models import AIDecision, EthicsPolicy
from helpdesk.people.models import Customer, Membership

_STATE = """
SELECT
    COALESCE((SELECT jsonb_agg(jsonb_build_array(scope, topic, subject_id)) FROM governance_aistop
        WHERE lifted_at IS NULL), '[]'),
    COALESCE(sum(drafts) FILTER (WHERE day = %(today)s), 0), COALESCE(sum(drafts), 0),
    COALESCE(sum(cost_micro) FILTER (WHERE day = %(today)s), 0), COALESCE(sum(cost_micro), 0)
FROM governance_aispend WHERE day >= date_trunc('month', %(today)s::date)
"""
_CUSTOMER = """
SELECT (SELECT jsonb_object_agg(purpose, state) FROM (
        SELECT DISTINCT ON (purpose) purpose, state FROM governance_consent
        WHERE customer_id = %(customer)s ORDER BY purpose, id DESC) newest),
    EXISTS (SELECT FROM governance_datarequest
        WHERE customer_id = %(customer)s AND kind = 'restrict' AND status IN ('open', 'fulfilled'))
"""


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
    policy: EthicsPolicy | None = None
    facts = Facts()
    try:
        facts, policy = load_facts(customer)
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
        policy=policy,
        allowed=judgement.allowed,
        reasons=judgement.to_dict()["verdicts"],
        request=request.to_dict(),
        facts=_recorded(facts),
        system="/".join(filter(None, (request.system.provider, request.system.model)))
        if request.system
        else "",
        prompt_hash=request.system.prompt_hash if request.system else "",
    )
    ledger.record(
        "ai_allowed" if judgement.allowed else "ai_stopped",
        actor=ledger.actor_name(actor),
        object_ref=f"decision:{decision.pk}",
        payload={"request": decision.request, "reasons": decision.reasons},
        policy_version=str(policy.version) if policy else "",
        customer_id=customer.pk if customer else None,
    )
    return Answer(decision, judgement)


def _recorded(facts: Facts) -> dict[str, Any]:
    """The facts as kept with the decision; the policy by its version only, its clauses are its own record."""
    plain = facts.to_dict()
    if facts.policy is not None:
        plain["policy"] = {"version": facts.policy.version}
    return plain


def load_facts(customer: Customer | None) -> tuple[Facts, EthicsPolicy | None]:
    """The facts in force now, in three queries. Nothing is cached: a stop or an objection counts at once."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_STATE, {"today": now.date()})
        stops, *spent = cursor.fetchone()  # jsonb arrives as text
    policy = policy_in_force()
    chosen, restricted = _customer_facts(customer)
    facts = Facts(
        policy=policy_facts(policy) if policy else None,
        consents=_consents(chosen),
        restricted=restricted,
        prefers_human=chosen.get("humans_only") == "granted",
        stops=_stops(json.loads(stops)),
        spent=Spent(
            **dict(
                zip(
                    ("drafts_today", "drafts_this_month", "micro_today", "micro_this_month"),
                    map(int, spent),
                    strict=True,
                )
            )
        ),
        now=now,
    )
    return facts, policy


def _customer_facts(customer: Customer | None) -> tuple[Mapping[str, str], bool]:
    if customer is None:
        return {}, False
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMER, {"customer": customer.pk})
        chosen, restricted = cursor.fetchone()
    return json.loads(chosen or "{}"), bool(restricted)


def _consents(chosen: Mapping[str, str]) -> dict[CorePurpose, CoreConsent]:
    return {purpose: CoreConsent(chosen.get(purpose.value, "none")) for purpose in CorePurpose}


def _stops(rows: list[list[Any]]) -> tuple[Stop, ...]:
    platform = (Stop(scope=StopScope.PLATFORM),) if settings.AI_STOPPED else ()
    return platform + tuple(_stop(*row) for row in rows)


def _stop(scope: str, topic: str, subject_id: int | None) -> Stop:
    key = {"topic": topic, "ticket": f"ticket:{subject_id}"}.get(scope)
    return Stop(scope=StopScope(scope), key=key)


def policy_in_force() -> EthicsPolicy | None:
    """The policy in force, read afresh."""
    return EthicsPolicy.objects.filter(status="published").first()


def policy_facts(policy: EthicsPolicy) -> PolicyFacts:
    """The policy as the gates read it. Raises ClauseError for clauses that cannot be read."""
    return PolicyFacts(
        version=str(policy.version),
        published_at=policy.published_at,
        clauses=Clauses.from_dict(policy.clauses),
    )
