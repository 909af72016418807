"""Check each sentence of a draft against the sources, and mark what no source says.

The check trusts nobody: what a service says about its own sentences (kind, sources) decides only where to look.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aiassist.core.commitments import MONTHS, NUMBER_WORDS, commitments, is_neutral, negations
from aiassist.core.drafts import DraftSentence, Passage
from aiassist.core.language import detect
from aiassist.core.text import content, fold, sentences

#: Share of a sentence's meaningful words that its source must have. Chosen on `tests/test_ground.py`.
SUPPORT = 0.6
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_LANGUAGE_LETTERS = 25


class Doubt(StrEnum):
    """Why a sentence is marked."""

    NONE = ""
    NO_SOURCE = "no_source"
    WEAK = "weak"
    NUMBER = "number"
    PROMISE = "promise"
    NEGATION = "negation"
    OTHER_LANGUAGE = "other_language"


@dataclass(frozen=True, slots=True)
class SentenceCheck:
    """One sentence: `supported` is true for courtesies as well (`neutral`); `source_id` is where it stands."""

    text: str
    supported: bool
    source_id: str = ""
    score: float = 0.0
    doubt: Doubt = Doubt.NONE
    neutral: bool = False
    detail: str = ""


def check(draft: Sequence[DraftSentence], passages: Sequence[Passage]) -> tuple[SentenceCheck, ...]:
    """Return one check for each sentence, in order.

    A sentence is supported if one source has most of its words, all of its numbers, amounts and dates, every promise
    (money, guarantee, deadline) that it makes, and does not say the opposite. Greetings, thanks and closings that
    promise nothing are neutral. What stands in another language than its source cannot be checked and is marked.
    """
    sources = [_Source.of(passage) for passage in passages]
    return tuple(_check(sentence, sources) for sentence in draft)


def unsupported(checks: Sequence[SentenceCheck]) -> tuple[SentenceCheck, ...]:
    """Those that a person must look at before the draft can be approved."""
    return tuple(one for one in checks if not one.supported)


@dataclass(frozen=True, slots=True)
class _Source:
    """A passage, prepared once."""

    passage: Passage
    words: frozenset[str]
    numbers: frozenset[str]
    commitments: frozenset[str]
    parts: tuple[tuple[frozenset[str], int], ...]
    language: str

    @classmethod
    def of(cls, passage: Passage) -> _Source:
        text = f"{passage.title}. {passage.text}"
        parts = tuple(
            (frozenset(content(part.text)), negations(part.text)) for part in sentences(passage.text)
        )
        return cls(
            passage,
            frozenset(content(text)),
            _numbers(text),
            commitments(text),
            parts,
            passage.language or detect(passage.text),
        )


def _check(sentence: DraftSentence, sources: Sequence[_Source]) -> SentenceCheck:
    text = sentence.text
    if is_neutral(text):
        return SentenceCheck(text, supported=True, neutral=True)
    named = [one for one in sources if one.passage.source_id in sentence.source_ids]
    found = [_against(text, source) for source in named or sources]
    best = max(found, key=lambda one: (one.supported, one.score), default=None)
    if best is None:
        return SentenceCheck(text, supported=False, doubt=Doubt.NO_SOURCE)
    if named or best.supported:
        return best
    return SentenceCheck(text, supported=False, score=best.score, doubt=Doubt.NO_SOURCE, detail=best.detail)


def _against(text: str, source: _Source) -> SentenceCheck:
    wanted = set(content(text))
    score = len(wanted & source.words) / len(wanted) if wanted else 0.0
    doubt, detail = _doubt(text, wanted, score, source)
    return SentenceCheck(
        text, doubt is Doubt.NONE, source.passage.source_id, round(score, 3), doubt, detail=detail
    )


def _doubt(text: str, wanted: set[str], score: float, source: _Source) -> tuple[Doubt, str]:
    missing = _numbers(text) - source.numbers
    if missing:
        return Doubt.NUMBER, ", ".join(sorted(missing))
    promised = commitments(text) - source.commitments
    if promised:
        return Doubt.PROMISE, ", ".join(sorted(promised))
    if score < SUPPORT:
        return (Doubt.OTHER_LANGUAGE if _foreign(text, source) else Doubt.WEAK), ""
    if _says_the_opposite(text, wanted, source):
        return Doubt.NEGATION, ""
    return Doubt.NONE, ""


def _foreign(text: str, source: _Source) -> bool:
    if len(text) < _LANGUAGE_LETTERS or source.language in {"", "und"}:
        return False
    return detect(text) not in {source.language, "und"}


def _says_the_opposite(text: str, wanted: set[str], source: _Source) -> bool:
    """Compare "not" with the source's sentences that are about the same; one that agrees is enough."""
    overlaps = [(len(wanted & words) / max(len(wanted), 1), denied) for words, denied in source.parts]
    best = max((share for share, _ in overlaps), default=0.0)
    if best < SUPPORT:
        return False
    own = negations(text) > 0
    return all((denied > 0) is not own for share, denied in overlaps if share >= best - 0.1)


def _numbers(text: str) -> frozenset[str]:
    """Numbers in one spelling: 4,90 is 4.9, thirty is 30, May is month:5. Marks of lists are no numbers."""
    body = re.sub(r"(?m)^\s*\d{1,2}[.)]\s+", "", re.sub(r"\[[A-Z]+_[\d_]+\]", " ", text))
    found = {_plain(match[0]) for match in _NUMBER.finditer(body)}
    for word in re.findall(r"[^\W\d_]+", fold(body)):
        if word in NUMBER_WORDS:
            found.add(NUMBER_WORDS[word])
        elif word in MONTHS:
            found.add(MONTHS[word])
    return frozenset(found)


def _plain(number: str) -> str:
    thousands = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number)
    plain = re.sub(r"[.,]", "", number) if thousands else number.replace(",", ".")
    if re.fullmatch(r"\d+\.\d+", plain):
        plain = plain.rstrip("0").rstrip(".")
    return plain.lstrip("0") or "0"
