"""A person, signed in at a screen, says yes before anything that the AI touched goes to a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import LEAVING, Action, ActorKind

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict


class HumanApproval(Gate):
    """Says it in words; the guard itself is the database's trigger on messages."""

    code = "G16"
    title = gettext_noop("a person's approval")
    asked_at = LEAVING
    hard = True

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if request.action is Action.APPROVE:
            return self._approving(request.actor_kind)
        if request.action is Action.ANSWER:
            return self._answering(facts)
        if request.human_approval is None:
            return self.unknown()
        if not request.human_approval:
            return self.stopped(
                gettext_noop("The AI helped with this answer and no person has approved it as it stands."),
                gettext_noop("Read it again and approve it, or write the answer yourself."),
            )
        return self.passed(gettext_noop("A person has read and approved this answer."))

    def _answering(self, facts: Facts) -> Verdict:
        """On the help pages no person approves: the rules themselves must let it, and nothing else can."""
        if facts.clauses is None:
            return self.unknown()
        if not facts.clauses.self_service:
            return self.stopped(
                gettext_noop("Your rules let no words of the AI reach a customer without a person."),
                gettext_noop("The owner can allow it for the help pages under Rules."),
            )
        return self.passed(gettext_noop("Your rules let the AI answer here; a person is one click away."))

    def _approving(self, actor: ActorKind) -> Verdict:
        if actor is not ActorKind.PERSON:
            return self.stopped(
                gettext_noop("Only a person who is signed in at a screen can approve an answer."),
                gettext_noop("Sign in, open the request and approve it there."),
            )
        return self.passed(gettext_noop("A person is deciding."))
