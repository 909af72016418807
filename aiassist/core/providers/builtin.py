"""Compose a cited draft from the organization's own articles and canned replies: no network, nothing invented."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from aiassist.core.drafts import (
    DraftRequest,
    DraftResult,
    DraftSentence,
    Kind,
    NoDraft,
    NoDraftReason,
    Note,
    NoteCode,
    Passage,
    Query,
    Tone,
)
from aiassist.core.embed import Embedder, Vectors, default_embedder
from aiassist.core.extract import HELPS, help_with
from aiassist.core.helping import HelpRequest, HelpResult
from aiassist.core.phrases import LANGUAGES, greeting, phrases
from aiassist.core.providers.stream import Told
from aiassist.core.retrieve import THRESHOLD, make_query
from aiassist.core.text import Sentence, content, essence, sentences

#: At most so many sentences; a list of steps counts as one.
MOST_SENTENCES = 4
#: No sentence of the passages comes near the question: nothing fits after all.
SENTENCE_THRESHOLD = 0.30
#: Another source is used only for a question that it is clearly nearer to than the first.
_PASSAGE_GAP = 0.30
_OTHER_NEAR = 0.33
_OTHER_NEARER = 0.10
#: How near other sentences must be, against the best: anywhere, and right beside one that is chosen.
_SHARE = 0.72
_SHARE_BESIDE = 0.45
_SHARE_PARAGRAPH = 0.25
_MOST_BESIDE = 3
_MOST_PASSAGES = 3
_MOST_SCORED = 8
#: A question of the customer with no passage sentence this near is reported to the agent as open.
_OPEN_BELOW = 0.32

_LEANS_BACK = re.compile(
    r"^(?:it|its|they|them|their|this|that|these|those|then|there|so|otherwise|however|also|in (?:that|this) case|if not|if so|after that"
    r"|dies\w*|das|dann|danach|sonst|dort|dafür|dazu|er|sie (?:ist|sind|wird|werden)|es|außerdem|jedoch"
    r"|cela|ceci|ensuite|sinon|il|elle|ils|elles|dans ce cas|esto|eso|luego|después|si no|en ese caso)\b",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"\n\s*\n")
_SAME_AS = re.compile(
    r"\b(?:in the same (?:place|way)|the same applies|dort auch|ebenso|ebenfalls|de la même (?:façon|manière)|del mismo modo)\b",
    re.IGNORECASE,
)


class BuiltIn:
    """The service that is always there."""

    name = "built-in"
    model = "builtin-1"
    is_external = False
    helps = HELPS

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder or default_embedder()

    def draft(
        self, request: DraftRequest, timeout: float = 0.0, told: Told | None = None
    ) -> DraftResult | NoDraft:
        """Return a draft from `request.passages` (ranked, with scores), or why there is none. Needs no time-out."""
        if not content(essence(request.question)) and not content(request.subject):
            return NoDraft(NoDraftReason.NO_QUESTION, model=self.model)
        if not request.passages:
            return NoDraft(NoDraftReason.NO_SOURCES, model=self.model)
        nothing = NoDraft(NoDraftReason.NOTHING_FITS, best=request.passages[0], model=self.model)
        pool = _pool(request)
        if not pool:
            return nothing
        query = request.query or make_query(request.question, self._embedder, subject=request.subject)
        units = self._score(query, pool)
        chosen = _choose(units, pool[0], _asked(query))
        if not chosen:
            return nothing
        return _result(request, chosen, pool, _open_questions(query, units), self.model)

    def help(self, request: HelpRequest, timeout: float = 0.0) -> HelpResult:
        """Return what can be done by leaving out, or a result without sentences. Needs no time-out."""
        return help_with(request, self._embedder, self.model)

    def _score(self, query: Query, pool: Sequence[Passage]) -> list[_Unit]:
        """Every sentence of the pool with its nearness to the message; a question hands its own to its answer."""
        units = [unit for rank, passage in enumerate(pool) for unit in _units(rank, passage)]
        wanted = set(content(query.text))
        near = _worth_scoring(units, wanted)
        vectors = self._embedder.embed_sources([units[index].text for index in near])
        for row, index in enumerate(near):
            nearness = vectors[row] @ query.vectors.T
            units[index].near = nearness
            units[index].score = float(nearness.max()) + 0.15 * _shared(wanted, units[index].text)
        _hand_on(units)
        return units


@dataclass(slots=True, eq=False)
class _Unit:
    """One sentence of one passage."""

    passage: Passage
    rank: int
    position: int
    text: str
    mark: str
    paragraph: int = 0
    score: float = 0.0
    near: Vectors | None = None

    @property
    def asks(self) -> bool:
        return self.text.endswith("?")


def _pool(request: DraftRequest) -> list[Passage]:
    """The passages to draw on: near enough, about as near as the best, in one language (the customer's if it can be)."""
    fitting = [one for one in request.passages if one.score >= THRESHOLD]
    if not fitting:
        return []
    own = [one for one in fitting if one.language in {"", request.language}]
    first = own[0] if own and own[0].score >= fitting[0].score - 0.15 else fitting[0]
    if first.kind == "canned":
        return [first]
    alike = [one for one in fitting if one.kind != "canned" and one.language in {"", first.language}]
    return [one for one in alike if one.score >= first.score - _PASSAGE_GAP][:_MOST_PASSAGES]


def _units(rank: int, passage: Passage) -> list[_Unit]:
    text = essence(passage.text) if passage.kind == "canned" else passage.text
    parts = [part for part in sentences(text) if _usable(part)]
    return [
        _Unit(passage, rank, position, part.text, part.mark, len(_PARAGRAPH.findall(text, 0, part.start)))
        for position, part in enumerate(parts)
    ]


def _usable(part: Sentence) -> bool:
    """Headings and sentences with a gap to fill in are nothing to send."""
    return not part.heading and "{{" not in part.text and "{%" not in part.text


def _worth_scoring(units: Sequence[_Unit], wanted: set[str]) -> list[int]:
    """Embedding costs most: of many sentences take those that share words, of the best passage all."""
    order = sorted(
        range(len(units)),
        key=lambda index: (units[index].rank > 0, -_shared(wanted, units[index].text), index),
    )
    return sorted(order[:_MOST_SCORED])


def _shared(wanted: set[str], text: str) -> float:
    return len(wanted & set(content(text))) / max(len(wanted), 3)


def _hand_on(units: Sequence[_Unit]) -> None:
    for before, after in pairwise(units):
        if before.asks and before.rank == after.rank and before.score > after.score:
            after.score, after.near = before.score, before.near


def _choose(units: Sequence[_Unit], first: Passage, asked: Sequence[int]) -> list[_Unit]:
    """The sentences to send, in the order of their passages; `asked` are the rows of the customer's questions."""
    if first.kind == "canned":
        return list(units)
    answers = [unit for unit in units if not unit.asks]
    own = [unit for unit in answers if unit.passage.source_id == first.source_id]
    best = max(own, key=lambda unit: unit.score, default=None)
    if best is None or best.score < SENTENCE_THRESHOLD:
        return []
    floor = max(SENTENCE_THRESHOLD, best.score * _SHARE)
    near = sorted((unit for unit in own if unit.score >= floor), key=lambda unit: -unit.score)
    chosen: list[_Unit] = []
    for unit in near + (_for_other_questions(answers, own, asked) if len(asked) > 1 else []):
        _add(chosen, unit, answers)
    _add_beside(chosen, own, best.score)
    return sorted(chosen, key=lambda unit: (unit.rank, unit.position))


def _add(chosen: list[_Unit], unit: _Unit, answers: Sequence[_Unit]) -> None:
    group = [one for one in _with_context(unit, answers) if one not in chosen]
    fits = not chosen or _size(chosen) + _size(group) <= MOST_SENTENCES
    if fits and not _repeats(unit, chosen):
        chosen += group


def _add_beside(chosen: list[_Unit], own: Sequence[_Unit], best: float) -> None:
    """A lone sentence often lacks its condition or its next step, which stand beside it, most of all in its paragraph."""
    for _ in range(_MOST_BESIDE):
        paragraphs = {(unit.rank, unit.paragraph) for unit in chosen}
        places = {(unit.rank, unit.position + step) for unit in chosen for step in (-1, 1)}
        beside = [unit for unit in own if (unit.rank, unit.position) in places and unit not in chosen]
        fitting = [
            unit
            for unit in beside
            if unit.score
            >= best * (_SHARE_PARAGRAPH if (unit.rank, unit.paragraph) in paragraphs else _SHARE_BESIDE)
        ]
        if not fitting or _size(chosen) >= _MOST_BESIDE:
            return
        nearest = max(fitting, key=lambda unit: ((unit.rank, unit.paragraph) in paragraphs, unit.score))
        chosen += [one for one in _with_context(nearest, own) if one not in chosen]


def _for_other_questions(answers: Sequence[_Unit], own: Sequence[_Unit], asked: Sequence[int]) -> list[_Unit]:
    """For each question the best sentence of another source, if it is clearly nearer than all of the first's."""
    found: list[_Unit] = []
    for row in asked:
        here = max((_near(unit, row) for unit in own), default=0.0)
        others = [unit for unit in answers if unit not in own]
        best = max(others, key=lambda unit: _near(unit, row), default=None)
        if best is not None and _near(best, row) >= max(_OTHER_NEAR, here + _OTHER_NEARER):
            found.append(best)
    return found


def _near(unit: _Unit, row: int) -> float:
    return 0.0 if unit.near is None else float(unit.near[row])


def _size(chosen: Sequence[_Unit]) -> int:
    lists = {unit.rank for unit in chosen if unit.mark}
    return sum(not unit.mark for unit in chosen) + len(lists)


def _with_context(unit: _Unit, answers: Sequence[_Unit]) -> list[_Unit]:
    """A sentence with the one it leans on; a step with all steps of its list and their lead-in."""
    own = [one for one in answers if one.rank == unit.rank]
    start = end = own.index(unit)
    if unit.mark or unit.text.endswith(":"):
        while start > 0 and own[start].mark:
            start -= 1
        while end + 1 < len(own) and own[end + 1].mark:
            end += 1
    while start > 0 and (_LEANS_BACK.match(own[start].text) or _SAME_AS.search(own[start].text)):
        start -= 1
    return own[start : end + 1]


def _repeats(unit: _Unit, chosen: Sequence[_Unit]) -> bool:
    """Two articles may say the same thing; say it once."""
    mine = set(content(unit.text))
    return any(
        one.rank != unit.rank
        and len(mine & set(content(one.text))) > 0.6 * min(len(mine), len(set(content(one.text))))
        for one in chosen
    )


def _open_questions(query: Query, units: Sequence[_Unit]) -> list[str]:
    """The customer's questions that no sentence of the passages comes near; asked only if there are several."""
    asked = _asked(query)
    rows = [unit.near for unit in units if unit.near is not None]
    if len(asked) < 2 or not rows:
        return []
    best = np.max(np.stack(rows), axis=0)
    return [query.parts[row] for row in asked if float(best[row]) < _OPEN_BELOW]


def _asked(query: Query) -> list[int]:
    """The rows that are questions; the first row is the whole message."""
    return [row for row, part in enumerate(query.parts) if row and part.endswith("?")]


def _result(
    request: DraftRequest,
    chosen: Sequence[_Unit],
    pool: Sequence[Passage],
    still_open: Sequence[str],
    model: str,
) -> DraftResult:
    body = _frame(request, _answer(chosen), canned=pool[0].kind == "canned")
    notes = tuple(_notes(request, pool[0], still_open))
    return DraftResult(body, request.language, model, notes=notes, confidence=pool[0].score)


def _answer(chosen: Sequence[_Unit]) -> list[DraftSentence]:
    answer: list[DraftSentence] = []
    before: _Unit | None = None
    for unit in chosen:
        lead = "\n\n" if before is None or before.rank != unit.rank else "\n" if unit.mark else " "
        if before is not None and before.mark and not unit.mark:
            lead = "\n\n"
        text = f"{unit.mark} {unit.text}" if unit.mark else unit.text[0].upper() + unit.text[1:]
        answer.append(DraftSentence(text, (unit.passage.source_id,), Kind.ANSWER, lead))
        before = unit
    return answer


def _frame(
    request: DraftRequest, answer: Sequence[DraftSentence], *, canned: bool
) -> tuple[DraftSentence, ...]:
    """Greeting, thanks (not when brief), answer, offer (when warm), sign-off."""
    frame = phrases(request.language)
    tone = request.tone
    parts = [DraftSentence(greeting(request.language, tone, request.customer_name), (), Kind.GREETING, "")]
    # A canned reply has its own first words.
    if tone is not Tone.BRIEF and not canned:
        parts.append(DraftSentence(frame.thanks, (), Kind.COURTESY, "\n\n"))
    parts += answer
    if tone is Tone.WARM:
        parts.append(DraftSentence(frame.offer, (), Kind.COURTESY, "\n\n"))
    if request.with_closing:
        sign_off = frame.sign_off_warm if tone is Tone.WARM else frame.sign_off
        parts.append(DraftSentence(sign_off, (), Kind.CLOSING, "\n\n"))
    return tuple(parts)


def _notes(request: DraftRequest, first: Passage, still_open: Sequence[str]) -> list[Note]:
    notes = [Note(NoteCode.OPEN_QUESTION, part) for part in still_open]
    if first.language and first.language != request.language:
        notes.append(Note(NoteCode.OTHER_LANGUAGE, first.language))
    if request.language not in LANGUAGES:
        notes.append(Note(NoteCode.GREETING_LANGUAGE, request.language))
    return notes
