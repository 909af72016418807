"""Find topics for people by meaning, where no phrase of the rules gives them away: kernel ridge over MiniLM, here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aiassist.core import language
from aiassist.core.embed import default_embedder
from aiassist.core.text import essence, sentences

MODEL = Path(__file__).with_name("sensitive_model.npz")
WIDTH, RIDGE = 2.0, 0.3
#: Of 1,500 public banking questions (Banking77, training file) eight in a hundred are above it.
THRESHOLD = 0.57
#: A long mail is read sentence by sentence; more than these are not looked at.
_MOST_SENTENCES = 8
#: Its wish is honoured for ever, so it is taken from clear words alone.
_BY_WORDS_ONLY = frozenset({"person_please"})

Matrix = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Finder:
    """Vectors of the examples and their weights per topic; the last column is "any of them"."""

    topics: tuple[str, ...]
    examples: Matrix
    weights: Matrix

    def score(self, vectors: Matrix) -> Matrix:
        """One row a text, one column a topic, and one for any."""
        near = np.exp(WIDTH * 2 * (vectors @ self.examples.T - 1))
        return np.asarray(near @ self.weights, dtype=np.float32)


def topics(text: str) -> frozenset[str]:
    """Return the topics, as rules name them, that a message seems to be about; empty for an everyday one.

    Only of English ones: the vectors hardly tell what texts in other languages are about.
    """
    whole = essence(text)[:1_000]
    if language.detect(whole) != "en":
        return frozenset()
    parts = [one.text for one in sentences(whole) if len(one.text) > 12][:_MOST_SENTENCES]
    texts = list(dict.fromkeys(part for part in (whole, *parts) if part.strip()))
    if not texts:
        return frozenset()
    finder = _finder()
    scores = finder.score(default_embedder().embed(texts))
    found = {finder.topics[int(row[:-1].argmax())] for row in scores if row[-1] >= THRESHOLD}
    return frozenset(found - _BY_WORDS_ONLY)


def learn(texts: list[str], labels: list[str], *, fine: str = "fine") -> Finder:
    """Solve for the weights; `fine` is the label of everyday texts."""
    names = tuple(sorted(set(labels) - {fine}))
    examples = default_embedder().embed(texts)
    wanted = np.array([[float(label == name) for name in names] for label in labels], dtype=np.float64)
    wanted = np.column_stack([wanted, wanted.max(axis=1)])
    among = np.exp(WIDTH * 2 * (examples @ examples.T - 1)) + RIDGE * np.eye(len(texts))
    return Finder(names, examples, np.asarray(np.linalg.solve(among, wanted), dtype=np.float32))


@cache
def _finder() -> Finder:
    with np.load(MODEL, allow_pickle=False) as file:
        names = tuple(str(name) for name in file["topics"])
        return Finder(names, file["examples"].astype(np.float32), file["weights"].astype(np.float32))
