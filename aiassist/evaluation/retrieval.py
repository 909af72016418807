"""How often the right article comes first, with the passages, vectors and ranking that drafts stand on."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aiassist.core.drafts import Passage
from aiassist.core.embed import DIMENSIONS, Vectors, default_embedder
from aiassist.core.retrieve import chunk, embed_passages, make_query, rank
from aiassist.evaluation import EvaluationError

#: So many passages are ranked that ten articles are among them even where one article fills several places.
_DEEP = 60


@dataclass(frozen=True, eq=False)
class _Index:
    passages: tuple[Passage, ...]
    vectors: Vectors
    titles: Vectors


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `evaluate retrieval`."""
    parser.add_argument("--documents", required=True, metavar="JSON", help="[{id, title, body}]")
    parser.add_argument("--queries", required=True, metavar="JSON", help="[{text, relevant: [id]}]")


def run(options: Mapping[str, Any]) -> dict[str, object]:
    """Return the share of queries with a right article first and among five, the mean reciprocal rank, and the cost."""
    documents, queries = (
        _list(options["documents"], ("id", "body")),
        _list(options["queries"], ("text", "relevant")),
    )
    index = _index(documents)
    _places(index, queries[:1])  # load the model before the clock runs
    began = time.process_time()
    places = _places(index, queries)
    cpu = time.process_time() - began
    found = np.array([place for place in places if place])
    return {
        "recall_at_1": float(np.sum(found == 1) / len(queries)),
        "recall_at_5": float(np.sum(found <= 5) / len(queries)),
        "mrr_at_10": float(np.sum(1 / found) / len(queries)),
        "zero_hit_share": places.count(0) / len(queries),
        "cpu_ms_per_query": cpu * 1000 / len(queries),
    }


def _places(index: _Index, queries: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return for each query the place of the first right article, 1 to 10, and 0 where there is none among ten."""
    places = []
    for query in queries:
        relevant = {str(one) for one in query["relevant"]}
        ranked = rank(
            make_query(str(query["text"]), default_embedder()),
            index.passages,
            index.vectors,
            titles=index.titles,
            limit=_DEEP,
        )
        articles = list(dict.fromkeys(passage.source_id for passage in ranked))[:10]
        places.append(next((place for place, one in enumerate(articles, start=1) if one in relevant), 0))
    return places


def _index(documents: Sequence[Mapping[str, Any]]) -> _Index:
    passages: list[Passage] = []
    vectors: list[Vectors] = []
    titles: list[Vectors] = []
    for document in documents:
        title, body = str(document.get("title") or ""), str(document["body"] or "")
        pieces = chunk(body or title)
        if not pieces:
            continue
        passages.extend(Passage(str(document["id"]), piece.text, title) for piece in pieces)
        vectors.append(embed_passages(title, pieces, default_embedder()))
        one = default_embedder().embed([title])[0] if title else np.zeros(DIMENSIONS, dtype=np.float32)
        titles.append(np.tile(one, (len(pieces), 1)))
    if not passages:
        raise EvaluationError("No document has a text: give [{id, title, body}].")
    return _Index(tuple(passages), np.concatenate(vectors), np.concatenate(titles))


def _list(path: str, needed: Sequence[str]) -> list[dict[str, Any]]:
    try:
        rows = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path} cannot be read: give a JSON list in UTF-8.") from error
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise EvaluationError(f"{path} is not a list of objects.")
    for name in needed:
        if any(name not in row for row in rows):
            raise EvaluationError(f"{path}: an object has no `{name}`.")
    return rows
