"""Rows of the governance room for tests."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from governance.models import (
    AIDecision,
    AISpend,
    AIStop,
    AISystem,
    Attestation,
    BiasAudit,
    Certificate,
    Change,
    ClockNotice,
    Consent,
    Course,
    CourseAttempt,
    DataRequest,
    DraftExplanation,
    Epoch,
    EthicsPolicy,
    Finding,
    GuestAccess,
    Incident,
    LawRule,
    LawTask,
    LedgerAnchor,
    LedgerEntry,
    LedgerHead,
    LedgerSalt,
    MetricEntry,
    OutcomeFact,
    Override,
    Paper,
    PolicyApproval,
    PolicyComment,
    PulseAnswer,
    PulseTicket,
    Record,
    RegisterChange,
    Risk,
    SecondLook,
    SelfCheck,
    SurveyAnswer,
    SurveyInvite,
    SystemVersion,
    Vendor,
)
from helpdesk.people.tests.factories import make_customer, make_member

_serial = itertools.count(1)


def make_decision(**fields: Any) -> AIDecision:
    """A decision that allowed drafting, with its ledger entry."""
    from governance import ledger

    values = {"action": "draft", "subject_kind": "message", "subject_id": next(_serial), "allowed": True}
    decision = AIDecision.objects.create(**{**values, **fields})
    ledger.record("ai_decided", actor="system", object_ref=f"decision:{decision.pk}", payload={})
    return decision


def make_consent(**fields: Any) -> Consent:
    """A customer's choice, with its ledger entry."""
    from governance import ledger

    customer = fields.pop("customer", None) or make_customer()
    values = {"customer": customer, "purpose": "ai_assist", "state": "objected", "method": "portal"}
    consent = Consent.objects.create(**{**values, **fields})
    ledger.record(
        "choice", actor=f"customer:{customer.reference}", object_ref=f"consent:{consent.pk}", payload={}
    )
    return consent


def make_stop(**fields: Any) -> AIStop:
    """A stop in force, with its ledger entry."""
    from governance import ledger

    stop = AIStop.objects.create(**fields)
    ledger.record("ai_stopped", actor="system", object_ref=f"stop:{stop.pk}", payload={})
    return stop


def make_policy(**fields: Any) -> EthicsPolicy:
    """A draft of a policy; published, with its ledger entry."""
    from governance import ledger

    last = EthicsPolicy.objects.order_by("-version").first()
    row = EthicsPolicy.objects.create(
        **{"title": "Our rules", "version": (last.version + 1 if last else 1), **fields}
    )
    if row.status == "published":
        ledger.record("policy_published", actor="system", object_ref=f"policy:{row.pk}", payload={})
    return row


def make_explanation() -> DraftExplanation:
    """An explanation of a draft."""
    return DraftExplanation.objects.create(decision=make_decision(), service="built-in")


def make_entry() -> LedgerEntry:
    """An entry in the ledger."""
    from governance import ledger

    ledger.record("test", actor="system", object_ref=f"test:{next(_serial)}", payload={})
    ledger.append_pending()
    return LedgerEntry.objects.order_by("-seq")[0]


def make_head() -> LedgerHead:
    """The head of the ledger."""
    make_entry()
    return LedgerHead.objects.get()


def make_salt() -> LedgerSalt:
    """The salt of an entry's commitment."""
    return LedgerSalt.objects.get(seq=make_entry().seq)


def make_anchor() -> LedgerAnchor:
    """A signed head."""
    entry = make_entry()
    return LedgerAnchor.objects.create(
        seq=entry.seq, hash=entry.hash, key_id="-", signed_at="-", signature="-"
    )


def make_request(**fields: Any) -> DataRequest:
    """A customer's data request."""
    customer = fields.pop("customer", None) or make_customer()
    values = {"kind": "erase", "due_at": timezone.now() + timedelta(days=30)}
    return DataRequest.objects.create(customer=customer, **{**values, **fields})


def make_epoch() -> Epoch:
    """The organization's epoch."""
    return Epoch.objects.get_or_create()[0]


def make_system(**fields: Any) -> AISystem:
    """The card of an AI system in use."""
    values = {"name": "Drafts", "provider": f"cloud-{next(_serial)}", "stage": "live"}
    return AISystem.objects.create(**{**values, **fields})


def make_version(**fields: Any) -> SystemVersion:
    """A version of a system that is still being tested."""
    system = fields.pop("system", None) or make_system()
    values = {"system": system, "model": "large", "prompt_hash": "b2"}
    return SystemVersion.objects.create(**{**values, **fields})


def make_vendor(**fields: Any) -> Vendor:
    """An AI service that nobody decided about."""
    return Vendor.objects.create(**{"name": "Cloud", "provider": f"cloud-{next(_serial)}", **fields})


def make_override(**fields: Any) -> Override:
    """An exception for a day, with its ledger entry."""
    from governance import ledger

    member, now = fields.pop("member", None) or make_member(), timezone.now()
    values = {
        "gate": "G04",
        "member": member,
        "why": "The risk is decided on tomorrow.",
        "value_given_way": "care",
        "starts_at": now,
        "until": now + timedelta(days=1),
    }
    override = Override.objects.create(**{**values, **fields})
    ledger.record("override", actor="system", object_ref=f"override:{override.pk}", payload={})
    return override


