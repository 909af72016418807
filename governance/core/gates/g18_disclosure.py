"""An answer that the AI helped with says so, and names the person who sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import Action

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict


class DisclosurePresent(Gate):
    code = "G18"
    title = gettext_noop("telling the customer")
    asked_at = frozenset({Action.SEND, Action.ANSWER})
    hard = True

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if request.disclosure_present is None:
            return self.unknown()
        if not request.disclosure_present:
            return self.stopped(
                gettext_noop("The line that tells the customer about the AI is missing from this answer."),
                gettext_noop(
                    "Send it again from the request; the line is added by itself. If not, tell the owner."
                ),
            )
        if request.action is Action.ANSWER:
            return self.passed(gettext_noop("The reader is told that an AI writes, before its first word."))
        return self.passed(gettext_noop("The customer is told that AI helped, and who checked it."))
