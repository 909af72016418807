"""Anyone may stop the AI; while it is stopped nothing of it goes on, work in flight included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.topics import topic_key, topic_words
from governance.core.vocabulary import EVERY_STEP, StopScope

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest, Stop
    from governance.core.verdict import Verdict


class Stopped(Gate):
    """The widest stop speaks first: it is the one that has to be lifted."""

    code = "G13"
    title = gettext_noop("Stop the AI")
    asked_at = EVERY_STEP
    hard = True

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if facts.stops is None:
            return self.unknown()
        for scope in StopScope:
            for stop in facts.stops:
                if stop.scope is scope and _reaches(stop, request):
                    return self._say(stop)
        return self.passed(gettext_noop("Nobody has stopped the AI here."))

    def _say(self, stop: Stop) -> Verdict:
        reason, next_step = _WORDS[stop.scope]
        return self.stopped(reason, next_step, {"topic": topic_words(stop.key or "")})


def _reaches(stop: Stop, request: GateRequest) -> bool:
    """Whether this stop concerns the request. A stop or a request that does not say which one it means is
    taken as reaching, but for a topic: before sorting, a message has none."""
    match stop.scope:
        case StopScope.PLATFORM | StopScope.ORGANIZATION:
            return True
        case StopScope.SYSTEM:
            return stop.key is None or request.system is None or stop.key in request.system.names
        case StopScope.TOPIC:
            return stop.key is None or topic_key(stop.key) in request.topics
        case StopScope.TICKET:
            return stop.key is None or request.subject is None or stop.key == request.subject


_WORDS = {
    StopScope.PLATFORM: (
        gettext_noop("The people who run this helpdesk have stopped the AI for everyone."),
        gettext_noop("Write answers yourself. The AI comes back when they start it again."),
    ),
    StopScope.ORGANIZATION: (
        gettext_noop("The AI is stopped for your whole team."),
        gettext_noop("Write answers yourself. The owner can start the AI again."),
    ),
    StopScope.SYSTEM: (
        gettext_noop("This AI service is stopped."),
        gettext_noop("Write the answer yourself, or the owner chooses another service."),
    ),
    StopScope.TOPIC: (
        gettext_noop("The AI is stopped for this topic: {topic}."),
        gettext_noop("Write the answer yourself. The owner can start the AI again for this topic."),
    ),
    StopScope.TICKET: (
        gettext_noop("Somebody on your team stopped the AI for this request."),
        gettext_noop("Write the answer yourself, or the owner starts the AI again for this request."),
    ),
}
