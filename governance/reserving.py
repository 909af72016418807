"""Money and drafts are promised to a call before it is made: calls at the same time cannot overrun a limit together."""

from __future__ import annotations

from typing import Any

from django.db import connection

from governance.core.facts import Facts, GateRequest
from governance.core.gates import gate
from governance.core.gates.g14_budget import drafts_of
from governance.core.vocabulary import Outcome

_RESERVE = """
INSERT INTO governance_aispend AS spend (day, drafts, cost_micro, reserved_drafts, reserved_micro)
VALUES (%(day)s, 0, 0, %(drafts)s, %(micro)s)
ON CONFLICT (organization_id, day) DO UPDATE SET
    reserved_drafts = spend.reserved_drafts + EXCLUDED.reserved_drafts,
    reserved_micro = spend.reserved_micro + EXCLUDED.reserved_micro
WHERE (%(room_drafts)s::bigint IS NULL
        OR spend.drafts + spend.reserved_drafts + EXCLUDED.reserved_drafts <= %(room_drafts)s::bigint)
    AND (%(room_micro)s::bigint IS NULL
        OR spend.cost_micro + spend.reserved_micro + EXCLUDED.reserved_micro <= %(room_micro)s::bigint)
RETURNING 1
"""
_SETTLE = """
WITH decision AS (
    UPDATE governance_aidecision SET tokens_in = tokens_in + %(tokens_in)s, tokens_out = tokens_out + %(tokens_out)s,
        cost_micro = cost_micro + %(cost)s WHERE id = %(decision)s
    RETURNING (request ->> 'estimated_cost_micro')::bigint AS micro,
        action IN ('draft', 'rewrite', 'translate', 'self_service') AS writes,
        (created_at AT TIME ZONE 'UTC')::date AS day
), today AS (SELECT (now() AT TIME ZONE 'UTC')::date AS day)
INSERT INTO governance_aispend AS spend (day, drafts, cost_micro, reserved_drafts, reserved_micro)
SELECT today.day, %(drafts)s, %(cost)s, 0, 0 FROM today
ON CONFLICT (organization_id, day) DO UPDATE SET
    drafts = spend.drafts + EXCLUDED.drafts,
    cost_micro = spend.cost_micro + EXCLUDED.cost_micro,
    reserved_drafts = GREATEST(0, spend.reserved_drafts
        - COALESCE((SELECT writes::int FROM decision WHERE decision.day = spend.day), 0)),
    reserved_micro = GREATEST(0, spend.reserved_micro
        - COALESCE((SELECT micro FROM decision WHERE decision.day = spend.day), 0))
"""


def reserve(request: GateRequest, facts: Facts) -> bool:
    """Promise the call its share of the day. False where another call took the rest meanwhile. One query, or none.

    Locks the day's row until the transaction ends. Where the rules let the limit only warn, nothing is refused.
    """
    drafts, micro = drafts_of(request), _micro(request)
    if not (drafts or micro) or facts.now is None or facts.clauses is None or facts.spent is None:
        return True
    budget, spent = facts.clauses.budget, facts.spent
    held = gate("G14").judge(request, facts).outcome is not Outcome.STOPPED
    others_drafts = spent.drafts_this_month - spent.drafts_today
    others_micro = spent.micro_this_month - spent.micro_today
    keys: dict[str, Any] = {
        "day": facts.now.date(),
        "drafts": drafts,
        "micro": micro,
        "room_drafts": _room(budget.daily_drafts, budget.monthly_drafts, others_drafts) if held else None,
        "room_micro": _room(budget.daily_micro, budget.monthly_micro, others_micro)
        if held and micro
        else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RESERVE, keys)
        return cursor.fetchone() is not None


def settle(
    *, decision_id: int, tokens_in: int = 0, tokens_out: int = 0, cost_micro: int = 0, drafts: int = 0
) -> None:
    """The call is over: what it really cost takes the place of what was promised to it. One query."""
    keys: dict[str, Any] = {
        "decision": decision_id,
        "tokens_in": tokens_in,
        "tokens_out": tokens_out,
        "cost": cost_micro,
        "drafts": drafts,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, keys)


def _micro(request: GateRequest) -> int:
    outside = request.system is None or request.system.external
    return request.estimated_cost_micro if outside else 0


def _room(daily: int | None, monthly: int | None, spent_on_other_days: int) -> int | None:
    """The most that today may hold; None: no limit."""
    limits = [daily] if daily is not None else []
    if monthly is not None:
        limits.append(monthly - spent_on_other_days)
    return min(limits) if limits else None
