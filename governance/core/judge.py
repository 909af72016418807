"""The judge: asks every check that concerns a step and answers once; whatever goes wrong is a no."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from governance.core.clauses import NEVER_SOFTENED
from governance.core.gates import GATES, Gate
from governance.core.sentence import Sentence, gettext_noop
from governance.core.topics import topic_key
from governance.core.verdict import Verdict
from governance.core.vocabulary import UNATTENDED, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from governance.core.facts import Facts, GateRequest, PolicyFacts

_LETS_PASS = frozenset({Outcome.PASSED, Outcome.WARNED})
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
NO_GATE = "G00"  # the judge's own voice, when no check could speak


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The answer. ``verdicts`` holds every check that spoke, in the order of their codes."""

    allowed: bool
    verdicts: tuple[Verdict, ...]

    @property
    def stopped_by(self) -> tuple[Verdict, ...]:
        """What stands in the way; empty exactly when allowed."""
        return tuple(verdict for verdict in self.verdicts if verdict.outcome not in _LETS_PASS)

    @property
    def warnings(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.outcome is Outcome.WARNED)

    @property
    def cannot_tell(self) -> bool:
        """For a dry run: nothing stops it, but a fact was not recorded at the time."""
        return not self.allowed and all(one.outcome is Outcome.UNKNOWN for one in self.stopped_by)

    def to_dict(self) -> dict[str, Any]:
        return {"allowed": self.allowed, "verdicts": [verdict.to_dict() for verdict in self.verdicts]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Judgement:
        return cls(
            allowed=data["allowed"] is True,
            verdicts=tuple(Verdict.from_dict(one) for one in data["verdicts"]),
        )


def judge(request: GateRequest, facts: Facts, gates: Iterable[Gate] = GATES) -> Judgement:
    """May this happen? A message that a person wrote alone always may, whatever the facts are.

    Everything else passes only if at least one check spoke and none stopped it, lacked a fact or failed.
    """
    if not request.involves_ai:
        return Judgement(allowed=True, verdicts=())
    softened = _softened(facts)
    verdicts = tuple(
        _ask(gate, request, facts, softened) for gate in gates if request.action in gate.asked_at
    )
    if not verdicts:
        return refuse(NoGateSpokeError())
    return Judgement(allowed=all(one.outcome in _LETS_PASS for one in verdicts), verdicts=verdicts)


def rejudge(request: GateRequest, facts: Facts, policy: PolicyFacts) -> Judgement:
    """A past request under another policy, taken as published and in force: the dry run of one decision."""
    published = policy.published_at or facts.now or _LONG_AGO
    in_force = replace(policy, published_at=published, effective_at=None)
    return judge(request, replace(facts, policy=in_force))


def refuse(error: Exception) -> Judgement:
    """The no of a caller whose facts could not even be read."""
    verdict = Verdict(
        code=NO_GATE,
        outcome=Outcome.STOPPED,
        reason=Sentence(_UNREADABLE),
        next_step=Sentence(_TELL),
        firm=True,
        detail=type(error).__name__,
    )
    return Judgement(allowed=False, verdicts=(verdict,))


class NoGateSpokeError(RuntimeError):
    """No check concerns this step, so nobody can say that it is fine."""


def _ask(gate: Gate, request: GateRequest, facts: Facts, softened: frozenset[str]) -> Verdict:
    try:
        verdict = gate.judge(request, facts)
        if not isinstance(verdict, Verdict) or verdict.code != gate.code:
            return _failed(gate, TypeError())
        return _unless_softened(gate, verdict, request, facts, softened)
    except Exception as error:  # noqa: BLE001 - whatever a check does not expect is a no
        return _failed(gate, error)


def _unless_softened(
    gate: Gate, verdict: Verdict, request: GateRequest, facts: Facts, softened: frozenset[str]
) -> Verdict:
    if gate.hard or verdict.firm or verdict.outcome in _LETS_PASS or request.action in UNATTENDED:
        return verdict
    if gate.code in softened:
        return replace(verdict, outcome=Outcome.WARNED)
    exception = _exception(gate.code, request, facts)
    return verdict if exception is None else replace(verdict, outcome=Outcome.WARNED, detail=exception)


def _exception(code: str, request: GateRequest, facts: Facts) -> str | None:
    """The exception in force for this check here, as the decision names it; the rules must allow one."""
    if facts.clauses is None or facts.now is None:
        return None
    if code not in facts.clauses.overridable - NEVER_SOFTENED:
        return None
    for one in facts.overrides:
        there = one.subject in ("", request.subject) and (
            not one.topic or topic_key(one.topic) in request.topics
        )
        if one.gate == code and there and one.until > facts.now:
            return f"override:{one.id}"
    return None


def _failed(gate: Gate, error: Exception) -> Verdict:
    """The class name only: an error's text may hold what a customer wrote."""
    return Verdict(
        code=gate.code,
        outcome=Outcome.STOPPED,
        reason=Sentence(_BROKEN, {"check": Sentence(gate.title)}),
        next_step=Sentence(_TELL),
        firm=True,
        detail=type(error).__name__,
    )


def _softened(facts: Facts) -> frozenset[str]:
    """What the policy lets warn; unreadable rules soften nothing."""
    try:
        return frozenset(facts.clauses.warn_only if facts.clauses else ()) - NEVER_SOFTENED
    except Exception:  # noqa: BLE001 - the checks themselves will say what is wrong
        return frozenset()


_BROKEN = gettext_noop("Something went wrong while checking this: {check}. To be safe the AI does not go on.")
_UNREADABLE = gettext_noop("Your rules could not be checked. To be safe the AI does not go on.")
_TELL = gettext_noop("Write the answer yourself, and tell the owner if it happens again.")
