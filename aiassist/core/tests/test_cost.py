"""What one draft costs in CPU, apart from any AI service: at most 150 ms (design.md, section 7)."""

from __future__ import annotations

import random
import sys
import time

import numpy as np
import pytest

from aiassist.core import ground, language, redact, retrieve, sensitive
from aiassist.core.drafts import DraftRequest, DraftResult, Passage
from aiassist.core.embed import DIMENSIONS, MiniLM, Vectors
from aiassist.core.providers.builtin import BuiltIn
from aiassist.core.tests.knowledge import ARTICLES
from aiassist.core.tests.shelf import shelf

CHUNKS = 10_000
BAR_MS = 150.0
#: Shared cores raise CPU time too (caches); `make bench` holds the bar itself, this finds what got several times dearer.
NOISE = 3.0
MAIL = """Dear team,

I bought the blue dress in your shop last week (order 4029384, paid with my card 4111 1111 1111 1111) and it arrived
on Tuesday. Unfortunately it does not suit me at all, the colour is different from the picture and I am between two
sizes. My name is Anna Müller, you can reach me at anna@example.com or 0171 2345678.

How long do I have to return it, and when will I get my refund? Also, does delivery to Austria cost more?

Kind regards
Anna Müller"""
#: Every run asks something else, so that no answer's sentences are remembered from the one before.
QUESTIONS = (
    "How long do I have to return it?",
    "Can I change the date of my flight?",
    "Is my dog allowed in the cabin?",
    "How long is a gift card valid?",
    "Are the Vela boots true to size?",
    "When can I check in online?",
    "How should I wash my wool sweater?",
    "Can I pay in instalments?",
)


def large_shelf() -> tuple[tuple[Passage, ...], Vectors]:
    """The own articles among ten thousand passages of made-up words."""
    luck = random.Random(7)
    words = sorted({word for article in ARTICLES for word in article.body.split()})
    own = shelf()
    extra = CHUNKS - len(own.passages)
    filler = tuple(
        Passage(f"x{number}", " ".join(luck.choices(words, k=90)), "Other") for number in range(extra)
    )
    noise = np.random.default_rng(7).normal(size=(extra, DIMENSIONS)).astype(np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    return own.passages + filler, np.vstack([own.vectors, noise])


class Clock:
    """CPU milliseconds by step."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self._last = time.process_time()

    def lap(self, name: str) -> None:
        now = time.process_time()
        self.steps[name] = self.steps.get(name, 0.0) + (now - self._last) * 1000
        self._last = now


def one_draft(mail: str, model: MiniLM, passages: tuple[Passage, ...], vectors: Vectors) -> dict[str, float]:
    clock = Clock()
    sensitive.topics(mail)
    language.detect(mail)
    clock.lap("topics, language")
    masked = redact.mask(mail, known=[redact.KnownPerson("Anna Müller", ("anna@example.com",))])
    clock.lap("redact")
    query = retrieve.make_query(masked.text, model)
    clock.lap("embed")
    # As many titles as passages: the most it costs.
    best = retrieve.rank(query, passages, vectors, titles=vectors)
    clock.lap("rank 10,000")
    result = BuiltIn(model).draft(DraftRequest(masked.text, best, query=query))
    clock.lap("compose")
    assert isinstance(result, DraftResult)
    ground.check(result.sentences, best)
    redact.restore(result.body, masked.mapping)
    clock.lap("ground, restore")
    return clock.steps


@pytest.mark.slow
def test_cpu_of_one_draft() -> None:
    passages, vectors = large_shelf()
    model = MiniLM()
    one_draft(MAIL, model, passages, vectors)  # loads the model
    runs: list[dict[str, float]] = []
    for question in QUESTIONS:
        model._remembered.clear()
        runs.append(
            one_draft(MAIL.replace("How long do I have to return it,", question), model, passages, vectors)
        )
    middle = {step: float(np.median([run[step] for run in runs])) for step in runs[0]}
    total = float(np.median([sum(run.values()) for run in runs]))
    lines = [f"{step:<18}{value:7.1f} ms" for step, value in middle.items()]
    sys.stdout.write(
        "\n" + "\n".join([*lines, f"{'one draft':<18}{total:7.1f} ms CPU (bar {BAR_MS:.0f})"]) + "\n"
    )
    # Other work on the machine makes cold caches and a slower clock: the quieter runs are the ones that tell.
    assert float(np.percentile([sum(run.values()) for run in runs], 25)) <= BAR_MS * NOISE
