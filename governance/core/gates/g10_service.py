"""An outside AI service is used only while its assessment and its contract hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import PROVIDER_CALLS

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict


class ServiceAssessed(Gate):
    """What runs on this installation has no company behind it; not naming the service is no way round."""

    code = "G10"
    title = gettext_noop("contract with the AI service")
    asked_at = PROVIDER_CALLS

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if request.system is not None and not request.system.external:
            return self.passed(gettext_noop("Nothing leaves this installation."))
        if request.system is None or facts.vendors is None or facts.now is None:
            return self.unknown()
        name = request.system.provider
        known = [one for one in facts.vendors if one.provider == name and one.state == "approved"]
        if not known:
            return self.stopped(
                gettext_noop("Nobody has approved this AI service."),
                gettext_noop("The owner confirms the five facts about it, under AI services."),
            )
        if any(one.expires_on is None or one.expires_on < facts.now.date() for one in known):
            return self.stopped(
                gettext_noop("What we know about this AI service is out of date."),
                gettext_noop("The owner looks at it again and presses “Still right”, under AI services."),
            )
        if not all(one.has_contract for one in known):
            return self.stopped(
                gettext_noop("There is no contract on file with this AI service."),
                gettext_noop("The owner adds it under AI services."),
            )
        return self.passed(gettext_noop("The AI service is approved and its contract holds."))
