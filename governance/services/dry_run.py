"""What a draft of the rules would have changed: the last decisions judged again on the facts of their time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from governance.core.clause_checks import require_valid
from governance.core.clauses import Clauses
from governance.core.facts import Facts, GateRequest, PolicyFacts
from governance.core.judge import Judgement, rejudge
from governance.models import AIDecision, EthicsPolicy

LAST = 500
_TELL_EVERY = 50


@dataclass(frozen=True)
class Changed:
    """One decision that would have come out differently. `reason` is what would have stopped it, or had stopped it."""

    decision_id: int
    action: str
    subject_kind: str
    subject_id: int
    subject: str  # as stops name it: ticket:7
    reason: str
    created_at: datetime


@dataclass(frozen=True)
class DryRun:
    """Of `judged` decisions: newly stopped, newly allowed, not to be told, and the rest as before."""

    judged: int
    stopped: tuple[Changed, ...]
    allowed: tuple[Changed, ...]
    unknown: tuple[Changed, ...]

    @property
    def subjects(self) -> tuple[str, ...]:
        """Each request that would have gone differently, once, newest first."""
        return tuple(dict.fromkeys(one.subject for one in (*self.stopped, *self.allowed)))


def run(*, policy: EthicsPolicy, last: int = LAST, tell: Callable[[int], None] | None = None) -> DryRun:
    """Judge the newest decisions again as if this version had been in force. Writes nothing; one query.

    `tell` hears now and then how many are done.

    A fact that a rule asks for and that nobody recorded at the time counts as "cannot tell". Raises ClauseError for
    rules that could not be published.
    """
    clauses = Clauses.from_dict(policy.clauses)
    require_valid(clauses)
    draft = PolicyFacts(version=str(policy.version), published_at=None, clauses=clauses)
    rows = list(AIDecision.objects.filter(kind="real").order_by("-pk")[:last])
    answers = list(_judged(rows, draft, tell or (lambda done: None)))
    return DryRun(
        judged=len(rows),
        stopped=_those(answers, lambda row, now: row.allowed and not now.allowed and not now.cannot_tell),
        allowed=_those(answers, lambda row, now: not row.allowed and now.allowed),
        unknown=_those(answers, lambda row, now: row.allowed and now.cannot_tell),
    )


def _judged(
    rows: list[AIDecision], draft: PolicyFacts, tell: Callable[[int], None]
) -> Iterator[tuple[AIDecision, Judgement]]:
    for done, row in enumerate(rows):
        if done % _TELL_EVERY == 0:
            tell(done)
        yield row, rejudge(GateRequest.from_dict(row.request), Facts.from_dict(row.facts), draft)


def _those(
    answers: list[tuple[AIDecision, Judgement]], wanted: Callable[[AIDecision, Judgement], bool]
) -> tuple[Changed, ...]:
    return tuple(_changed(row, now) for row, now in answers if wanted(row, now))


def _changed(row: AIDecision, now: Judgement) -> Changed:
    judgement = now if now.stopped_by else Judgement.from_dict({"allowed": False, "verdicts": row.reasons})
    said = judgement.stopped_by
    return Changed(
        decision_id=row.pk,
        action=row.action,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        subject=row.request.get("subject") or f"{row.subject_kind}:{row.subject_id}",
        reason=str(said[0].reason) if said else "",
        created_at=row.created_at,
    )
