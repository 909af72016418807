"""The facts that the checks judge on, read in one query, or two where the registers changed since the last time.

Registers change seldom: what they say is kept per process and organization, and falls with the epoch, which a trigger
raises on each write. A customer's choices, stops, money and the approver are read afresh every time.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from governance import shipped
from governance.core.clauses import Clauses
from governance.core.facts import Facts, PolicyFacts, Spent, Stop
from governance.core.register_facts import (
    Approver,
    AuditFacts,
    IncidentFacts,
    OverrideFacts,
    RiskFacts,
    SystemFacts,
    VendorFacts,
)
from governance.core.vocabulary import Consent as CoreConsent
from governance.core.vocabulary import Purpose as CorePurpose
from governance.core.vocabulary import StopScope
from helpdesk.people.models import Customer, Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.scope import current_organization_id

#: Organizations whose registers one process keeps in mind.
MOST_KEPT = 512
#: A risk above the limit without a day of its own is decided on within this time.
DECIDE_WITHIN = timedelta(days=30)

_HOT = """
SELECT
    (SELECT value FROM governance_epoch),
    (SELECT COALESCE(jsonb_agg(jsonb_build_array(scope, topic, subject_id)), '[]') FROM governance_aistop
        WHERE lifted_at IS NULL),
    (SELECT jsonb_build_array(
        COALESCE(sum(drafts + reserved_drafts) FILTER (WHERE day = %(today)s), 0),
        COALESCE(sum(drafts) + sum(reserved_drafts) FILTER (WHERE day = %(today)s), sum(drafts), 0),
        COALESCE(sum(cost_micro + reserved_micro) FILTER (WHERE day = %(today)s), 0),
        COALESCE(sum(cost_micro) + sum(reserved_micro) FILTER (WHERE day = %(today)s), sum(cost_micro), 0))
        FROM governance_aispend WHERE day >= date_trunc('month', %(today)s::date)),
    (SELECT jsonb_object_agg(purpose, state) FROM (
        SELECT DISTINCT ON (purpose) purpose, state FROM governance_consent
        WHERE customer_id = %(customer)s ORDER BY purpose, id DESC) newest),
    EXISTS (SELECT FROM governance_datarequest
        WHERE customer_id = %(customer)s AND kind = 'restrict' AND status IN ('open', 'fulfilled')),
    (SELECT jsonb_build_object(
        'since', m.created_at,
        'read_version', (SELECT max(p.version) FROM governance_attestation a
            JOIN governance_ethicspolicy p ON p.id = a.policy_id WHERE a.member_id = m.id),
        'training', (SELECT jsonb_agg(jsonb_build_object(
            'course', c.key, 'title', c.title, 'offered_since', c.created_at, 'certified_until',
            (SELECT max(expires_on) FROM governance_certificate t
                WHERE t.member_id = m.id AND t.course_id = c.id AND t.revoked_at IS NULL)) ORDER BY c.key)
            FROM governance_course c WHERE c.state = 'live'))
        FROM people_membership m WHERE m.id = %(member)s)
