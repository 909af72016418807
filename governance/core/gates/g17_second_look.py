"""On topics that the rules name, a second person looks at an AI-assisted answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.topics import topic_key
from governance.core.vocabulary import Action

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict


class SecondLookDone(Gate):
    code = "G17"
    title = gettext_noop("a second person's look")
    asked_at = frozenset({Action.APPROVE, Action.ANSWER})

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if facts.clauses is None:
            return self.unknown()
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
