"""What presses a customer, found by meaning and words together: a small model over sentences, made by our own texts.

It finds what no list of words foresees, and needs the sentence embedding; `governance.core.pressure` is the part that
needs nothing. Learn anew with `python -m aiassist.training.pressure`, measure with `manage.py evaluate pressure`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aiassist.core.embed import Vectors, default_embedder
from governance.core.pressure import HINDER, UPSELL, folded, leaves, pressure, shops, signs

MODEL = Path(__file__).parent / "data" / "pressing.npz"
#: How much the meaning of a sentence weighs beside each of its signs.
MEANING_WEIGHS = 4.0
#: From this sum on a sentence presses. Chosen by cross-validation on the texts for training.
THRESHOLD = 0.1
_END = re.compile(r"(?<=[.!?…])\s+|\s*\n\s*")
_LEAST_LETTERS = 12


@dataclass(frozen=True, eq=False)
class Model:
    """The signs that count, in order, and a column of weights for pressing at all and for each kind."""

    signs: tuple[str, ...]
    kinds: tuple[str, ...]
    weights: NDArray[np.float32]

    def sums(self, parts: Sequence[str], *, drafted: bool = False) -> Vectors:
        """One row for each sentence: pressing at all first, then each kind."""
        rows = np.hstack(
            [features(parts, self.signs, drafted=drafted), np.ones((len(parts), 1), dtype=np.float32)]
        )
        return np.asarray(rows @ self.weights, dtype=np.float32)


def pressing(text: str, asked: str = "") -> frozenset[str]:
    """The kinds of pressure in a text, by words and by meaning; `asked` is what the customer wrote."""
    parts = [part for part in _END.split(text) if len(part) >= _LEAST_LETTERS]
    return pressure(text, asked).union(*by_meaning(parts, asked))


def by_meaning(parts: Sequence[str], asked: str = "", *, drafted: bool = False) -> list[frozenset[str]]:
    """The kinds that each sentence comes near to. One run of the embedding for all.

    `drafted`: the sentences are masked and mostly from articles, so their vectors may be remembered.
    """
    if not parts:
        return []
    model, leaving = _model(), leaves(asked)
    without = (set() if leaving else {HINDER}) | ({UPSELL} if shops(asked) and not leaving else set())
    return [
        frozenset({model.kinds[int(np.argmax(row[1:]))]} - without) if row[0] >= THRESHOLD else frozenset()
        for row in model.sums(parts, drafted=drafted)
    ]


def features(parts: Sequence[str], named: Sequence[str], *, drafted: bool = False) -> Vectors:
    """Whether each sign is in a sentence, and what the sentence means."""
    found = [signs(folded(part)) for part in parts]
    said = np.array([[float(name in one) for name in named] for one in found], dtype=np.float32)
    embedder = default_embedder()
    meant = embedder.embed_sources(parts) if drafted else embedder.embed(parts)
    return np.hstack([said, MEANING_WEIGHS * meant])


@cache
def _model() -> Model:
    with np.load(MODEL, allow_pickle=False) as stored:
        named, kinds = (tuple(map(str, stored[name])) for name in ("signs", "kinds"))
        return Model(named, kinds, stored["weights"].astype(np.float32))
