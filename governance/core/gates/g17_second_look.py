"""Where the rules ask for it, one person is not enough: topics that two look at, and gifts above what one may give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.clause_words import money
from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.topics import topic_key
from governance.core.vocabulary import Action

if TYPE_CHECKING:
    from governance.core.clauses import Clauses
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict


class SecondLookDone(Gate):
    code = "G17"
    title = gettext_noop("a second person's look")
    asked_at = frozenset({Action.APPROVE, Action.ANSWER})

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if facts.clauses is None:
            return self.unknown()
        if request.action is Action.APPROVE and (gift := self._gift(request, facts, facts.clauses)):
            return gift
        if not request.topics & {topic_key(one) for one in facts.clauses.second_look_topics}:
            return self.passed(gettext_noop("Your rules ask for no second look at this topic."))
        if request.second_look is None:
            return self.unknown()
        if not request.second_look:
            return self.stopped(
                gettext_noop("Your rules ask a second person to look at answers on this topic."),
                gettext_noop("Ask a colleague to look at it, or write the answer yourself."),
            )
        return self.passed(gettext_noop("A second person has looked at this answer."))

    def _gift(self, request: GateRequest, facts: Facts, rules: Clauses) -> Verdict | None:
        """Against an answer that gives away more than its sender may; None where it does not."""
        if request.promised_micro is None:
            return self.unknown()
        if request.promised_micro <= max(rules.goodwill_micro, request.granted_micro or 0):
            return None
        if facts.approver is not None and facts.approver.decides:
            return None
        return self.stopped(
            gettext_noop("This answer gives away more than your rules let one person give: {limit}."),
            gettext_noop("Ask an owner or ethics officer to send it, or take the amount out."),
            {"limit": money(rules.goodwill_micro, rules.budget)},
        )
