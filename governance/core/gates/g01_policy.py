"""Without published rules the AI does nothing for a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import DRAFTING, LEAVING, Action

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict


class PolicyInForce(Gate):
    code = "G01"
    title = gettext_noop("rules in force")
    asked_at = DRAFTING | LEAVING | {Action.TRIAGE}
    hard = True

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        policy = facts.policy
        if policy is None or policy.published_at is None:
            return self.stopped(
                gettext_noop("Your rules for the AI are not published yet, so the AI does nothing."),
                gettext_noop("The owner can publish the starter rules in five minutes, under Rules."),
            )
        if policy.effective_at is None:
            return self._in_force(policy.version)
        if facts.now is None:
            return self.unknown()
        if policy.effective_at > facts.now:
            return self.stopped(
                gettext_noop("Your rules for the AI start later, and no earlier rules are in force."),
                gettext_noop("Wait until they start, or the owner sets an earlier date under Rules."),
            )
        return self._in_force(policy.version)

    def _in_force(self, version: str) -> Verdict:
        return self.passed(gettext_noop("Your rules are in force, version {version}."), {"version": version})
