"""Rules that nobody has looked at for too long no longer speak for the business."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import DRAFTING

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict


class PolicyReviewed(Gate):
    """A version without a date of its own is due as long after its publication as its rules say."""

    code = "G02"
    title = gettext_noop("looking at the rules again")
    asked_at = DRAFTING

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        policy = facts.policy
        if policy is None or policy.published_at is None or facts.now is None:
            return self.unknown()
        rules = policy.clauses
        due = policy.review_due or (policy.published_at + timedelta(days=rules.review_days)).date()
        days_late = (facts.now.date() - due).days
        if days_late > rules.review_grace_days:
            return self.stopped(
                gettext_noop("Nobody has looked at your rules again; that was due {days} days ago."),
                gettext_noop("The owner reads the rules and presses “Still right”, or changes them."),
                {"days": days_late},
            )
        if days_late > 0:
            return self.warned(
                gettext_noop("Your rules wait to be looked at again since {days} days."),
                gettext_noop("The owner reads the rules and presses “Still right”, or changes them."),
                {"days": days_late},
            )
        return self.passed(gettext_noop("Your rules were looked at in time."))
