"""What a judgement is made of: the request and the facts. All of it fits in JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from governance.core.clauses import Clauses
from governance.core.register_facts import (
    Approver,
    AuditFacts,
    IncidentFacts,
    OverrideFacts,
    RiskFacts,
    Row,
    SystemFacts,
    VendorFacts,
    written,
)
from governance.core.topics import topic_key
from governance.core.vocabulary import (
    MAY_CONCERN_NOBODY,
    MESSAGES,
    Action,
    ActorKind,
    Consent,
    Involvement,
    Purpose,
    StopScope,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

RowT = TypeVar("RowT", bound=Row)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRef:
    """One AI system as it was called: service, model, exact prompt.

    ``external``: the text leaves this installation.
    """

    provider: str
    model: str = ""
    prompt_hash: str = ""
    external: bool = True

    @property
    def key(self) -> str:
        """How decisions and audits name it."""
        return "/".join(filter(None, (self.provider, self.model)))

    @property
    def names(self) -> frozenset[str]:
        """The names under which somebody may have stopped it."""
        return frozenset({self.provider, f"{self.provider}/{self.model}"})

    def to_dict(self) -> dict[str, Any]:
        return {
            "provider": self.provider,
            "model": self.model,
            "prompt_hash": self.prompt_hash,
            "external": self.external,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SystemRef:
        return cls(
            provider=str(data["provider"]),
            model=str(data.get("model", "")),
            prompt_hash=str(data.get("prompt_hash", "")),
            external=data.get("external") is not False,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRequest:
    """The question "may this happen?". No ticket, no person, no text: it can be kept and replayed.

    ``subject`` is an opaque reference ("ticket:<id>") that a stop for one ticket is compared with.
    ``human_approval``, ``disclosure_present`` and ``provenance_complete`` are told by the caller; ``None``
    means that nobody looked, and is never read as yes. The same holds for ``grounded`` (something in the draft
    rests on a source), ``second_look``, ``pressure`` (kinds found; empty: looked and found none),
    ``promised_micro`` (the largest gift in the text; 0: none), ``granted_micro`` (given for this request before),
    ``stays_inside``
    (a customer's words do not leave this organization) and ``fields``, where empty is "not told".
    """

    action: Action
    purpose: Purpose = Purpose.AI_ASSIST
    topic: str | None = None
    human_only_topics_found: frozenset[str] = frozenset()
    subject: str | None = None
    concerns_customer: bool = True
    customer_known: bool | None = None
    language: str | None = None
    system: SystemRef | None = None
    fields: frozenset[str] = frozenset()
    estimated_cost_micro: int = 0
    actor_kind: ActorKind = ActorKind.WORKER
    ai_involvement: Involvement | None = None
    human_approval: bool | None = None
    disclosure_present: bool | None = None
    provenance_complete: bool | None = None
    grounded: bool | None = None
    second_look: bool | None = None
    pressure: frozenset[str] | None = None
    promised_micro: int | None = None
    granted_micro: int | None = None
    stays_inside: bool | None = None

    @property
    def involves_ai(self) -> bool:
        """False only for a message that a person wrote alone; not saying is read as "AI was involved"."""
        if self.action not in MESSAGES:
            return True
        if self.action is Action.ACKNOWLEDGE and self.ai_involvement is None:
            return False  # a fixed text of ours
        return self.ai_involvement is not Involvement.NONE

    @property
    def about_a_customer(self) -> bool:
        """Whether a customer's data is used; only indexing and evaluating may say that it is not."""
        return self.concerns_customer or self.action not in MAY_CONCERN_NOBODY

    @property
    def topics(self) -> frozenset[str]:
        """Every topic this message has, whoever found it, in the spelling that topics are compared in."""
        found = {topic_key(topic) for topic in self.human_only_topics_found}
        return frozenset(found | {topic_key(self.topic)} if self.topic else found)

    def to_dict(self) -> dict[str, Any]:
        return {
            "action": self.action.value,
            "purpose": self.purpose.value,
            "topic": self.topic,
            "human_only_topics_found": sorted(self.human_only_topics_found),
            "subject": self.subject,
            "concerns_customer": self.concerns_customer,
            "customer_known": self.customer_known,
            "language": self.language,
            "system": self.system.to_dict() if self.system else None,
            "fields": sorted(self.fields),
            "estimated_cost_micro": self.estimated_cost_micro,
            "actor_kind": self.actor_kind.value,
            "ai_involvement": self.ai_involvement.value if self.ai_involvement else None,
            "human_approval": self.human_approval,
            "disclosure_present": self.disclosure_present,
            "provenance_complete": self.provenance_complete,
            "grounded": self.grounded,
            "second_look": self.second_look,
            "pressure": None if self.pressure is None else sorted(self.pressure),
            "promised_micro": self.promised_micro,
            "granted_micro": self.granted_micro,
            "stays_inside": self.stays_inside,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> GateRequest:
        """What was stored, with "not recorded" for everything that an older version did not know."""
        involvement, system = data.get("ai_involvement"), data.get("system")
        return cls(
            action=Action(data["action"]),
            purpose=Purpose(data.get("purpose", Purpose.AI_ASSIST)),
            topic=data.get("topic"),
            human_only_topics_found=frozenset(data.get("human_only_topics_found") or ()),
            subject=data.get("subject"),
            concerns_customer=data.get("concerns_customer") is not False,
            customer_known=data.get("customer_known"),
            language=data.get("language"),
            system=SystemRef.from_dict(system) if system else None,
            fields=frozenset(data.get("fields") or ()),
            estimated_cost_micro=int(data.get("estimated_cost_micro", 0)),
            actor_kind=ActorKind(data.get("actor_kind", ActorKind.WORKER)),
            ai_involvement=Involvement(involvement) if involvement else None,
            human_approval=data.get("human_approval"),
            disclosure_present=data.get("disclosure_present"),
            provenance_complete=data.get("provenance_complete"),
            grounded=data.get("grounded"),
            second_look=data.get("second_look"),
            pressure=None if data.get("pressure") is None else frozenset(data["pressure"]),
            promised_micro=data.get("promised_micro"),
            granted_micro=data.get("granted_micro"),
            stays_inside=data.get("stays_inside"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFacts:
    """One version of the policy. ``effective_at`` None means at once, so that two clocks cannot disagree.

    ``major_version``: the newest version up to this one that everybody reads again, since ``major_since``.
    """

    version: str
    published_at: datetime | None
    effective_at: datetime | None = None
    clauses: Clauses = field(default_factory=Clauses)
    review_due: date | None = None
    major_version: int | None = None
    major_since: datetime | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "published_at": _iso(self.published_at),
            "effective_at": _iso(self.effective_at),
            "clauses": self.clauses.to_dict(),
            "review_due": self.review_due.isoformat() if self.review_due else None,
            "major_version": self.major_version,
            "major_since": _iso(self.major_since),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> PolicyFacts:
        return cls(
            version=str(data["version"]),
            published_at=_moment(data.get("published_at")),
            effective_at=_moment(data.get("effective_at")),
            clauses=Clauses.from_dict(data["clauses"]),
            review_due=date.fromisoformat(data["review_due"]) if data.get("review_due") else None,
            major_version=data.get("major_version"),
            major_since=_moment(data.get("major_since")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Somebody stopped the AI. ``key``: which system ("provider" or "provider/model"), topic or subject."""

    scope: StopScope
    key: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"scope": self.scope.value, "key": self.key}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Stop:
        return cls(scope=StopScope(data["scope"]), key=data.get("key"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the AI has used so far: drafts, and money in millionths of the policy's currency."""

    drafts_today: int = 0
    drafts_this_month: int = 0
    micro_today: int = 0
    micro_this_month: int = 0

    def to_dict(self) -> dict[str, Any]:
        return {
            "drafts_today": self.drafts_today,
            "drafts_this_month": self.drafts_this_month,
            "micro_today": self.micro_today,
            "micro_this_month": self.micro_this_month,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Spent:
        return cls(
            drafts_today=int(data["drafts_today"]),
            drafts_this_month=int(data["drafts_this_month"]),
            micro_today=int(data["micro_today"]),
            micro_this_month=int(data["micro_this_month"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the checks look at beside the request. ``None`` is "not recorded", except for ``policy``,
    where it is "no policy in force": a dry run always brings its own policy."""

    policy: PolicyFacts | None = None
    consents: Mapping[Purpose, Consent] | None = None
    restricted: bool | None = None
    prefers_human: bool | None = None
    stops: tuple[Stop, ...] | None = None
    spent: Spent | None = None
    now: datetime | None = None
    systems: tuple[SystemFacts, ...] | None = None
    shipped_prompts: frozenset[str] = frozenset()
    vendors: tuple[VendorFacts, ...] | None = None
    risks: tuple[RiskFacts, ...] | None = None
    audits: tuple[AuditFacts, ...] | None = None
    incidents: tuple[IncidentFacts, ...] | None = None
    approver: Approver | None = None
    overrides: tuple[OverrideFacts, ...] = ()

    @property
    def clauses(self) -> Clauses | None:
        """The rules in force; None without a policy."""
        return self.policy.clauses if self.policy else None

    def to_dict(self) -> dict[str, Any]:
        consents = self.consents
        return {
            "policy": self.policy.to_dict() if self.policy else None,
            "consents": None if consents is None else {p.value: c.value for p, c in consents.items()},
            "restricted": self.restricted,
            "prefers_human": self.prefers_human,
            "stops": None if self.stops is None else [stop.to_dict() for stop in self.stops],
            "spent": self.spent.to_dict() if self.spent else None,
            "now": _iso(self.now),
            "systems": written(self.systems),
            "shipped_prompts": sorted(self.shipped_prompts),
            "vendors": written(self.vendors),
            "risks": written(self.risks),
            "audits": written(self.audits),
            "incidents": written(self.incidents),
            "approver": self.approver.to_dict() if self.approver else None,
            "overrides": written(self.overrides),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Facts:
        """What was stored. A policy kept by its version only is left out: whoever judges again brings one."""
        policy, consents = data.get("policy"), data.get("consents")
        stops, spent = data.get("stops"), data.get("spent")
        return cls(
            policy=PolicyFacts.from_dict(policy) if policy and "clauses" in policy else None,
            consents=None if consents is None else {Purpose(p): Consent(c) for p, c in consents.items()},
            restricted=data.get("restricted"),
            prefers_human=data.get("prefers_human"),
            stops=None if stops is None else tuple(Stop.from_dict(stop) for stop in stops),
            spent=Spent.from_dict(spent) if spent else None,
            now=_moment(data.get("now")),
            systems=_rows(SystemFacts, data.get("systems")),
            shipped_prompts=frozenset(data.get("shipped_prompts") or ()),
            vendors=_rows(VendorFacts, data.get("vendors")),
            risks=_rows(RiskFacts, data.get("risks")),
            audits=_rows(AuditFacts, data.get("audits")),
            incidents=_rows(IncidentFacts, data.get("incidents")),
            approver=Approver.from_dict(data["approver"]) if data.get("approver") else None,
            overrides=_rows(OverrideFacts, data.get("overrides")) or (),
        )


def _rows(kind: type[RowT], data: list[Mapping[str, Any]] | None) -> tuple[RowT, ...] | None:
    return None if data is None else tuple(kind.from_dict(one) for one in data)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
