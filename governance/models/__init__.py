"""The law and its registers, one module per subject."""

from __future__ import annotations

from governance.models.consent import Consent, ConsentState, DataRequest, DataRequestKind, Purpose
from governance.models.decision import AIDecision, AISpend, AIStop, DraftExplanation, Epoch, OutcomeFact
from governance.models.incidents import Change, Finding, Incident, MetricEntry, SelfCheck
from governance.models.kept import ClockNotice, RegisterChange
from governance.models.ledger import LedgerAnchor, LedgerEntry, LedgerHead, LedgerSalt
from governance.models.people import (
    Attestation,
    Certificate,
    Course,
    CourseAttempt,
    PulseAnswer,
    PulseTicket,
    SurveyAnswer,
    SurveyInvite,
)
from governance.models.policy import EthicsPolicy, PolicyStatus
from governance.models.records import GuestAccess, LawRule, LawTask, Paper, Record, RecordKind
from governance.models.registers import BiasAudit, Risk
from governance.models.ruling import LONGEST_OVERRIDE, Override, PolicyApproval, PolicyComment
from governance.models.systems import AISystem, SecondLook, Stage, SystemVersion, Vendor, VersionState

__all__ = [
    "LONGEST_OVERRIDE",
    "AIDecision",
    "AISpend",
    "AIStop",
    "AISystem",
    "Attestation",
    "BiasAudit",
    "Certificate",
    "Change",
    "ClockNotice",
    "Consent",
    "ConsentState",
    "Course",
    "CourseAttempt",
    "DataRequest",
    "DataRequestKind",
    "DraftExplanation",
    "Epoch",
    "EthicsPolicy",
    "Finding",
    "GuestAccess",
    "Incident",
    "LawRule",
    "LawTask",
    "LedgerAnchor",
    "LedgerEntry",
    "LedgerHead",
    "LedgerSalt",
    "MetricEntry",
    "OutcomeFact",
    "Override",
    "Paper",
    "PolicyApproval",
    "PolicyComment",
    "PolicyStatus",
    "PulseAnswer",
    "PulseTicket",
    "Purpose",
    "Record",
    "RecordKind",
    "RegisterChange",
    "Risk",
    "SecondLook",
    "SelfCheck",
    "Stage",
    "SurveyAnswer",
    "SurveyInvite",
    "SystemVersion",
    "Vendor",
    "VersionState",
]
