"""Nobody approves what cannot be explained: sources, service, rules and person must be on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import LEAVING

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict


class ProvenanceComplete(Gate):
    code = "G22"
    title = gettext_noop("where an answer comes from")
    asked_at = LEAVING

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if request.provenance_complete is None:
            return self.unknown()
        if not request.provenance_complete:
            return self.stopped(
                gettext_noop("We could not tell the customer where this answer comes from."),
                gettext_noop("Ask for a new draft, or write the answer yourself."),
            )
        return self.passed(gettext_noop("The customer can see where this answer comes from."))
