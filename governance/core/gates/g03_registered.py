"""Only a registered AI, in exactly the version that was tested and approved, is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.gates.base import Gate
from governance.core.sentence import gettext_noop
from governance.core.vocabulary import PROVIDER_CALLS, Action

if TYPE_CHECKING:
    from governance.core.facts import Facts, GateRequest, SystemRef
    from governance.core.register_facts import SystemFacts
    from governance.core.verdict import Verdict

_WORKING = frozenset({"pilot", "live"})


class SystemApproved(Gate):
    """A version in the shadow may be evaluated, on invented customers, and nothing else."""

    code = "G03"
    title = gettext_noop("registered and tested AI")
    asked_at = PROVIDER_CALLS

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if request.system is None or facts.systems is None:
            return self.unknown()
        known = [one for one in facts.systems if _is_it(one, request.system, facts.shipped_prompts)]
        if not known:
            return self.stopped(
                gettext_noop("This AI is not registered in the form in which it would be called."),
                gettext_noop("The owner registers and tests it under AI systems."),
            )
        working = [one for one in known if one.stage in _WORKING]
        if any(one.state == "approved" for one in working):
            return self.passed(gettext_noop("This AI is registered, tested and approved."))
        if request.action is Action.EVALUATE and any(one.state == "shadow" for one in known):
            return self.passed(gettext_noop("This AI is being tested."))
        return self.stopped(
            gettext_noop("This AI is registered, but it is not approved for work with customers."),
            gettext_noop("The owner looks at its test results and approves it under AI systems."),
        )


def _is_it(one: SystemFacts, called: SystemRef, shipped: frozenset[str]) -> bool:
    """The same service and model, and the same prompt, or one that came with a release and passed its tests."""
    same = (one.provider, one.model) == (called.provider, called.model)
    return same and (
        one.prompt_hash == called.prompt_hash or (one.follows_release and called.prompt_hash in shipped)
    )
