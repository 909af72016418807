"""What one check answered, in words for people; it can be stored and shown again in another language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.core.sentence import Sentence
from governance.core.vocabulary import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One answer. ``reason`` and ``next_step`` are for people, ``code`` and ``detail`` for auditors.

    ``firm``: this stop stays a stop even where the policy lets the check only warn.
    """

    code: str
    outcome: Outcome
    reason: Sentence
    next_step: Sentence | None = None
    firm: bool = False
    detail: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "outcome": self.outcome.value,
            "reason": self.reason.to_dict(),
            "next_step": self.next_step.to_dict() if self.next_step else None,
            "firm": self.firm,
            "detail": self.detail,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Verdict:
        step = data.get("next_step")
        return cls(
            code=str(data["code"]),
            outcome=Outcome(data["outcome"]),
            reason=Sentence.from_dict(data["reason"]),
            next_step=Sentence.from_dict(step) if step else None,
            firm=bool(data.get("firm")),
            detail=str(data.get("detail", "")),
        )
