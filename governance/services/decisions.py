"""What is added to a decision after it was made: its explanation, and what it cost."""

from __future__ import annotations

from typing import Any

from governance import reserving
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
    """Add what a call cost to its decision and to the day's sum, in place of what was promised to it."""
    reserving.settle(
        decision_id=decision.pk,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cost_micro=cost_micro,
        drafts=drafts,
    )


def give_back(*, decision_id: int) -> None:
    """The call failed: what was promised to it is free again."""
    reserving.settle(decision_id=decision_id)
