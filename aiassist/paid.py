"""Does not pay twice for the same work: who asks for what was asked a while ago gets the answer, or waits for it.

The same work is the same service, model and text, word for word with its sources. Two workers at once make one call:
the first claims it with a row, the second waits for that row's answer, holding no transaction.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from django.utils import timezone

from aiassist import kept_answers
from aiassist.core.drafts import DraftResult, NoDraft
from aiassist.core.helping import HelpResult
from aiassist.core.providers.base import ProviderTimeout
from aiassist.drafting_models import PaidCall
from governance.models import AIDecision
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Message

Result = DraftResult | NoDraft | HelpResult
ResultT = TypeVar("ResultT", DraftResult | NoDraft, HelpResult)

#: As long as this an answer is good for the same question; sources that change make it another question.
KEPT = timedelta(days=7)
LOOK_EVERY = 0.2
#: How the decision says that nothing was paid.
REMEMBERED = "remembered"


def key_of(service: str, words: list[dict[str, str]], sources: list[str]) -> str:
    """What makes work the same: who is asked, every word that is said, and which sources the short names stand for."""
    return hashlib.sha256(json.dumps([service, words, sources]).encode()).hexdigest()


def once(
    key: str, call: Callable[[], ResultT], *, organization_id: UUID, decision: AIDecision, seconds: float
) -> ResultT:
    """What `call` returns, or returned for the same `key`, at no cost then. Raises what `call` raises.

    A decision about no ticket (a test, invented customers) always calls: nobody's erasure would reach its answer.
    Raises ProviderTimeout where another worker's call has no answer within `seconds`.
    """
    with organization_scope(organization_id):
        ticket_id = _ticket_of(decision)
    if ticket_id is None:
        return call()
    end = time.monotonic() + seconds
    while True:
        with organization_scope(organization_id):
            row = _claim(key, decision, ticket_id, seconds)
        if row.decision_id == decision.pk and not row.answer:
            break
        if row.answer:
            return _free(kept_answers.load(row.answer))  # type: ignore[return-value]
        if time.monotonic() >= end:
            raise ProviderTimeout("the same is being asked")
        time.sleep(LOOK_EVERY)
    return _call(row.pk, call, organization_id)


def _call(pk: int, call: Callable[[], ResultT], organization_id: UUID) -> ResultT:
    try:
        result = call()
    except BaseException:
        with organization_scope(organization_id):
            PaidCall.objects.filter(pk=pk, answer="").delete()
        raise
    with organization_scope(organization_id):
        PaidCall.objects.filter(pk=pk).update(answer=kept_answers.dump(result))
    return result


def _claim(key: str, decision: AIDecision, ticket_id: int, seconds: float) -> PaidCall:
    """The row of this work: one's own where nobody else has it, or whoever had it gave up or is too long ago."""
    PaidCall.objects.bulk_create(
        [PaidCall(key=key, ticket_id=ticket_id, decision=decision)], ignore_conflicts=True
    )
    row: PaidCall = PaidCall.objects.get(key=key)
    now = timezone.now()
    dead = not row.answer and row.claimed_at < now - timedelta(seconds=2 * seconds + 5)
    if dead or row.claimed_at < now - KEPT:
        mine = {"decision": decision, "ticket_id": ticket_id, "claimed_at": now, "answer": ""}
        PaidCall.objects.filter(pk=row.pk, claimed_at=row.claimed_at).update(**mine)
        row.refresh_from_db()
    return row


def _ticket_of(decision: AIDecision) -> int | None:
    if decision.subject_kind == "ticket":
        return decision.subject_id
    if decision.subject_kind == "message":
        return Message.objects.filter(pk=decision.subject_id).values_list("ticket", flat=True).first()
    return None


def _free(result: Result) -> Result:
    """At no cost, and saying so where an answer can."""
    if isinstance(result, NoDraft):
        return result
    return replace(result, raw=REMEMBERED)
