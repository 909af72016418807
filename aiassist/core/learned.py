"""What drafts taught, as small numbers: a weight for a passage, caution for a topic. Needs no database.

Both follow from the lessons alone: the same lessons give the same numbers, none gives none.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aiassist.core.drafts import Passage
from aiassist.core.text import words

#: The most that lessons move a passage, either way; nearness goes from 0 to about 1.2.
MOST = 0.05
#: The most by which a topic asks for nearer passages. It never asks for less near ones.
MOST_CAUTION = 0.06
#: Lessons that count as "nobody knows yet", so that one alone moves little.
PRIOR, TOPIC_PRIOR = 4, 8
#: Passages that are looked at before the best are taken.
LOOK_AT, TAKE = 12, 6
#: Up to this share of changed words an edited draft was of use.
SMALL_CHANGE = 0.5
_LONGEST = 2_000

#: Why a draft was rejected, and what that says about its sources: tone and language say nothing.
REASONS = {
    "wrong_source": -1.0,
    "not_true": -1.0,
    "incomplete": -0.5,
    "tone": None,
    "language": None,
    "": -0.5,
}


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights by `passage_key`, caution by topic; empty where nothing was learned."""

    weights: Mapping[str, float] = field(default_factory=dict)
    caution: Mapping[str, float] = field(default_factory=dict)


NOTHING = Learned()


def weight(total: float, n: int) -> float:
    """What `n` lessons that sum up to `total` move a passage by: never more than MOST."""
    return round(MOST * max(-n, min(n, total)) / (n + PRIOR), 4) if n > 0 else 0.0


def caution(total: float, n: int) -> float:
    """By how much a topic with these lessons asks for nearer passages: 0 where drafts helped more than they harmed."""
    return round(MOST_CAUTION * max(0.0, min(n, -total)) / (n + TOPIC_PRIOR), 4) if n > 0 else 0.0


def passage_key(title: str, text: str) -> str:
    """Names a passage by its words: once somebody corrects it, it begins anew."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:16]


def adjust(passages: Sequence[Passage], learned: Learned, topic: str = "") -> tuple[Passage, ...]:
    """The best passages once lessons count, best first; their scores say by how much they moved."""
    less = learned.caution.get(topic, 0.0)
    if not learned.weights and not less:
        return tuple(passages[:TAKE])
    moved = [
        replace(
            one, score=round(one.score + learned.weights.get(passage_key(one.title, one.text), 0.0) - less, 4)
        )
        for one in passages
    ]
    return tuple(sorted(moved, key=lambda one: -one.score)[:TAKE])


def value_of(became: str, changed: float | None, reason: str = "") -> float | None:
    """What a draft that was used, edited or rejected says about its sources, -1 to 1; None where it says nothing."""
    if became == "used":
        return 1.0
    if became == "edited":
        return 0.5 if changed is not None and changed <= SMALL_CHANGE else 0.0
    if became == "rejected":
        return REASONS.get(reason, -0.5)
    return None


def changed_share(draft: str, sent: str) -> float:
    """The share of words that differ between a draft and what was sent, 0 to 1 (1 minus the ratio of difflib)."""
    before, after = words(draft)[:_LONGEST], words(sent)[:_LONGEST]
    if not before and not after:
        return 0.0
    return round(1 - difflib.SequenceMatcher(None, before, after, autojunk=False).ratio(), 4)
