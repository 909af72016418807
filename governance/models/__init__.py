"""The law and its registers, one module per subject."""

from __future__ import annotations

from governance.models.consent import Consent, ConsentState, DataRequest, DataRequestKind, Purpose
from governance.models.decision import AIDecision, AISpend, AIStop, DraftExplanation, Epoch, OutcomeFact
from governance.models.ledger import LedgerAnchor, LedgerEntry, LedgerHead, LedgerSalt
from governance.models.policy import EthicsPolicy, PolicyStatus
from governance.models.registers import BiasAudit, Risk

__all__ = [
    "AIDecision",
    "AISpend",
    "AIStop",
    "BiasAudit",
    "Consent",
    "ConsentState",
    "DataRequest",
    "DataRequestKind",
    "DraftExplanation",
    "Epoch",
    "EthicsPolicy",
    "LedgerAnchor",
    "LedgerEntry",
    "LedgerHead",
    "LedgerSalt",
    "OutcomeFact",
    "PolicyStatus",
    "Purpose",
    "Risk",
]
