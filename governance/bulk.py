"""One question about many customers' messages: each is judged by what they said, one decision keeps the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db import connection

from governance import facts as registers
from governance import gate, ledger
from governance.core.facts import Facts, GateRequest
from governance.core.judge import Judgement, judge, refuse
from governance.core.vocabulary import Consent as CoreConsent
from governance.core.vocabulary import Purpose
from governance.models import AIDecision, Consent, DataRequest
from helpdesk.people.models import Customer


@dataclass(frozen=True)
class Said:
    """What one customer said: the newest word on each purpose, and whether their data is paused."""

    words: frozenset[tuple[str, str]]
    paused: bool

    @property
    def prefers_human(self) -> bool:
        return ("humans_only", "granted") in self.words


_SILENT = Said(frozenset(), paused=False)


def check_many(
    request: GateRequest, *, subject_kind: str, customers: Collection[int]
) -> tuple[AIDecision, frozenset[int]]:
    """Judge the step for each of these customers; return the decision on record and those whose messages may be used.

    Who asked to be answered without AI or whose data was deleted is left out as well. The decision holds how many were
    allowed and left out, and the judgement of the largest group of customers who said the same. Three queries to judge.
    """
    said = said_by(customers)
    present = set(Customer.objects.filter(pk__in=said, erased_at=None).values_list("pk", flat=True))
    groups = Counter(said[one] for one in present)
    facts, judged, policy_id = _judged(request, groups or [_SILENT])
    allowed = frozenset(one for one in present if judged[said[one]].allowed and not said[one].prefers_human)
    main = max(groups, key=lambda one: (judged[one].allowed, groups[one])) if groups else _SILENT
    counts = {"allowed": len(allowed), "left_out": len(said) - len(allowed)}
    decision = AIDecision.objects.create(
        action=request.action.value,
        purpose=request.purpose.value,
        subject_kind=subject_kind,
        subject_id=0,
        policy_id=policy_id,
        allowed=judged[main].allowed,
        reasons=judged[main].to_dict()["verdicts"],
        request={**request.to_dict(), "customers": counts},
        facts=gate.recorded(_as_told(facts, main)),
        system=request.system.key if request.system else "",
        prompt_hash=request.system.prompt_hash if request.system else "",
    )
    ledger.record(
        "ai_allowed" if decision.allowed else "ai_stopped",
        actor=ledger.actor_name(None),
        object_ref=f"decision:{decision.pk}",
        payload={"request": decision.request, "reasons": decision.reasons},
        policy_version=facts.policy.version if facts.policy else "",
    )
    return decision, allowed


def may_use(request: GateRequest, customers: Collection[int]) -> frozenset[int]:
    """The same without a record: for looking whether there is anything to do at all."""
    said = said_by(customers)
    present = Customer.objects.filter(pk__in=said, erased_at=None).values_list("pk", flat=True)
    _facts, judged, _policy = _judged(request, set(said.values()) or [_SILENT])
    return frozenset(one for one in present if judged[said[one]].allowed and not said[one].prefers_human)


def said_by(customers: Collection[int]) -> dict[int, Said]:
    """What each of these customers said. Two queries."""
    newest = Consent.objects.filter(customer__in=customers).order_by("customer", "purpose", "-pk")
    words: dict[int, set[tuple[str, str]]] = {one: set() for one in customers}
    for one in newest.distinct("customer", "purpose"):
        words[one.customer_id].add((one.purpose, one.state))
    paused = DataRequest.objects.filter(
        customer__in=customers, kind="restrict", status__in=("open", "fulfilled")
    )
    stopped = set(paused.values_list("customer", flat=True))
    return {pk: Said(frozenset(spoken), pk in stopped) for pk, spoken in words.items()}


def _judged(request: GateRequest, groups: Iterable[Said]) -> tuple[Facts, dict[Said, Judgement], int | None]:
    """One judgement for all who said the same. Facts that cannot be read are a no for everybody."""
    try:
        facts, policy_id = registers.load(None)
        return facts, {one: judge(request, _as_told(facts, one)) for one in groups}, policy_id
    except Exception as error:
        if connection.needs_rollback:
            raise
        refused = refuse(error)
        return Facts(), dict.fromkeys(groups, refused), None


def _as_told(facts: Facts, said: Said) -> Facts:
    words = dict(said.words)
    return replace(
        facts,
        consents={purpose: CoreConsent(words.get(purpose.value, "none")) for purpose in Purpose},
        restricted=said.paused,
        prefers_human=said.prefers_human,
    )
