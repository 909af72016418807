"""No answer of the AI presses, frightens or sells what nobody asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.pressure import PRESSURE_WORDS, UPSELL
from governance.core.sentence import Sentence, gettext_noop
from governance.core.vocabulary import LEAVING

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict


class NoPressure(Gate):
    """The caller has the text read by local rules and says which kinds of pressure it found, if any."""

    code = "G21"
    title = gettext_noop("no pressure on customers")
    asked_at = LEAVING

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if facts.clauses is None or request.pressure is None:
            return self.unknown()
        found = request.pressure - ({UPSELL} if facts.clauses.upsell else set())
        if found:
            return self.stopped(
                gettext_noop("This answer presses the customer: {kinds}."),
                gettext_noop("Take those words out, then send it."),
                {"kinds": tuple(_named(one) for one in sorted(found))},
            )
        return self.passed(gettext_noop("The answer leaves the customer free."))


def _named(kind: str) -> Sentence | str:
    return Sentence(PRESSURE_WORDS[kind]) if kind in PRESSURE_WORDS else kind