"""
_COLD = """
SELECT jsonb_build_object(
    'policy', (SELECT jsonb_build_object('id', id, 'version', version, 'published_at', published_at,
        'effective_at', effective_at, 'review_due', review_due, 'clauses', clauses)
        FROM governance_ethicspolicy WHERE status = 'published'),
    'major', (SELECT jsonb_build_object('version', version, 'since', published_at) FROM governance_ethicspolicy
        WHERE is_major AND status IN ('published', 'replaced') ORDER BY version DESC LIMIT 1),
    'systems', (SELECT jsonb_agg(jsonb_build_object('provider', s.provider, 'model', v.model,
        'prompt_hash', v.prompt_hash, 'state', v.state, 'stage', s.stage, 'follows_release', s.follows_release)
        ORDER BY v.id) FROM governance_systemversion v JOIN governance_aisystem s ON s.id = v.system_id),
    'stages', (SELECT jsonb_object_agg(provider, stage) FROM governance_aisystem),
    'vendors', (SELECT jsonb_agg(jsonb_build_object('provider', provider, 'state', state, 'region', region,
        'has_contract', contract <> '', 'expires_on', expires_on) ORDER BY id) FROM governance_vendor),
    'risks', (SELECT jsonb_agg(jsonb_build_object('title', title, 'appetite', appetite,
        'score', CASE WHEN control_ok IS FALSE OR indicator_value > indicator_limit
            THEN likelihood_before * impact_before
            ELSE likelihood_after * impact_after END,
        'accepted_until', CASE WHEN status = 'accepted' THEN COALESCE(accepted_until, review_due) END,
        'decide_by', COALESCE(decide_by, (created_at + %(decide_within)s)::date)) ORDER BY id)
        FROM governance_risk WHERE status <> 'closed'),
    'audits', (SELECT jsonb_agg(jsonb_build_object('title', title, 'system', system, 'verdict', verdict,
        'valid_until', expires_on, 'created_at', created_at, 'decision', decision,
        'decision_until', decision_until) ORDER BY id)
        FROM (SELECT DISTINCT ON (COALESCE(NULLIF(key, ''), id::text), system) * FROM governance_biasaudit
            ORDER BY COALESCE(NULLIF(key, ''), id::text), system, id DESC) newest),
    'incidents', (SELECT jsonb_agg(jsonb_build_object('title', i.title, 'provider', COALESCE(s.provider, ''),
        'topic', i.topic) ORDER BY i.id) FROM governance_incident i
        LEFT JOIN governance_aisystem s ON s.id = i.system_id WHERE i.is_serious AND i.state <> 'closed'),
    'overrides', (SELECT jsonb_agg(jsonb_build_object('id', id, 'gate', gate, 'until', until, 'topic', topic,
        'subject', CASE WHEN subject_kind = '' THEN '' ELSE subject_kind || ':' || subject_id END) ORDER BY id)
        FROM governance_override WHERE ended_at IS NULL AND until > now()))
