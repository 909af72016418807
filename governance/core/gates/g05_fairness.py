"""Whether customers are treated alike was checked for this AI, not too long ago, and what was found is decided on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import DRAFTING

if TYPE_CHECKING:
    from datetime import date

    from governance.core.facts import Facts, GateRequest, SystemRef
    from governance.core.register_facts import AuditFacts
    from governance.core.verdict import Verdict

_GOES_ON = frozenset({"mend", "accept"})


class FairnessChecked(Gate):
    """Too few tickets to tell is never called fine and never stops: the check on invented customers counts."""

    code = "G05"
    title = gettext_noop("treating people alike")
    asked_at = DRAFTING

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if request.system is None or facts.audits is None or facts.now is None:
            return self.unknown()
        today = facts.now.date()
        mine = [one for one in facts.audits if _is_for(one, request.system)]
        if any(one.decision == "stop" or _is_open_failure(one, today) for one in mine):
            return self.stopped(
                gettext_noop("A check found that customers are not treated alike, and that is not settled."),
                gettext_noop("The owner decides what follows from it, under Fairness checks."),
            )
        current = [one for one in mine if one.valid_until is not None and one.valid_until >= today]
        if not current:
            return self.stopped(
                gettext_noop("Nobody has checked lately whether this AI treats customers alike."),
                gettext_noop("The owner runs the check on invented customers, under Fairness checks."),
            )
        if all(one.verdict != "pass" for one in current):
            return self.warned(
                gettext_noop("The newest checks of fairness cannot say that all is well."),
                gettext_noop("The owner looks at them under Fairness checks."),
            )
        return self.passed(gettext_noop("Whether customers are treated alike was checked."))


def _is_for(audit: AuditFacts, system: SystemRef) -> bool:
    return audit.system in ("", f"{system.provider}/{system.model}")


def _is_open_failure(audit: AuditFacts, today: date) -> bool:
    """Found unequal, and no decision to go on that still holds."""
    if audit.verdict != "fail":
        return False
    holds = audit.decision_until is not None and audit.decision_until >= today
    return audit.decision not in _GOES_ON or not holds
