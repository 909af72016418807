"""How good drafts are on test questions: finds, lets an AI write, judges. The release's own set runs offline."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from aiassist import egress
from aiassist.core import retrieve, rubric
from aiassist.core.drafts import DraftRequest, DraftResult, NoDraft, Passage
from aiassist.core.embed import Vectors, default_embedder
from aiassist.core.prompts import VERSION as PROMPT_VERSION
from aiassist.core.rubric import Golden, Judged
from aiassist.evaluation import EvaluationError
from aiassist.evaluation.starter_tickets import QUESTIONS, SHELF

Write = Callable[[DraftRequest], DraftResult | NoDraft]


@dataclass(frozen=True, eq=False)
class Sources:
    """Passages in reach with their vectors, one row each."""

    passages: tuple[Passage, ...]
    vectors: Vectors
    titles: Vectors | None = None


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `evaluate drafts`."""
    parser.add_argument(
        "--organization",
        metavar="SLUG",
        help="the organization's own test questions, with the AI services that it uses; needs the database",
    )


def run(options: Mapping[str, Any]) -> dict[str, object]:
    """The figures of the release's set with the built-in assistant, or of an organization's for each AI in use."""
    if options.get("organization"):
        return _of_organization(str(options["organization"]))
    judged = judge_all(egress.draft_offline, QUESTIONS, starter_shelf())
    return {
        "system": "/".join(egress.BUILT_IN),
        "version": PROMPT_VERSION,
        "set": rubric.set_hash(QUESTIONS),
        **rubric.figures(judged),
    }


def _of_organization(slug: str) -> dict[str, object]:
    from aiassist.services import golden  # needs the database, which the release's set does not

    found = golden.run_for_slug(slug)
    if found is None:
        raise EvaluationError(f"There is no organization called {slug}.")
    return found


@cache
def starter_shelf() -> Sources:
    """The invented shop's articles, cut and embedded as an organization's are."""
    passages: list[Passage] = []
    vectors: list[Vectors] = []
    for number, (title, body, language) in enumerate(SHELF):
        pieces = retrieve.chunk(body)
        passages += [
            Passage(f"starter-{number}-{row}", piece.text, title, language=language)
            for row, piece in enumerate(pieces)
        ]
        vectors.append(retrieve.embed_passages(title, pieces, default_embedder()))
    titles = default_embedder().embed_sources([one.title for one in passages])
    return Sources(tuple(passages), np.concatenate(vectors), titles)


def judge_all(write: Write, goldens: Sequence[Golden], sources: Sources, **request: Any) -> list[Judged]:
    """Let `write` answer each question from these sources as it would a customer, and judge what comes back."""
    return [judge_one(write, one, sources, **request) for one in goldens]


def judge_one(write: Write, golden: Golden, sources: Sources, **request: Any) -> Judged:
    """One question: find, write, judge. `request` is what else a service is told (tone, values, business)."""
    query = retrieve.make_query(golden.question, default_embedder(), subject=golden.subject)
    asked = DraftRequest(
        question=golden.question,
        subject=golden.subject,
        language=golden.language,
        passages=retrieve.rank(query, sources.passages, sources.vectors, titles=sources.titles),
        query=query,
        **request,
    )
    return rubric.judge(golden, write(asked), asked.passages)
