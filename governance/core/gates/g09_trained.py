"""Whoever approves an AI's draft has done the short course and read the rules that are in force."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import Action

if TYPE_CHECKING:
    from datetime import datetime

    from governance.core.clauses import Clauses
    from governance.core.facts import Facts, GateRequest, PolicyFacts
    from governance.core.register_facts import Approver, Training
    from governance.core.verdict import Verdict


class ApproverTrained(Gate):
    """Concerns approving AI drafts only: everybody may always write an answer themselves.

    New courses and new major rules leave time; a course that nobody offers is not asked for.
    """

    code = "G09"
    title = gettext_noop("course and reading of the rules")
    asked_at = frozenset({Action.APPROVE, Action.ANSWER})

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if request.action is Action.ANSWER:
            return self.passed(
                gettext_noop("No person approves on the help pages, so no course is asked for.")
            )
        policy, person, now = facts.policy, facts.approver, facts.now
        if policy is None or person is None or now is None:
            return self.unknown()
        needed = [one for one in person.training if one.course in policy.clauses.training_courses]
        missing = [one for one in needed if one.certified_until is None or one.certified_until < now.date()]
        if any(_is_late(one, person, policy.clauses, now) for one in missing):
            return self.stopped(
                gettext_noop("To approve the AI's drafts you need the short course: {course}."),
                gettext_noop(
                    "It takes some ten minutes, under Training. Until then write the answer yourself."
                ),
                {"course": missing[0].title},
            )
        if not _has_read(policy, person) and _reading_is_late(policy, person, now):
            return self.stopped(
                gettext_noop("You have not read the rules that are in force, version {version}."),
                gettext_noop("Read them and press “I have read it”, under Rules."),
                {"version": policy.version},
            )
        if missing or not _has_read(policy, person):
            return self.warned(
                gettext_noop("A short course or the reading of the rules waits for you."),
                gettext_noop("Take ten minutes for it this week."),
            )
        return self.passed(gettext_noop("You have done the course and read the rules."))


def _is_late(training: Training, person: Approver, rules: Clauses, now: datetime) -> bool:
    """An expired certificate is late at once (mails came before); a course never done has days of grace."""
    if training.certified_until is not None:
        return True
    begin = max(training.offered_since, person.since)
    return now > begin + timedelta(days=rules.training_grace_days)


def _has_read(policy: PolicyFacts, person: Approver) -> bool:
    return policy.major_version is None or person.read_version >= policy.major_version


def _reading_is_late(policy: PolicyFacts, person: Approver, now: datetime) -> bool:
    begin = person.since if policy.major_since is None else max(policy.major_since, person.since)
    return now > begin + timedelta(days=policy.clauses.reading_grace_days)
