"""The AI spends no more than the rules allow; money limits concern only services that cost money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import PROVIDER_CALLS, Action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from governance.core.clauses import Budget
    from governance.core.facts import Facts, GateRequest, Spent
    from governance.core.verdict import Verdict

_WRITES_A_DRAFT = frozenset({Action.DRAFT, Action.REWRITE, Action.TRANSLATE, Action.SELF_SERVICE})
_NEAR_PERCENT = 80


class WithinBudget(Gate):
    code = "G14"
    title = gettext_noop("spending limit")
    asked_at = PROVIDER_CALLS

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if facts.clauses is None or facts.spent is None:
            return self.unknown()
        budget, spent = facts.clauses.budget, facts.spent
        if any(used + more > limit for used, more, limit in _drafts(request, budget, spent)):
            return self.stopped(
                gettext_noop("The AI has written as many drafts as your rules allow."),
                gettext_noop("Write the answer yourself, or the owner raises the limit under Rules."),
            )
        if any(used >= limit or used + more > limit for used, more, limit in _money(request, budget, spent)):
            return self.stopped(
                gettext_noop("The money for AI services is used up."),
                gettext_noop("The built-in assistant takes over. The owner can raise the limit under Rules."),
            )
        limits = (*_drafts(request, budget, spent), *_money(request, budget, spent))
        if any(used * 100 >= limit * _NEAR_PERCENT for used, _, limit in limits):
            return self.warned(
                gettext_noop("The AI is near the limit that your rules set."),
                gettext_noop("The owner can raise the limit under Rules."),
            )
        return self.passed(gettext_noop("The AI is within the limit that your rules set."))


def drafts_of(request: GateRequest) -> int:
    """How many drafts this request would add."""
    return int(request.action in _WRITES_A_DRAFT)


def _drafts(request: GateRequest, budget: Budget, spent: Spent) -> Iterator[tuple[int, int, int]]:
    """Used, asked for and allowed, for each limit on drafts that concerns this request."""
    if drafts_of(request):
        if budget.daily_drafts is not None:
            yield spent.drafts_today, 1, budget.daily_drafts
        if budget.monthly_drafts is not None:
            yield spent.drafts_this_month, 1, budget.monthly_drafts


def _money(request: GateRequest, budget: Budget, spent: Spent) -> Iterator[tuple[int, int, int]]:
    """The same for money; a service that is not named counts as one that costs."""
    if request.system is None or request.system.external:
        if budget.daily_micro is not None:
            yield spent.micro_today, request.estimated_cost_micro, budget.daily_micro
        if budget.monthly_micro is not None:
            yield spent.micro_this_month, request.estimated_cost_micro, budget.monthly_micro
