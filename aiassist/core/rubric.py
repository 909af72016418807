"""What a good draft has to do for one test question, and whether a draft did it. Needs no database and no network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from aiassist.core import ground
from aiassist.core.drafts import DraftResult, NoDraft, NoteCode, Passage
from aiassist.core.language import UNDECIDED, detect
from aiassist.core.text import fold
from governance.core.pressure import pressure

#: Between words of which one is enough: "30 days | thirty days".
OR = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """A question with what is expected. `sources` are titles, of which one has to be named.

    `answer` false: no source answers it, and nothing may be made up. `still_open`: words of the part of the question
    that has to be named as not answered.
    """

    key: str
    question: str
    subject: str = ""
    language: str = "en"
    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    answer: bool = True
    still_open: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One question: each criterion that was asked for, met or not. The draft itself is not kept."""

    key: str
    met: dict[str, bool]

    @property
    def passed(self) -> bool:
        """Every criterion met."""
        return all(self.met.values())

    @property
    def missed(self) -> tuple[str, ...]:
        """The criteria that were not met."""
        return tuple(name for name, met in self.met.items() if not met)


def judge(golden: Golden, result: DraftResult | NoDraft, passages: Sequence[Passage]) -> Judged:
    """Hold a draft (or why there is none) against the question's rubric. A pure function: the same every time."""
    if isinstance(result, NoDraft):
        return Judged(golden.key, {"answered" if golden.answer else "says_unknown": not golden.answer})
    if not golden.answer:
        return Judged(golden.key, {"says_unknown": False})
    met = {"answered": True}
    for name, (asked, holds) in _CRITERIA.items():
        if asked(golden):
            met[name] = holds(golden, result, passages)
    return Judged(golden.key, met)


def set_hash(goldens: Iterable[Golden]) -> str:
    """Names a set of questions: results of two sets are never compared."""
    rows = sorted(json.dumps(asdict(one), sort_keys=True) for one in goldens)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


def says(text: str, wanted: str) -> bool:
    """Whether a text has one of the wordings, however they are written in capitals or accents."""
    folded = " ".join(fold(text).split())
    return any(" ".join(fold(one).split()) in folded for one in wanted.split(OR) if one.strip())


def _says_all(golden: Golden, result: DraftResult, _passages: Sequence[Passage]) -> bool:
    return all(says(result.body, one) for one in golden.must_say)


def _says_none(golden: Golden, result: DraftResult, _passages: Sequence[Passage]) -> bool:
    return not any(says(result.body, one) for one in golden.must_not_say)


def _names_source(golden: Golden, result: DraftResult, passages: Sequence[Passage]) -> bool:
    titles = {fold(one.title) for one in passages if one.source_id in result.source_ids}
    return bool(titles & {fold(one) for one in golden.sources})


def _in_language(golden: Golden, result: DraftResult, _passages: Sequence[Passage]) -> bool:
    """As it says and as it reads."""
    return result.language == golden.language and detect(result.body) in {golden.language, UNDECIDED}


def _without_pressure(golden: Golden, result: DraftResult, _passages: Sequence[Passage]) -> bool:
    return not pressure(result.body, golden.question)


def _rests_on_sources(_golden: Golden, result: DraftResult, passages: Sequence[Passage]) -> bool:
    checks = ground.check(result.sentences, passages)
    return not ground.unsupported(checks) and any(not one.neutral for one in checks)


def _names_what_is_open(golden: Golden, result: DraftResult, _passages: Sequence[Passage]) -> bool:
    noted = [one.detail for one in result.notes if one.code is NoteCode.OPEN_QUESTION]
    return any(says(one, golden.still_open) for one in noted)


def _always(_golden: Golden) -> bool:
    return True


_Holds = Callable[[Golden, DraftResult, Sequence[Passage]], bool]
_CRITERIA: dict[str, tuple[Callable[[Golden], bool], _Holds]] = {
    "must_say": (lambda golden: bool(golden.must_say), _says_all),
    "must_not_say": (lambda golden: bool(golden.must_not_say), _says_none),
    "source": (lambda golden: bool(golden.sources), _names_source),
    "language": (_always, _in_language),
    "no_pressure": (_always, _without_pressure),
    "grounded": (_always, _rests_on_sources),
    "says_unknown": (lambda golden: bool(golden.still_open), _names_what_is_open),
}
#: Every criterion, in the order in which figures are printed.
CRITERIA = ("answered", *_CRITERIA)


def figures(judged: Sequence[Judged]) -> dict[str, object]:
    """n, passed, each criterion as [met, asked], and which question missed what."""
    asked = {name: [one.met[name] for one in judged if name in one.met] for name in CRITERIA}
    return {
        "n": len(judged),
        "passed": sum(one.passed for one in judged),
        "criteria": {name: [sum(met), len(met)] for name, met in asked.items()},
        "missed": {one.key: list(one.missed) for one in judged if not one.passed},
    }


def rows(judged: Sequence[Judged], goldens: Sequence[Golden]) -> dict[str, list[object]]:
    """Each question by its key: a hash of what was asked and expected, and each criterion. For comparing later."""
    asked = {one.key: set_hash([one]) for one in goldens}
    return {one.key: [asked[one.key], dict(one.met)] for one in judged}


def compared(before: Mapping[str, list[Any]], after: Mapping[str, list[Any]]) -> list[str] | None:
    """`worse` for the questions that both have, word for word; None where they have none in common."""
    both = [key for key in after if key in before and before[key][0] == after[key][0]]
    if not both:
        return None
    old, new = ([Judged(key, dict(found[key][1])) for key in both] for found in (before, after))
    return worse(figures(old), figures(new))


def worse(before: dict[str, object], after: dict[str, object]) -> list[str]:
    """What became worse between two results of the same set: "passed", criteria, and "question:KEY" that passed before.

    A question that is newly missed counts even where another one is newly met: somebody has to look at both.
    """
    found = ["passed"] if _number(after["passed"]) < _number(before["passed"]) else []
    old, new = _criteria(before), _criteria(after)
    found += [name for name in CRITERIA if _failed(new, name) > _failed(old, name)]
    missed_before, missed_after = before.get("missed") or {}, after.get("missed") or {}
    assert isinstance(missed_before, dict)  # noqa: S101 - narrows the type
    assert isinstance(missed_after, dict)  # noqa: S101 - narrows the type
    return found + [f"question:{key}" for key in missed_after if key not in missed_before]


def _criteria(figures: dict[str, object]) -> dict[str, list[int]]:
    found = figures.get("criteria")
    return found if isinstance(found, dict) else {}


def _failed(criteria: dict[str, list[int]], name: str) -> int:
    met, asked = criteria.get(name, [0, 0])
    return asked - met


def _number(value: object) -> int:
    return int(value) if isinstance(value, int) else 0
