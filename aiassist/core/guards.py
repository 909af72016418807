"""What every draft goes through between an AI service and a person: leaks, pressure, words for an AI, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiassist.core import ground, leaks
from aiassist.core.decent import note_orders, without_pressure
from aiassist.core.drafts import DraftRequest, DraftResult, NoDraft


@dataclass(frozen=True, slots=True)
class Looked:
    """A draft with one check for each sentence, or none and why. `leaks` are kinds of what it must not have had."""

    result: DraftResult | NoDraft
    checks: tuple[ground.SentenceCheck, ...] = ()
    leaks: tuple[str, ...] = ()


def look_over(
    result: DraftResult,
    request: DraftRequest,
    *,
    given: Sequence[str],
    mapping: Mapping[str, str],
    upsell: bool = False,
) -> Looked:
    """Hold a service's draft against what it was given; trusts nothing that the service says of it.

    With `leaks` the draft is to be thrown away whole. Otherwise sentences that press are gone, and what no source
    says is marked. Stand-ins are still in their places.
    """
    if found := leaks.scan(result.body, given=given, mapping=mapping):
        return Looked(result, leaks=tuple(one.kind for one in found))
    asked = f"{request.subject}\n{request.question}"
    decent = without_pressure(result, asked, upsell=upsell)
    if isinstance(decent, NoDraft):
        return Looked(decent)
    noted = note_orders(decent, asked)
    return Looked(noted, ground.check(noted.sentences, request.passages))
