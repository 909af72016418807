"""Whether the AI works here, for the switch on every page of the desk: for the eye only, the checks ask afresh."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from tickets.selectors.prepared import prepared_rows

_SQL = """
SELECT
    (SELECT json_build_array(version, published_at) FROM governance_ethicspolicy WHERE status = 'published'),
    (SELECT json_build_array(COALESCE(NULLIF(m.work_name, ''), NULLIF(u.name, ''), u.email, ''), s.started_at, s.reason)
        FROM governance_aistop s LEFT JOIN people_membership m ON m.id = s.started_by_id
        LEFT JOIN people_user u ON u.id = m.user_id
        WHERE s.lifted_at IS NULL AND s.scope = 'organization' ORDER BY s.id DESC LIMIT 1)
"""


class Stopped(NamedTuple):
    """Who stopped the AI for everything, and when."""

    by: str
    at: datetime
    reason: str


class AIState(NamedTuple):
    """The version of the rules in force with its date, and the stop in force; None where there is none."""

    version: int | None
    published_at: datetime | None
    stop: Stopped | None


def ai_state() -> AIState:
    """One query; every page asks, so it is written by hand."""
    ((policy, stop),) = prepared_rows(_SQL)
    stopped = Stopped(stop[0], datetime.fromisoformat(stop[1]), stop[2]) if stop else None
    if not policy:
        return AIState(None, None, stopped)
    return AIState(policy[0], datetime.fromisoformat(policy[1]) if policy[1] else None, stopped)
