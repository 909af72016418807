"""The assistant on the help pages, as the rules and the records see it: may it answer, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q

from governance import gate
from governance.core.clauses import ClauseError
from governance.models import AIDecision, OutcomeFact
from governance.services.outcomes import ASSISTANT_PERSON, ASSISTANT_RIGHT
from governance.services.stops import stops_in_force

OFF, STOPPED, ON = "off", "stopped", "on"


def state() -> str:
    """`on`, `stopped` (the AI is, for everything), or `off`: the rules do not turn it on. Two queries at most.

    What is shown, not what is allowed: each question asks every check anew.
    """
    policy = gate.policy_in_force()
    try:
        allowed = policy is not None and gate.policy_facts(policy).clauses.self_service
    except ClauseError:
        allowed = False
    if not allowed:
        return OFF
    stopped = settings.AI_STOPPED or any(one.scope == "organization" for one in stops_in_force())
    return STOPPED if stopped else ON


@dataclass(frozen=True)
class Counted:
    """What the assistant did: questions answered, and what readers said to it."""

    answered: int
    right: int
    wrong: int
    persons: int


def counted(since: datetime) -> Counted:
    """Counts from this moment on. Two queries."""
    answers = AIDecision.objects.filter(
        kind="real", action="answer", allowed=True, created_at__gte=since
    ).count()
    facts = OutcomeFact.objects.filter(subject_kind="assistant", created_at__gte=since).aggregate(
        right=Count("pk", filter=Q(event=ASSISTANT_RIGHT, value=1)),
        wrong=Count("pk", filter=Q(event=ASSISTANT_RIGHT, value=0)),
        persons=Count("pk", filter=Q(event=ASSISTANT_PERSON)),
    )
    return Counted(answered=answers, **facts)
