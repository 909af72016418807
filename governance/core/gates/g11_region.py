"""Data goes only to regions that the rules name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import PROVIDER_CALLS

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict


class RegionAllowed(Gate):
    """Not knowing where the data goes is not good enough."""

    code = "G11"
    title = gettext_noop("where data goes")
    asked_at = PROVIDER_CALLS

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if request.system is None:
            return self.unknown()
        if not request.system.external:
            return self.passed(gettext_noop("Nothing leaves this installation."))
        if facts.clauses is None or facts.vendors is None:
            return self.unknown()
        name = request.system.provider
        regions = {one.region for one in facts.vendors if one.provider == name}
        if not regions or not regions <= set(facts.clauses.regions):
            return self.stopped(
                gettext_noop(
                    "This AI service works where your rules do not let data go, or nobody knows where."
                ),
                gettext_noop("The owner chooses another service, or changes the regions under Rules."),
            )
        return self.passed(gettext_noop("The AI service works in a region that your rules name."))
