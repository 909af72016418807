"""Counts how people look at drafts: for each person their own, and for a team all together. Reads; keeps nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

from aiassist.models import Draft, DraftState
from governance import oversight
from governance.oversight import Work
from helpdesk.people.models import Membership
from tickets.models import AIInvolvement, Approval

#: The newest approvals that are counted.
MOST: Final = 5_000
#: Whoever took longer than this did something else in between.
LONGEST: Final = timedelta(hours=2)
_DECIDED: Final = (DraftState.USED, DraftState.EDITED, DraftState.REJECTED)


def own(member: Membership, since: datetime) -> Work:
    """One person's work. Two queries."""
    return _count(Approval.objects.filter(approver=member), Draft.objects.filter(decided_by=member), since)


def team(since: datetime) -> Work:
    """Everybody's work together. Two queries."""
    return _count(Approval.objects.all(), Draft.objects.exclude(decided_by=None), since)


def register() -> None:
    """Called once, in AppConfig.ready."""
    oversight.offer(own, team)


def _count(approvals: Any, drafts: Any, since: datetime) -> Work:
    approved = approvals.filter(created_at__gte=since).exclude(message__ai_involvement=AIInvolvement.NONE)
    rows = list(
        approved.order_by("-pk").values_list(
            "approver_id", "created_at", "message__ai_involvement", "message__decision_id"
        )[:MOST]
    )
    decided = list(
        drafts.filter(decided_at__gte=since, state__in=_DECIDED)
        .order_by("-pk")
        .values_list("decided_by_id", "decided_at", "state", "decision_id")[:MOST]
    )
    taken = {(who, decision): at for who, at, state, decision in decided if state != DraftState.REJECTED}
    times = [
        at - taken[who, decision]
        for who, at, _involvement, decision in rows
        if (who, decision) in taken and timedelta(0) <= at - taken[who, decision] <= LONGEST
    ]
    return Work(
        people=len({who for who, *_rest in rows}),
        approvals=len(rows),
        edited=sum(involvement != AIInvolvement.VERBATIM for _who, _at, involvement, _decision in rows),
        decided=len(decided),
        rejected=sum(state == DraftState.REJECTED for _who, _at, state, _decision in decided),
        timed=len(times),
        seconds=median(one.total_seconds() for one in times) if times else None,
    )
