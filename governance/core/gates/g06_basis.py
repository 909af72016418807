"""Whether the customer's data may be used for this at all: agreed, told and not refused, not paused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.clauses import Basis
from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import EVERY_STEP, Consent, Purpose

if TYPE_CHECKING:
    from governance.core.clauses import Clauses
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict

_SAID_NO = frozenset({Consent.REFUSED, Consent.OBJECTED})


class ValidBasis(Gate):
    """A no always counts, also one given under other rules; silence counts as yes only where the policy says
    so, and only for help with the customer's own message."""

    code = "G06"
    title = gettext_noop("the customer's say")
    asked_at = EVERY_STEP
    hard = True

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if not request.about_a_customer:
            return self.passed(gettext_noop("No customer's data is used for this."))
        said = None if facts.consents is None else facts.consents.get(request.purpose, Consent.NONE)
        if facts.restricted:
            return self.stopped(
                gettext_noop("This customer asked us to pause the use of their data."),
                gettext_noop("Write the answer yourself. The pause is under Data requests."),
            )
        if said in _SAID_NO:
            return self.stopped(
                gettext_noop("This customer said no to this use of their data."),
                gettext_noop("Write the answer yourself."),
            )
        if said is None or facts.restricted is None:
            return self.unknown()
        if said is Consent.GRANTED:
            return self.passed(gettext_noop("The customer agreed."))
        return self._silence(request.purpose, facts.clauses)

    def _silence(self, purpose: Purpose, clauses: Clauses | None) -> Verdict:
        if purpose is not Purpose.AI_ASSIST:
            return self.stopped(
                gettext_noop("This use needs the customer's yes, and there is none."),
                gettext_noop("Go on without it. The customer can agree on their own page."),
            )
        if clauses is not None and clauses.basis is Basis.LEGITIMATE_INTEREST:
            return self.passed(gettext_noop("The customer is told about the AI and has not said no."))
        return self.stopped(
            gettext_noop("Your rules ask the customer first, and this customer has not said yes."),
            gettext_noop(
                "Write the answer yourself. The first mail has a link with which the customer can agree."
            ),
        )