"""


@dataclass(frozen=True)
class Registers:
    """What the registers of one organization say at one epoch."""

    policy_id: int | None
    policy: PolicyFacts | None
    systems: tuple[SystemFacts, ...]
    vendors: tuple[VendorFacts, ...]
    risks: tuple[RiskFacts, ...]
    audits: tuple[AuditFacts, ...]
    incidents: tuple[IncidentFacts, ...]
    overrides: tuple[OverrideFacts, ...]


_kept: OrderedDict[UUID, tuple[int | None, Registers]] = OrderedDict()


def load(customer: Customer | None, actor: Membership | None = None) -> tuple[Facts, int | None]:
    """The facts in force now and the id of the policy in force. One query, two after a change.

    Raises ClauseError for rules that cannot be read.
    """
    now = timezone.now()
    keys: dict[str, Any] = {
        "today": now.date(),
        "customer": customer.pk if customer else None,
        "member": actor.pk if actor else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HOT, keys)
        epoch, stops, spent, chosen, restricted, approver = cursor.fetchone()
    registers = _registers(epoch)
    choices: dict[str, str] = json.loads(chosen or "{}")
    facts = Facts(
        policy=registers.policy,
        consents={purpose: CoreConsent(choices.get(purpose.value, "none")) for purpose in CorePurpose},
        restricted=restricted,
        prefers_human=choices.get("humans_only") == "granted",
        stops=_stops(json.loads(stops)),
        spent=_spent(json.loads(spent)),
        now=now,
        systems=registers.systems,
        shipped_prompts=shipped.prompts(),
        vendors=registers.vendors,
        risks=registers.risks,
        audits=registers.audits,
        incidents=registers.incidents,
        approver=_approver(approver, actor),
        overrides=registers.overrides,
    )
    return facts, registers.policy_id


def _approver(said: str | None, actor: Membership | None) -> Approver | None:
    """Who is about to approve, with what their role lets them decide."""
    if not said or actor is None:
        return None
    return replace(Approver.from_dict(json.loads(said)), decides=can(actor, "manage_policy"))


def _registers(epoch: int | None) -> Registers:
    organization = current_organization_id()
    kept = _kept.get(organization)
    if kept is not None and kept[0] == epoch:
        return kept[1]
    with connection.cursor() as cursor:
        keys: dict[str, Any] = {"decide_within": DECIDE_WITHIN}
        cursor.execute(_COLD, keys)
        found = _read(json.loads(cursor.fetchone()[0]))
    _kept[organization] = (epoch, found)
    if len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return found


def _read(said: dict[str, Any]) -> Registers:
    policy = _policy(said["policy"], said["major"])
    days = policy.clauses.audit_days if policy else Clauses().audit_days
    return Registers(
        policy_id=said["policy"] and said["policy"]["id"],
        policy=policy,
        systems=tuple(map(SystemFacts.from_dict, said["systems"] or ())) + _shipped_systems(said, policy),
        vendors=tuple(map(VendorFacts.from_dict, said["vendors"] or ())),
        risks=tuple(map(RiskFacts.from_dict, said["risks"] or ())),
        audits=tuple(_audit(one, days) for one in said["audits"] or ()) + _shipped_audits(policy, days),
        incidents=tuple(map(IncidentFacts.from_dict, said["incidents"] or ())),
        overrides=tuple(map(OverrideFacts.from_dict, said["overrides"] or ())),
    )


def _policy(stored: dict[str, Any] | None, major: dict[str, Any] | None) -> PolicyFacts | None:
    if stored is None:
        return None
    return PolicyFacts(
        version=str(stored["version"]),
        published_at=datetime.fromisoformat(stored["published_at"]),
        effective_at=datetime.fromisoformat(stored["effective_at"]) if stored["effective_at"] else None,
        clauses=Clauses.from_dict(stored["clauses"]),
        review_due=date.fromisoformat(stored["review_due"]) if stored["review_due"] else None,
        major_version=major["version"] if major else None,
        major_since=datetime.fromisoformat(major["since"]) if major else None,
    )


def _shipped_systems(said: dict[str, Any], policy: PolicyFacts | None) -> tuple[SystemFacts, ...]:
    """What the release brings, accepted with the policy; where the organization has a card, its stage counts, and a
    version on record says itself what it is: one that was taken out of use stays out."""
    if policy is None:
        return ()
    stages: dict[str, str] = said["stages"] or {}
    kept = {(one["provider"], one["model"], one["prompt_hash"]) for one in said["systems"] or ()}
    return tuple(
        SystemFacts(
            provider=one.provider,
            model=one.model,
            prompt_hash=prompt,
            state="approved",
            stage=stages.get(one.provider, "live"),
        )
        for one in shipped.systems()
        for prompt in one.prompts
        if (one.provider, one.model, prompt) not in kept
    )


def _shipped_audits(policy: PolicyFacts | None, days: int) -> tuple[AuditFacts, ...]:
    """The release's own check on invented customers: holds from its test, or from when the rules were last affirmed."""
    if policy is None or policy.published_at is None:
        return ()
    affirmed = policy.review_due or policy.published_at.date() + timedelta(days=policy.clauses.review_days)
    return tuple(
        AuditFacts(
            title=one.name,
            system=one.key,
            verdict=str(one.pairs.get("verdict", "insufficient")),
            valid_until=max(one.tested_on + timedelta(days=days), affirmed),
        )
        for one in shipped.systems()
        if one.pairs
    )


def _audit(row: dict[str, Any], days: int) -> AuditFacts:
    """A check without an end of its own holds as long as the rules say."""
    end = (
        row["valid_until"]
        or (datetime.fromisoformat(row["created_at"]) + timedelta(days=days)).date().isoformat()
    )
    return AuditFacts.from_dict({**row, "valid_until": end})


def _spent(sums: list[int]) -> Spent:
    drafts_today, drafts, micro_today, micro = map(int, sums)
    return Spent(
        drafts_today=drafts_today, drafts_this_month=drafts, micro_today=micro_today, micro_this_month=micro
    )


def _stops(rows: list[list[Any]]) -> tuple[Stop, ...]:
    platform = (Stop(scope=StopScope.PLATFORM),) if settings.AI_STOPPED else ()
    return platform + tuple(_stop(*row) for row in rows)


def _stop(scope: str, topic: str, subject_id: int | None) -> Stop:
    key = {"topic": topic, "system": topic or None, "ticket": f"ticket:{subject_id}"}.get(scope)
    return Stop(scope=StopScope(scope), key=key)
