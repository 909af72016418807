"""A customer's words are used for anything beyond their own answer only with their yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import Action, Consent, Purpose

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict


class ReuseAgreed(Gate):
    """Training, evaluating or exporting outside this organization, and quoting; saying nothing counts as outside.

    To make the AI better takes the yes inside the organization as well."""

    code = "G19"
    title = gettext_noop("using messages for more than the answer")
    asked_at = frozenset({Action.REUSE, Action.EVALUATE, Action.ANSWER})

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if not request.about_a_customer:
            return self.passed(gettext_noop("No customer's words are used for this."))
        if request.stays_inside is True and request.purpose is not Purpose.IMPROVE:
            return self.passed(gettext_noop("The customer's words stay inside your team."))
        if facts.consents is None:
            return self.unknown()
        if facts.consents.get(Purpose.IMPROVE) is not Consent.GRANTED:
            return self.stopped(
                gettext_noop(
                    "The customer has not agreed that their words are used for more than the answer."
                ),
                gettext_noop("Leave this message out. The customer can agree on their own page."),
                firm=True,
            )
        return self.passed(gettext_noop("The customer agreed that their words help to improve the AI."))
