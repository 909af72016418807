"""Some topics belong to people, and the most private ones never reach an outside AI service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.topics import SPECIAL_TOPICS, topic_key, topic_words
from governance.core.vocabulary import DRAFTING, LEAVING, PROVIDER_CALLS

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.sentence import Sentence
    from governance.core.verdict import Verdict


class HumanOnlyTopic(Gate):
    """Asked before any service is called: the topics come from rules that run on this machine."""

    code = "G08"
    title = gettext_noop("topics only people answer")
    asked_at = DRAFTING | LEAVING | PROVIDER_CALLS

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        private = request.topics & SPECIAL_TOPICS
        if private and self._would_leave(request):
            return self.stopped(
                gettext_noop("The message is about {topics}. We never show that to an outside AI service."),
                gettext_noop("Write the answer yourself."),
                {"topics": _named(private)},
                firm=True,
            )
        if request.action not in DRAFTING | LEAVING:
            return self.passed(gettext_noop("Sorting and finding are fine for every topic on this machine."))
        if facts.clauses is None:
            return self.unknown()
        people = request.topics & {topic_key(topic) for topic in facts.clauses.human_only_topics}
        if people:
            return self.stopped(
                gettext_noop("Your rules leave this topic to people: {topics}."),
                gettext_noop("Write the answer yourself, or the owner changes the topics under Rules."),
                {"topics": _named(people)},
            )
        return self.passed(gettext_noop("The topic is not one that only people answer."))

    @staticmethod
    def _would_leave(request: GateRequest) -> bool:
        """Not naming the service counts as an outside one."""
        return request.action in PROVIDER_CALLS and (request.system is None or request.system.external)


def _named(topics: frozenset[str]) -> tuple[Sentence | str, ...]:
    return tuple(topic_words(topic) for topic in sorted(topics))
