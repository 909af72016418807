"""Row-level security for the governance room."""

from __future__ import annotations

from django.db import migrations

from helpdesk.tenancy.operations import IsolateTables


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial"), ("people", "0002_isolation")]

    operations = [
        IsolateTables(
            [
                "EthicsPolicy",
                "AIDecision",
                "AISpend",
                "AIStop",
                "BiasAudit",
                "Consent",
                "DataRequest",
                "DraftExplanation",
                "Epoch",
                "LedgerAnchor",
                "LedgerEntry",
                "LedgerHead",
                "LedgerSalt",
                "OutcomeFact",
                "Risk",
            ]
        )
    ]
