"""What every check is: a code, the steps it is asked at, whether it can be softened, and one pure answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from governance.core.sentence import Sentence, Value, gettext_noop
from governance.core.verdict import Verdict
from governance.core.vocabulary import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from governance.core.facts import Facts, GateRequest
    from governance.core.vocabulary import Action


class Gate(ABC):
    """One check. A subclass in its own ``gNN_*.py`` is registered by being there.

    ``judge`` looks at nothing but its two arguments and changes nothing. It may raise: the judge turns that
    into a denial. Mark every sentence with ``gettext_noop``; no code and no jargon in it.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    asked_at: ClassVar[frozenset[Action]]
    hard: ClassVar[bool] = False

    @abstractmethod
    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        """Answer for this request; never asked about a message that a person wrote alone."""

    def passed(self, text: str, values: Mapping[str, Value] | None = None) -> Verdict:
        return self._verdict(Outcome.PASSED, text, None, values)

    def warned(self, text: str, next_step: str, values: Mapping[str, Value] | None = None) -> Verdict:
        return self._verdict(Outcome.WARNED, text, next_step, values)

    def stopped(
        self, text: str, next_step: str, values: Mapping[str, Value] | None = None, *, firm: bool = False
    ) -> Verdict:
        """``firm`` for what stays a stop even where the policy softens this check."""
        return self._verdict(Outcome.STOPPED, text, next_step, values, firm=firm)

    def unknown(self) -> Verdict:
        """A fact that it needs was not recorded: live that denies, in a dry run it is "cannot tell"."""
        return self._verdict(Outcome.UNKNOWN, _NOT_RECORDED, _ASK_A_PERSON, {"check": Sentence(self.title)})

    def _verdict(
        self,
        outcome: Outcome,
        text: str,
        next_step: str | None,
        values: Mapping[str, Value] | None,
        *,
        firm: bool = False,
    ) -> Verdict:
        step = Sentence(next_step, values or {}) if next_step else None
        return Verdict(
            code=self.code, outcome=outcome, reason=Sentence(text, values or {}), next_step=step, firm=firm
        )


_NOT_RECORDED = gettext_noop("Nobody noted what this needs to know: {check}. To be safe, that counts as no.")
_ASK_A_PERSON = gettext_noop("Write the answer yourself, or tell the owner.")
