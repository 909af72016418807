"""What is added to a decision after it was made: its explanation, and what it cost."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import F

from governance.models import AIDecision, DraftExplanation


def explain(
    *,
    decision: AIDecision,
    sources: list[dict[str, Any]],
    service: str,
    model: str = "",
    prompt_hash: str = "",
    fields_used: list[str] | None = None,
    replaced: dict[str, int] | None = None,
    confidence: str = "",
) -> DraftExplanation:
    """Keep where a draft comes from, as values: it stays true when an article changes."""
    return DraftExplanation.objects.create(
        decision=decision,
        sources=sources,
        service=service,
        model=model,
        prompt_hash=prompt_hash,
        fields_used=fields_used or [],
        replaced=replaced or {},
        confidence=confidence,
    )


def add_cost(
    *, decision: AIDecision, tokens_in: int, tokens_out: int, cost_micro: int, drafts: int = 1
) -> None:
    """Add what a call cost to its decision and to the day's sum (one upsert, so that two workers cannot lose one)."""
    AIDecision.objects.filter(pk=decision.pk).update(
        tokens_in=F("tokens_in") + tokens_in,
        tokens_out=F("tokens_out") + tokens_out,
        cost_micro=F("cost_micro") + cost_micro,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO governance_aispend (day, drafts, cost_micro) "
            "VALUES ((now() AT TIME ZONE 'UTC')::date, %s, %s) "
            "ON CONFLICT (organization_id, day) DO UPDATE SET drafts = governance_aispend.drafts + EXCLUDED.drafts, "
            "cost_micro = governance_aispend.cost_micro + EXCLUDED.cost_micro",
            [drafts, cost_micro],
        )
