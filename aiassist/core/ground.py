"""Check each sentence of a draft against the sources, and mark what no source says.

The check trusts nobody: what a service says about its own sentences (kind, sources) decides only where to look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aiassist.core.commitments import MONTHS, NUMBER_WORDS, commitments, is_neutral, negations
from aiassist.core.drafts import DraftSentence, Passage
from aiassist.core.language import detect
from aiassist.core.material import links, markup, private, strange_run
from aiassist.core.orders import orders_an_ai
from aiassist.core.text import content, fold, sentences

#: Share of a sentence's meaningful words that its source must have. Chosen on `tests/test_ground.py`.
SUPPORT = 0.6
#: So many of its words in a row, none of them in the source, are a statement of their own.
STRANGE = 3
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
#: "One" counts things only before what is counted.
_ONE = re.compile(
    r"\b(?:one|einem|einen|einer|une?|una?) (?:single )?(?:working |business )?(?:days?|weeks?|months?|hours?|years?|orders?|euros?"
    r"|werktag|arbeitstag|stunde|woche|monat|jahr|jour|semaine|mois|heure|dia|semana|mes|hora)\b",
    re.IGNORECASE,
)
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
    LINK = "link"
    PRIVATE = "private"
    ORDERS = "orders"


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
    No address and no one's data may be in it that the source has not, and words meant for an AI are never supported,
    not even where a source has them.
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
    links: frozenset[str]
    private: frozenset[str]
    parts: tuple[tuple[frozenset[str], int], ...]
    facts: tuple[tuple[frozenset[str], frozenset[str]], ...]
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
            numbers(text),
            commitments(text),
            links(text),
            private(text),
            parts,
            _facts(passage),
            passage.language or detect(passage.text),
        )


def _facts(passage: Passage) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """The words of each sentence with those of the one before it ("It costs 5 euros."), its numbers and promises."""
    title, before = set(content(passage.title)), set[str]()
    found = []
    for part in sentences(passage.text):
        own = set(content(part.text))
        found.append((frozenset(own | before | title), numbers(part.text) | commitments(part.text)))
        before = own
    return tuple(found)


def _check(sentence: DraftSentence, sources: Sequence[_Source]) -> SentenceCheck:
    text = sentence.text
    if is_neutral(text):
        return SentenceCheck(text, supported=True, neutral=True)
    if orders_an_ai(text) or markup(text):
        return SentenceCheck(text, supported=False, doubt=Doubt.ORDERS)
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
    """The first of these that holds; the words that are missing, where that helps."""
    missing, promised = numbers(text) - source.numbers, commitments(text) - source.commitments
    if missing or promised:
        return Doubt.NUMBER if missing else Doubt.PROMISE, ", ".join(sorted(missing or promised))
    return _doubt_of_words(text, wanted, score, source), ""


def _doubt_of_words(text: str, wanted: set[str], score: float, source: _Source) -> Doubt:
    weak = (
        score < SUPPORT or strange_run(text, source.words) >= STRANGE or _has_a_strange_clause(text, source)
    )
    tests: tuple[tuple[Doubt, Callable[[], bool]], ...] = (
        (Doubt.LINK, lambda: bool(links(text) - source.links)),
        (Doubt.PRIVATE, lambda: bool(private(text) - source.private)),
        (Doubt.OTHER_LANGUAGE, lambda: weak and _foreign(text, source)),
        (Doubt.WEAK, lambda: weak or _names(text, source)),
        (Doubt.NUMBER, lambda: _half_a_range(text, source) or _out_of_place(text, source)),
        (Doubt.NEGATION, lambda: _says_the_opposite(text, wanted, source)),
    )
    return next((doubt for doubt, holds in tests if holds()), Doubt.NONE)


#: "2 to 3 working days" is neither 2 nor 3 working days.
_RANGE = re.compile(r"(\d+)\s*(?:to|-|–|bis|à|a|and|und)\s*(\d+)")
_CLAUSE = re.compile(r"[.!?]\s+|[;:–]|,? (?:and|but|or|und|aber|oder|et|mais|ou|y|pero|o) |,")
_LEAST = 2


def _has_a_strange_clause(text: str, source: _Source) -> bool:
    """Whether a clause says something of its own: nothing in it, or of a longer one not half, is in the source."""
    clauses = [
        {word for word in content(one) if not word.isdigit()}
        for one in _CLAUSE.split(text)
        if one.strip() and not is_neutral(one)
    ]
    return any(
        not one & source.words or (len(one) > _LEAST and len(one & source.words) < len(one) / 2)
        for one in clauses
        if one
    )


def _half_a_range(text: str, source: _Source) -> bool:
    """Whether a number stands in the source only as one end of a range whose other end the sentence leaves out."""
    said, whole = numbers(text), f"{source.passage.title}. {source.passage.text}"
    outside = numbers(_RANGE.sub(" ", whole))
    ends = [(_plain(one), _plain(other)) for one, other in _RANGE.findall(whole)]
    return any(
        (one in said) is not (other in said) and not {one, other} & said & outside for one, other in ends
    )


def _out_of_place(text: str, source: _Source) -> bool:
    """Whether a clause has a number or a promise that the source says only of something else."""
    return any(not _in_place(part, source) for part in _CLAUSE.split(text) if part.strip())


def _in_place(clause: str, source: _Source) -> bool:
    wanted = numbers(clause) | commitments(clause)
    about = {word for word in content(clause) if not word.isdigit()}
    if not wanted or len(about) < _LEAST:
        return True
    fitting = [words for words, has in source.facts if wanted & has]
    return not fitting or any(len(about & words) >= len(about) / 2 for words in fitting)


def _names(text: str, source: _Source) -> bool:
    """Whether a name of a place or thing is in it that the source has not; German writes all nouns large."""
    named = re.findall(r"(?<!\[)\b[A-ZÀ-Þ]{4,}\b", text)
    if "de" not in {detect(text), source.language}:
        named += re.findall(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Þ][^\W\d_]{2,}", text)
    return any(set(content(one)) - source.words for one in named)


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


def numbers(text: str) -> frozenset[str]:
    """Numbers in one spelling: 4,90 is 4.9, thirty is 30, May is month:5. Marks of lists are no numbers."""
    body = re.sub(r"(?m)^\s*\d{1,2}[.)]\s+", "", re.sub(r"\[[A-Z]+_[\d_]+\]", " ", text))
    found = {_plain(match[0]) for match in _NUMBER.finditer(body)}
    found |= {"1"} if _ONE.search(body) else set()
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
