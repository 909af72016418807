"""What the governance room holds about persons: choices, decisions by id, and no names."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helpdesk.privacy import erasure
from helpdesk.privacy.registry import TECHNICAL, Category, D, Erase, declare

_BUSINESS = D(Category.BUSINESS, "rules")
_RECORD = D(
    Category.BEHAVIOUR,
    "ai_record",
    export=True,
    reason="Proof of what the AI was asked and allowed; ids only.",
)
_CHOICE = D(Category.CHOICE, "consent", export=True, reason="Proof of a choice, kept under a pseudonym.")
_STAFF = D(Category.STAFF, "rules")
_LEDGER = D(Category.TECHNICAL, "proof", reason="Ids and commitments only; append-only.")

for _model in ("EthicsPolicy", "Risk", "BiasAudit", "AIStop", "AISpend", "Epoch"):
    declare(f"governance.{_model}", {}, rest=_BUSINESS)
for _model in (
    *("AISystem", "SystemVersion", "Vendor", "Incident", "Finding", "Change", "SelfCheck", "MetricEntry"),
    *("RegisterChange", "ClockNotice", "PolicyApproval", "Override", "Paper", "LawRule", "LawTask", "Course"),
):
    declare(f"governance.{_model}", {}, rest=_BUSINESS)
for _model in ("Attestation", "Certificate", "CourseAttempt", "PulseTicket", "SecondLook"):
    declare(f"governance.{_model}", {}, rest=_STAFF)
declare(
    "governance.PolicyComment",
    {"name": D(Category.CONTACT, "rules"), "text": D(Category.STAFF, "rules")},
    rest=_BUSINESS,
)
declare(
    "governance.PulseAnswer",
    {},
    rest=D(Category.STAFF, "rules", reason="Without name and time; by round only."),
)
declare(
    "governance.Record",
    {
        "contact": D(Category.SECRET, "rules"),
        "text": D(Category.CONTENT, "rules"),
        "people": D(Category.STAFF, "rules"),
    },
    rest=_BUSINESS,
)
declare(
    "governance.GuestAccess",
    {
        "name": D(Category.CONTACT, "rules"),
        "email": D(Category.CONTACT, "rules"),
        "token_hash": D(Category.SECRET, "rules"),
    },
    rest=_BUSINESS,
)
declare(
    "governance.SurveyAnswer",
    {"text": D(Category.CONTENT, "service", export=True, erase=Erase.BLANK)},
    rest=D(
        Category.BEHAVIOUR,
        "service",
        export=True,
        reason="What customers think of our answers, without their words.",
    ),
)
declare(
    "governance.SurveyInvite",
    {},
    rest=D(
        Category.BEHAVIOUR, "service", export=True, reason="That you were asked, so that we do not ask twice."
    ),
)
for _model in ("LedgerHead", "LedgerEntry", "LedgerAnchor"):
    declare(f"governance.{_model}", {}, rest=_LEDGER)
declare("governance.LedgerSalt", {}, rest=D(Category.TECHNICAL, "proof", erase=Erase.DELETE))
declare("governance.Consent", {}, rest=_CHOICE)
declare(
    "governance.DataRequest",
    {"answer": D(Category.CONTENT, "data_request", export=True, erase=Erase.BLANK)},
    rest=D(Category.CHOICE, "data_request", export=True, reason="Proof that a request was answered in time."),
)
declare("governance.AIDecision", {"actor": D(Category.STAFF, "ai_record"), "kind": TECHNICAL}, rest=_RECORD)
declare("governance.DraftExplanation", {}, rest=_RECORD)
declare(
    "governance.OutcomeFact",
    {"groups": D(Category.BEHAVIOUR, "fairness", export=False)},
    rest=D(Category.BEHAVIOUR, "fairness", reason="Times and groups without a name, for checking fairness."),
)

# The answer to an erasure holds counts, and is the proof of it.
erasure.spare("governance.DataRequest", lambda rows: rows.exclude(kind="erase", status="fulfilled"))
erasure.call_rows("governance.DataRequest", _("answers to requests about data"))
erasure.call_rows("governance.LedgerSalt", _("keys of our records"))
