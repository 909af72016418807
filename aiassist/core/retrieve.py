"""Find the passages that answer a message: exact cosine first, a small bonus for words, codes and names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aiassist.core.drafts import Passage, Query
from aiassist.core.embed import Embedder, Vectors
from aiassist.core.text import content, essence, fold, questions, sentences, word_set

#: A passage of about 110 words: long enough to be an answer, short enough for one meaning.
PASSAGE_LETTERS = 650
#: Below it nothing fits. Chosen on one half of `tests/knowledge.py`, checked on the other: see `test_retrieve.py`.
THRESHOLD = 0.42
LEXICAL_WEIGHT = 0.1
EXACT_BONUS = 0.15
#: The words are compared for the nearest passages only, but codes and names in all of them.
_NEAREST = 24
_RARE = 0.02
_MOST_TERMS = 5

#: Enough of a long mail to know its matter; each token costs a third of a millisecond.
_WHOLE_LETTERS = 360

_PLACEHOLDER = re.compile(r"\[[A-Z]+_\d[\d_]*\]")
#: Capitals that are no names.
_CALENDAR = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december ive ill"
)
_CODE = re.compile(
    r"(?<![\w-])(?=[\w./-]*\d)(?=[\w./-]*[A-Za-z]|\d{4,})[A-Za-z0-9][A-Za-z0-9./-]{2,30}(?<![./-])(?![\w-])"
)
_NAME = re.compile(r"(?<=[a-zß-ÿ,] )[A-ZÄÖÜ][\w'’-]{2,}(?: [A-ZÄÖÜ0-9][\w'’-]*)*")


class Piece(NamedTuple):
    """A passage of a body, with its offsets and the heading above it."""

    text: str
    start: int
    end: int
    heading: str = ""


def chunk(body: str, *, letters: int = PASSAGE_LETTERS) -> tuple[Piece, ...]:
    """Cut a body into passages of whole sentences; a heading starts a new one, a list stays with its lead-in.

    `body[piece.start:piece.end] == piece.text` holds for each.
    """
    pieces: list[Piece] = []
    start = end = -1
    heading = ""
    for part in sentences(body):
        full = start >= 0 and part.end - start > letters and not part.mark
        if start >= 0 and (part.heading or full or part.end - start > 2 * letters):
            pieces.append(Piece(body[start:end], start, end, heading))
            start = -1
        if part.heading:
            heading = part.text
            continue
        start, end = (part.start if start < 0 else start), part.end
    if start >= 0:
        pieces.append(Piece(body[start:end], start, end, heading))
    return tuple(pieces)


def index_text(title: str, piece: Piece) -> str:
    """What is embedded for a passage: its title says what it is about."""
    return "\n".join(part for part in (title, piece.heading, piece.text) if part)


def embed_passages(title: str, pieces: Sequence[Piece], embedder: Embedder) -> Vectors:
    """One row for each passage of a source, to be stored beside it."""
    return embedder.embed([index_text(title, piece) for piece in pieces])


def make_query(message: str, embedder: Embedder, *, subject: str = "") -> Query:
    """Embed a (masked) message as a whole and question by question: a long mail must not drown its question."""
    whole = _PLACEHOLDER.sub(" ", f"{subject}\n{essence(message)}").strip()
    asked = [_PLACEHOLDER.sub(" ", part) for part in questions(message)]
    parts = tuple(dict.fromkeys(part for part in (whole[:_WHOLE_LETTERS], *asked) if part.strip()))
    return Query(whole, parts, embedder.embed(parts))


def rank(
    query: Query,
    passages: Sequence[Passage],
    vectors: Vectors,
    *,
    titles: Vectors | None = None,
    limit: int = 6,
    threshold: float | None = None,
) -> tuple[Passage, ...]:
    """Return the best passages with their score, best first; with a `threshold`, only those above it.

    `vectors` has one row of length one per passage (of `index_text`), and so has `titles` (of the title alone, zero
    where there is none): a question that is asked as the title asks it should not be drowned by a long answer.
    Exact: nothing is approximated.
    """
    if not passages or not query.parts:
        return ()
    scores = np.max(vectors @ query.vectors.T, axis=1)
    if titles is not None:
        scores = np.maximum(scores, np.max(titles @ query.vectors.T, axis=1))
    scores = scores + EXACT_BONUS * _exact(query.text, passages)
    nearest = np.argsort(-scores, kind="stable")[: max(_NEAREST, limit)]
    wanted = set(content(query.text))
    scored = [
        (float(scores[row]) + LEXICAL_WEIGHT * _lexical(wanted, passages[row]), int(row)) for row in nearest
    ]
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    best = [replace(passages[row], score=round(score, 4)) for score, row in scored[:limit]]
    return tuple(one for one in best if threshold is None or one.score >= threshold)


def _lexical(wanted: set[str], passage: Passage) -> float:
    """The share of the message's meaningful words that the passage has."""
    if not wanted:
        return 0.0
    return len(wanted & set(content(f"{passage.title} {passage.text}"))) / max(len(wanted), 3)


def _exact(text: str, passages: Sequence[Passage]) -> Vectors:
    """One for each passage that has a code or name of the message which only few passages have."""
    bonus = np.zeros(len(passages), dtype=np.float32)
    terms = exact_terms(text)
    if not terms:
        return bonus
    # One long run of bytes: lower() and find() go at the speed of memory, a loop over rows does not. Letters beyond
    # ASCII keep their case, in the terms as well.
    everything = "\0".join([f"{one.title}\n{one.text}" for one in passages]).encode().lower()
    ends = np.flatnonzero(np.frombuffer(everything, dtype=np.uint8) == 0)
    most = max(3, int(len(passages) * _RARE))
    for term in terms:
        bonus[_rows_with(term.encode().lower(), everything, ends, most)] = 1.0
    return bonus


def _rows_with(term: bytes, everything: bytes, ends: NDArray[np.intp], most: int) -> list[int]:
    """The rows in which a term stands; none if there are more than `most`, for then it tells nothing."""
    rows: list[int] = []
    place = everything.find(term)
    while place >= 0:
        rows.append(int(np.searchsorted(ends, place, side="right")))
        if len(rows) > most:
            return []
        # On to the next row; the last one has no end mark.
        place = everything.find(term, int(ends[rows[-1]])) if rows[-1] < len(ends) else -1
    return rows


def exact_terms(text: str) -> tuple[str, ...]:
    """Codes (digits with letters, or long numbers) and names (capitals inside a sentence) of a message."""
    without_placeholders = _PLACEHOLDER.sub(" ", text)
    found = [*_CODE.findall(without_placeholders), *_NAME.findall(without_placeholders)]
    terms = list(dict.fromkeys(term for term in found if len(term) > 2 and fold(term) not in _CALENDAR))
    # Each term is looked for in all passages, so one that stands inside another is left out.
    longest = [term for term in terms if not any(term != other and term in other for other in terms)]
    return tuple(longest[:_MOST_TERMS])
