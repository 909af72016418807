"""An AI sees of a customer's data only what the rules name for that purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.clause_words import FIELD_WORDS
from governance.core.gates.base import Gate
from governance.core.sentence import Sentence, gettext_noop
from governance.core.vocabulary import PROVIDER_CALLS, Purpose

if TYPE_CHECKING:
    from governance.core.clauses import Clauses
    from governance.core.facts import Facts, GateRequest
    from governance.core.verdict import Verdict


class FieldsAllowed(Gate):
    """The caller leaves out what is not allowed and names what is left; naming nothing is not an answer."""

    code = "G12"
    title = gettext_noop("what an AI may see")
    asked_at = PROVIDER_CALLS

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        if not request.about_a_customer:
            return self.passed(gettext_noop("No customer's data is used for this."))
        if facts.clauses is None or not request.fields:
            return self.unknown()
        extra = request.fields - _allowed(request.purpose, facts.clauses)
        if extra:
            return self.stopped(
                gettext_noop("The AI would see more than your rules allow: {fields}."),
                gettext_noop("Go on without it, or the owner changes what the AI may see under Rules."),
                {"fields": tuple(_named(one) for one in sorted(extra))},
            )
        return self.passed(gettext_noop("The AI sees only what your rules allow."))


def _allowed(purpose: Purpose, rules: Clauses) -> frozenset[str]:
    if purpose is Purpose.AI_ASSIST:
        return rules.ai_fields
    return frozenset(rules.purpose_fields.get(purpose.value, ()))


def _named(field: str) -> Sentence | str:
    return Sentence(FIELD_WORDS[field]) if field in FIELD_WORDS else field
