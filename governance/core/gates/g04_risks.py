"""A risk larger than the business wants to take is decided on, or the AI waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import DRAFTING

if TYPE_CHECKING:
    from datetime import date

    from governance.core.facts import Facts, GateRequest
    from governance.core.register_facts import RiskFacts
    from governance.core.verdict import Verdict


class RisksWithinAppetite(Gate):
    """A risk above the limit must be made smaller or accepted by its day; an acceptance ends."""

    code = "G04"
    title = gettext_noop("open risks")
    asked_at = DRAFTING

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if facts.clauses is None or facts.risks is None or facts.now is None:
            return self.unknown()
        today, limit = facts.now.date(), facts.clauses.risk_appetite
        waiting = [one for one in facts.risks if _is_open(one, limit, today)]
        late = [one for one in waiting if one.decide_by is None or one.decide_by < today]
        if late:
            return self.stopped(
                gettext_noop("A risk is larger than your rules allow and nobody has decided on it: {risk}."),
                gettext_noop("The owner makes it smaller or accepts it for a while, under Risks."),
                {"risk": late[0].title},
            )
        if waiting:
            return self.warned(
                gettext_noop("A risk waits for a decision: {risk}."),
                gettext_noop("The owner makes it smaller or accepts it for a while, under Risks."),
                {"risk": waiting[0].title},
            )
        return self.passed(gettext_noop("No open risk is larger than your rules allow."))


def _is_open(risk: RiskFacts, limit: int, today: date) -> bool:
    appetite = limit if risk.appetite is None else risk.appetite
    accepted = risk.accepted_until is not None and risk.accepted_until >= today
    return risk.score > appetite and not accepted
