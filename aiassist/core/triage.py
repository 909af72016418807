"""Sort a text into one of a business's own topics, say how sure that is, or say nothing.

Kernel ridge regression on two views of MiniLM (plain mean, and a mean in which frequent tokens weigh less), with the
topic's own name as one more example. It is solved in closed form, so that every example's prediction *without itself*
comes for free (leave one out; Rasmussen & Williams, Gaussian Processes for Machine Learning, 2006, 5.4.2). From these
the confidence is calibrated and the threshold is chosen: no text that is judged later takes part in either.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, lapack

from aiassist.core.calibrate import Calibration, calibrate, threshold_for

Matrix = NDArray[np.float32]

#: Width and smoothing of the kernel, and the weight of the second view; chosen on a split of Banking77's training file.
WIDTH, RIDGE, SECOND_VIEW = 2.0, 0.15, 0.3
#: A token that half of the texts have weighs a fiftieth of one that a single text has (Arora et al., ICLR 2017).
_SMOOTH = 1e-3
_TOKENS_PER_TEXT = 12
_VOCABULARY = 30522
#: Work grows with the cube of the examples, so more than these are not looked at.
MOST = 16_000
#: A topic can be learned from this many examples.
FEWEST = 5
PRECISION = 0.95


class TokenEmbedder(Protocol):
    """Whoever makes the two views; a test may stand in for MiniLM."""

    def tokens(self, texts: Sequence[str]) -> list[list[int]]: ...

    def embed_weighted(self, texts: Sequence[str], weights: Matrix) -> tuple[Matrix, Matrix]: ...


@dataclass(frozen=True, slots=True)
class Prediction:
    """A topic with its confidence (0 to 1, calibrated); `topic` is empty where the model rather says nothing.

    `best` is the topic it would have been, `fit` how much the text looks like anything learned (about 0 to 1; low for
    a text from outside), `nearest` the places of the most similar examples of that topic in the training texts.
    """

    topic: str
    best: str
    confidence: float
    fit: float
    nearest: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TopicModel:
    """What was learned: vectors of examples and weights, no words. `threshold` is a confidence."""

    topics: tuple[str, ...]
    token_weights: Matrix  # one per token of the vocabulary
    plain: Matrix  # examples x dimensions
    weighted: Matrix
    solved: Matrix  # examples x topics
    owners: NDArray[np.int32]  # each example's topic
    places: NDArray[np.int32]  # each example's place in the training texts; -1: a topic's name
    calibration: Calibration
    threshold: float
    left_out_accuracy: float
    guessed: NDArray[np.int32]  # what each example would have been called, had it not been seen
    sureness: Matrix  # and with which confidence

    def by_topic(self) -> list[dict[str, object]]:
        """Per topic, of its examples as if unseen: `examples`, `right`, `spoke`, `right_when_spoke`."""
        own = self.owners[self.places >= 0]
        spoke = self.sureness >= self.threshold
        right = self.guessed == own
        return [
            {
                "name": topic,
                "examples": int((own == number).sum()),
                "right": int((right & (own == number)).sum()),
                "spoke": int((spoke & (self.guessed == number)).sum()),
                "right_when_spoke": int((spoke & right & (own == number)).sum()),
            }
            for number, topic in enumerate(self.topics)
        ]

    def predict(self, texts: Sequence[str], embedder: TokenEmbedder) -> list[Prediction]:
        """Return one prediction per text."""
        kernel = _kernel(embedder.embed_weighted(texts, self.token_weights), (self.plain, self.weighted))
        scores = kernel @ self.solved
        confidences = self.calibration.confidence(scores)
        return [
            self._prediction(row, float(confidence), near)
            for row, confidence, near in zip(scores, confidences, kernel, strict=True)
        ]

    def _prediction(self, scores: Matrix, confidence: float, near: Matrix) -> Prediction:
        best = int(scores.argmax())
        topic = self.topics[best] if confidence >= self.threshold else ""
        return Prediction(
            topic, self.topics[best], confidence, float(scores[best]), self._nearest(best, near)
        )

    def _nearest(self, best: int, near: Matrix, how_many: int = 3) -> tuple[int, ...]:
        own = np.flatnonzero((self.owners == best) & (self.places >= 0))
        order = own[np.argsort(-near[own])][:how_many]
        return tuple(int(self.places[one]) for one in order)

    def to_bytes(self) -> bytes:
        """Return the model as a file of arrays; read with `from_bytes`."""
        target = io.BytesIO()
        np.savez_compressed(
            target,
            topics=np.array(self.topics),
            token_weights=self.token_weights,
            plain=self.plain,
            weighted=self.weighted,
            solved=self.solved,
            owners=self.owners,
            places=self.places,
            calibration=np.array(self.calibration.as_numbers()),
            numbers=np.array([self.threshold, self.left_out_accuracy]),
            guessed=self.guessed,
            sureness=self.sureness,
        )
        return target.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> TopicModel:
        """Read what `to_bytes` wrote; nothing in it is ever executed."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            threshold, accuracy = (float(number) for number in file["numbers"])
            return cls(
                topics=tuple(str(topic) for topic in file["topics"]),
                token_weights=file["token_weights"],
                plain=file["plain"],
                weighted=file["weighted"],
                solved=file["solved"],
                owners=file["owners"],
                places=file["places"],
                calibration=Calibration.from_numbers(file["calibration"]),
                threshold=threshold,
                left_out_accuracy=accuracy,
                guessed=file["guessed"],
                sureness=file["sureness"],
            )


