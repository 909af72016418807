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
    BiasAudit,
    Consent,
    DataRequest,
    DraftExplanation,
    Epoch,
    EthicsPolicy,
    LedgerAnchor,
    LedgerEntry,
    LedgerHead,
    LedgerSalt,
    OutcomeFact,
    Risk,
)
from helpdesk.people.tests.factories import make_customer

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
    """A draft of a policy."""
    last = EthicsPolicy.objects.order_by("-version").first()
    return EthicsPolicy.objects.create(
        **{"title": "Our rules", "version": (last.version + 1 if last else 1), **fields}
    )


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


def make_request() -> DataRequest:
    """A customer's data request."""
    return DataRequest.objects.create(
        customer=make_customer(), kind="erase", due_at=timezone.now() + timedelta(days=30)
    )


def make_epoch() -> Epoch:
    """The organization's epoch."""
    return Epoch.objects.get_or_create()[0]


FACTORIES = {
    "governance.aidecision": make_decision,
    "governance.aispend": lambda: AISpend.objects.create(
        day=timezone.now().date() - timedelta(days=next(_serial))
    ),
    "governance.aistop": make_stop,
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
