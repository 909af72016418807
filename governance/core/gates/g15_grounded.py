"""The AI stays with what it can do: languages of the rules, and answers that rest on a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import DRAFTING, UNATTENDED, Action

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict

_KEEPS = frozenset({Action.SAVE, Action.ANSWER})


class InScopeAndGrounded(Gate):
    """Before the call the language counts; before saving, whether anything in the draft rests on a source."""

    code = "G15"
    title = gettext_noop("answers that rest on a source")
    asked_at = DRAFTING

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if facts.clauses is None or request.language is None:
            return self.unknown()
        if request.action in UNATTENDED and not facts.clauses.self_service:
            return self.stopped(
                gettext_noop("Your rules do not let the AI answer on your help pages."),
                gettext_noop("The owner can allow it under Rules."),
            )
        if request.language not in facts.clauses.languages:
            return self.stopped(
                gettext_noop("Your rules do not name this language for the AI."),
                gettext_noop("Write the answer yourself, or the owner adds the language under Rules."),
            )
        if request.action in _KEEPS and request.grounded is None:
            return self.unknown()
        if request.action in _KEEPS and not request.grounded:
            return self.stopped(
                gettext_noop("Nothing in the draft rests on your articles or prepared replies."),
                gettext_noop("Write the answer yourself. An article about it helps next time."),
            )
        return self.passed(gettext_noop("The AI works with what it knows."))
