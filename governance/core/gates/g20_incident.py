"""While something serious is not cleared up, the AI stays away from where it happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.topics import topic_key
from governance.core.vocabulary import DRAFTING, LEAVING

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.register_facts import IncidentFacts
    from governance.core.verdict import Verdict


class NoOpenIncident(Gate):
    code = "G20"
    title = gettext_noop("serious incidents")
    asked_at = DRAFTING | LEAVING

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if facts.incidents is None:
            return self.unknown()
        for one in facts.incidents:
            if _reaches(one, request):
                return self.stopped(
                    gettext_noop("Something serious went wrong and is not cleared up yet: {incident}."),
                    gettext_noop("Write the answer yourself. The owner finishes the review under Incidents."),
                    {"incident": one.title},
                )
        return self.passed(gettext_noop("Nothing serious is open here."))


def _reaches(incident: IncidentFacts, request: GateRequest) -> bool:
    """A request that does not name its service is taken as reached; a topic must be the request's own."""
    if incident.topic and topic_key(incident.topic) not in request.topics:
        return False
    return not incident.provider or request.system is None or incident.provider == request.system.provider
