"""The built-in help: a shorter text and a summary out of the sentences that are there; not a word is made up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aiassist.core.commitments import commitments, is_neutral, negations
from aiassist.core.drafts import DraftSentence, Kind
from aiassist.core.embed import Embedder
from aiassist.core.ground import numbers
from aiassist.core.helping import HelpKind, HelpRequest, HelpResult, Piece
from aiassist.core.text import content, essence, questions, sentences

#: What the built-in assistant can do by itself; for the rest somebody has to write.
HELPS = frozenset({HelpKind.SHORTER, HelpKind.SUMMARY})
#: A shorter text keeps at most this share of the words, where that leaves out nothing that must be said.
SHARE = 0.6
#: Two sentences that are this near say the same.
SAME = 0.82
MOST_POINTS = 6


def help_with(request: HelpRequest, embedder: Embedder, model: str) -> HelpResult:
    """The result; without sentences where nothing can honestly be left out or summed up."""
    if request.kind is HelpKind.SUMMARY:
        found = _summary(request.pieces, embedder)
    else:
        found = _shorter(request.pieces[0], embedder)
    return HelpResult(tuple(found), request.language, model)


# Shorter


def _shorter(piece: Piece, embedder: Embedder) -> list[DraftSentence]:
    """The text without courtesies, repetitions and what is beside the point; numbers, promises and questions stay."""
    paragraphs = [one for one in piece.text.split("\n\n") if one.strip()]
    rows = [(number, part) for number, text in enumerate(paragraphs) for part in sentences(text)]
    body = [index for index, (_, part) in enumerate(rows) if not is_neutral(part.text)]
    if len(body) < 2:
        return []
    vectors = embedder.embed([rows[index][1].text for index in body])
    kept = _kept([rows[index][1].text for index in body], vectors)
    frame = {index for index in (0, len(rows) - 1) if index not in body}  # greeting and sign-off
    chosen = sorted({body[index] for index in kept} | frame)
    if len(chosen) == len(rows):
        return []
    return _put_together([(rows[index][0], rows[index][1]) for index in chosen], piece.name)


def _kept(texts: Sequence[str], vectors: np.ndarray) -> list[int]:
    """Which sentences stay: the least central go first, until few enough words are left."""
    near = vectors @ vectors.T
    alive = list(range(len(texts)))
    for index in range(len(texts)):
        earlier = [one for one in alive if one < index]
        if (
            earlier
            and max(near[index][one] for one in earlier) > SAME
            and not _must_stay(texts[index], texts)
        ):
            alive.remove(index)
    allowed = SHARE * sum(len(text.split()) for text in texts)
    central = near.mean(axis=1)
    for index in sorted(alive, key=lambda one: float(central[one])):
        if sum(len(texts[one].split()) for one in alive) <= allowed or len(alive) == 1:
            break
        if not _must_stay(texts[index], texts):
            alive.remove(index)
    return alive


def _must_stay(text: str, texts: Sequence[str]) -> bool:
    """What the reader acts on: numbers, promises, links, "not", questions, and "if"."""
    said = {number for one in texts if one is not text for number in numbers(one)}
    return bool(
        numbers(text) - said
        or commitments(text)
        or negations(text)
        or "://" in text
        or "[" in text
        or text.endswith(("?", ":"))
        or text.lower().startswith(("if ", "wenn ", "falls ", "si "))
    )


def _put_together(rows: Sequence[tuple[int, object]], name: str) -> list[DraftSentence]:
    made: list[DraftSentence] = []
    before = -1
    for paragraph, part in rows:
        mark = getattr(part, "mark", "")
        text = f"{mark} {part.text}" if mark else str(part.text)  # type: ignore[attr-defined]
        lead = "" if not made else "\n\n" if paragraph != before else "\n" if mark else " "
        made.append(DraftSentence(text, (name,), Kind.ANSWER, lead))
        before = paragraph
    return made


# Summary


def _summary(pieces: Sequence[Piece], embedder: Embedder) -> list[DraftSentence]:
    """Of each message the sentence that carries it, the newest in full sight; long threads keep begin and end."""
    told = [one for one in pieces if content(essence(one.text))]
    chosen = told if len(told) <= MOST_POINTS else [told[0], *told[-(MOST_POINTS - 1) :]]
    return [
        DraftSentence(text, (piece.name,), Kind.ANSWER, "\n" if number else "")
        for number, piece in enumerate(chosen)
        if (text := _gist(piece, embedder))
    ]


def _gist(piece: Piece, embedder: Embedder) -> str:
    """What the customer asks for, or the sentence that is nearest to the whole message."""
    body = essence(piece.text)
    asked = questions(body, limit=2) if piece.who == "customer" else []
    if asked:
        return " ".join(asked)
    parts = [one.text for one in sentences(body) if len(content(one.text)) >= 2 and not is_neutral(one.text)]
    if len(parts) < 2:
        return parts[0] if parts else " ".join(body.split())[:300]
    vectors = embedder.embed([body[:2_000], *parts[:12]])
    nearest = int(
        np.argmax(vectors[1:] @ vectors[0] + 0.05 * np.array([bool(numbers(one)) for one in parts[:12]]))
    )
    return parts[nearest]
