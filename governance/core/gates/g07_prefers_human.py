"""A customer who wants answers without AI gets them from a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import DRAFTING, LEAVING

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict


class PrefersHuman(Gate):
    code = "G07"
    title = gettext_noop("answers without AI")
    asked_at = DRAFTING | LEAVING
    hard = True

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if facts.prefers_human is None:
            return self.unknown()
        if facts.prefers_human:
            return self.stopped(
                gettext_noop("This customer asked to be answered without AI."),
                gettext_noop("Write the answer yourself; your own words are never held back."),
            )
        return self.passed(gettext_noop("The customer did not ask for answers without AI."))