def make_course(**fields: Any) -> Course:
    """A course that is offered."""
    values = {"key": f"course-{next(_serial)}", "title": "AI in ten minutes", "state": "live", **fields}
    return Course.objects.update_or_create(key=values.pop("key"), defaults=values)[0]


def make_certificate(**fields: Any) -> Certificate:
    """A certificate for a year."""
    today = timezone.localdate()
    member = fields.pop("member", None) or make_member()
    course = fields.pop("course", None) or make_course()
    values = {"issued_on": today, "expires_on": today + timedelta(days=365)}
    return Certificate.objects.create(member=member, course=course, **{**values, **fields})


def make_incident(**fields: Any) -> Incident:
    """An open incident."""
    return Incident.objects.create(
        **{"title": "A wrong answer went out", "noticed_at": timezone.now(), **fields}
    )


def make_record(**fields: Any) -> Record:
    """A record of a meeting."""
    return Record.objects.create(**{"kind": "committee", "title": "Meeting in autumn", **fields})


def make_figure() -> MetricEntry:
    """A figure of today."""
    today = timezone.localdate()
    return MetricEntry.objects.create(
        key="trust", period_from=today, period_to=today, not_measured_because="Nobody answered yet."
    )


def make_second_look() -> SecondLook:
    """A second look that somebody asked for."""
    return SecondLook.objects.create(subject_id=next(_serial), content_hash="0" * 64, asked_by=make_member())


FACTORIES = {
    "governance.aidecision": make_decision,
    "governance.aispend": lambda: AISpend.objects.create(
        day=timezone.now().date() - timedelta(days=next(_serial))
    ),
    "governance.aistop": make_stop,
    "governance.aisystem": make_system,
    "governance.attestation": lambda: Attestation.objects.create(member=make_member(), policy=make_policy()),
    "governance.certificate": make_certificate,
    "governance.change": lambda: Change.objects.create(
        said="Too slow", changed="Faster", change_ref="policy:1"
    ),
    "governance.clocknotice": lambda: ClockNotice.objects.create(
        object_ref=f"risk:{next(_serial)}", due_on=timezone.localdate(), days_before=14
    ),
    "governance.course": make_course,
    "governance.courseattempt": lambda: CourseAttempt.objects.create(
        member=make_member(), course=make_course()
    ),
    "governance.finding": lambda: Finding.objects.create(title="Waits longer"),
    "governance.guestaccess": lambda: GuestAccess.objects.create(
        name="Guest", token_hash=f"{next(_serial):064d}", expires_at=timezone.now() + timedelta(days=7)
    ),
    "governance.incident": make_incident,
    "governance.lawrule": lambda: LawRule.objects.create(
        key=f"rule-{next(_serial)}",
        pack_version="1",
        regime="gdpr",
        title="Answer in time",
        source="GDPR 12(3)",
    ),
    "governance.lawtask": lambda: LawTask.objects.create(
        rule_key=f"rule-{next(_serial)}", pack_version="1", clause="ai_log_days"
    ),
    "governance.metricentry": make_figure,
    "governance.override": make_override,
    "governance.paper": lambda: Paper.objects.create(
        kind="notice", version=next(_serial), title="Privacy notice", content_hash="0" * 64
    ),
    "governance.policyapproval": lambda: PolicyApproval.objects.create(
        policy=make_policy(), member=make_member(), content_hash="0" * 64
    ),
    "governance.policycomment": lambda: PolicyComment.objects.create(policy=make_policy(), text="Why?"),
    "governance.pulseanswer": lambda: PulseAnswer.objects.create(round="2026-Q4"),
    "governance.pulseticket": lambda: PulseTicket.objects.create(member=make_member(), round="2026-Q4"),
    "governance.record": make_record,
    "governance.registerchange": lambda: RegisterChange.objects.create(object_ref="risk:1", action="changed"),
    "governance.secondlook": make_second_look,
    "governance.selfcheck": lambda: SelfCheck.objects.create(kind="security", ok=True),
    "governance.surveyanswer": lambda: SurveyAnswer.objects.create(
        customer=make_customer(), subject_id=next(_serial), question="trust", score=4
    ),
    "governance.surveyinvite": lambda: SurveyInvite.objects.create(
        customer=make_customer(), subject_id=next(_serial)
    ),
    "governance.systemversion": make_version,
    "governance.vendor": make_vendor,
    "governance.biasaudit": lambda: BiasAudit.objects.create(title="Do customers who said no wait longer?"),
    "governance.consent": make_consent,
    "governance.datarequest": make_request,
    "governance.draftexplanation": make_explanation,
    "governance.epoch": make_epoch,
    "governance.ethicspolicy": make_policy,
    "governance.ledgeranchor": make_anchor,
    "governance.ledgerentry": make_entry,
    "governance.ledgerhead": make_head,
    "governance.ledgersalt": make_salt,
    "governance.outcomefact": lambda: OutcomeFact.objects.create(subject_id=1, event="opened"),
    "governance.risk": lambda: Risk.objects.create(title="A leak"),
}