def learn(
    texts: Sequence[str], labels: Sequence[str], embedder: TokenEmbedder, *, precision: float = PRECISION
) -> TopicModel:
    """Learn the topics of `labels` from `texts`; raises ValueError where there are fewer than two topics.

    `precision`: of the texts that get a topic, this share should have the right one; the threshold is the lowest
    confidence at which the left-out examples reached it.
    """
    topics = tuple(sorted(set(labels)))
    if len(topics) < 2:
        raise ValueError("Two topics at least are needed to tell them apart.")
    number = {topic: index for index, topic in enumerate(topics)}
    kept = _within(labels)
    owners = np.array([number[labels[place]] for place in kept] + list(range(len(topics))), dtype=np.int32)
    words = [*(texts[place] for place in kept), *(_as_words(topic) for topic in topics)]
    token_weights = _token_weights(embedder.tokens(words[: len(kept)]))
    views = embedder.embed_weighted(words, token_weights)
    solved, left_out = _solve(views, owners, len(topics))
    places = np.array([*kept, *([-1] * len(topics))], dtype=np.int32)
    alone = left_out[: len(kept)]
    calibration, threshold, accuracy = _judge(alone, owners[: len(kept)], precision)
    guessed = np.asarray(alone.argmax(axis=1), dtype=np.int32)
    sureness = np.asarray(calibration.confidence(alone), dtype=np.float32)
    return TopicModel(
        topics,
        token_weights,
        *views,
        solved,
        owners,
        places,
        calibration,
        threshold,
        accuracy,
        guessed,
        sureness,
    )


def _judge(left_out: Matrix, owners: NDArray[np.int32], precision: float) -> tuple[Calibration, float, float]:
    """Return how sure to be, from where on to speak, and how often the left-out examples were right."""
    calibration = calibrate(left_out, owners)
    right = left_out.argmax(axis=1) == owners
    threshold = threshold_for(calibration.confidence(left_out), right, precision)
    return calibration, threshold, float(right.mean())


def _as_words(topic: str) -> str:
    return topic.replace("_", " ").replace("-", " ")


def _token_weights(tokens: Sequence[Sequence[int]]) -> Matrix:
    seen = np.zeros(_VOCABULARY, dtype=np.float32)
    for ids in tokens:
        seen[list(set(ids))] += 1
    share = seen / max(len(tokens), 1) / _TOKENS_PER_TEXT
    return np.asarray(_SMOOTH / (_SMOOTH + share), dtype=np.float32)


def _within(labels: Sequence[str]) -> list[int]:
    """Return the places of the examples to learn from: all, or an equal share per topic where they are too many."""
    if len(labels) <= MOST:
        return list(range(len(labels)))
    seen: Counter[str] = Counter()
    rank = {}
    for place in np.random.default_rng(0).permutation(len(labels)):
        rank[int(place)] = seen[labels[place]]
        seen[labels[place]] += 1
    return sorted(sorted(rank, key=lambda place: rank[place])[:MOST])


def _kernel(left: tuple[Matrix, Matrix], right: tuple[Matrix, Matrix]) -> Matrix:
    first = np.exp(WIDTH * 2 * (left[0] @ right[0].T - 1))
    second = np.exp(WIDTH * 2 * (left[1] @ right[1].T - 1))
    return np.asarray((1 - SECOND_VIEW) * first + SECOND_VIEW * second, dtype=np.float32)


def _solve(views: tuple[Matrix, Matrix], owners: NDArray[np.int32], topics: int) -> tuple[Matrix, Matrix]:
    """Return the weights per example and topic, and each example's scores as if it had not been seen.

    About n^3 multiplications for n examples (10,000: half a minute on two cores), one matrix of n x n in memory.
    """
    among = _kernel(views, views)
    among[np.diag_indices(len(among))] += RIDGE
    wanted = np.eye(topics, dtype=np.float32)[owners]
    factor, lower = cho_factor(among, lower=True, overwrite_a=True, check_finite=False)
    solved = np.asarray(cho_solve((factor, lower), wanted, check_finite=False), dtype=np.float32)
    inverse, failed = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed:
        raise ValueError("The examples cannot be told apart numerically.")
    left_out = wanted - solved / np.diag(inverse)[:, None]
    return solved, np.asarray(left_out, dtype=np.float32)
