"""Tells the help centre which articles are near a question in meaning: local vectors, and nothing is written."""

from __future__ import annotations

from aiassist.core.embed import default_embedder
from aiassist.core.retrieve import make_query, rank
from aiassist.retrieval import shelf_for_inbox
from tickets.finding import Meant

#: Passages looked at; an article of several counts by its best.
_PASSAGES = 60
_ARTICLES = frozenset({"articles"})
#: No inbox: a visitor sees articles only.
_NOWHERE = 0
#: A title is often a question itself, so it is compared by itself too.
_TITLE_SHARE = 0.4


def by_meaning(question: str) -> dict[int, Meant]:
    """The nearest published articles with the passage that is nearest; one query where the index did not change."""
    shelf = shelf_for_inbox(_NOWHERE, _ARTICLES)
    if not shelf.passages:
        return {}
    query = make_query(question, default_embedder())
    title_of = {one.source_id: row for one, row in zip(shelf.passages, shelf.titles, strict=True)}
    best: dict[int, tuple[float, str, float]] = {}
    for passage in rank(query, shelf.passages, shelf.vectors, limit=_PASSAGES):
        article_id = int(str(shelf.rows[passage.source_id]["id"]))
        near = float(title_of[passage.source_id] @ query.vectors[0])
        best.setdefault(article_id, (passage.score, passage.text, near))
    return {
        pk: Meant(min(max((1 - _TITLE_SHARE) * score + _TITLE_SHARE * near, 0.0), 1.0), text)
        for pk, (score, text, near) in best.items()
    }
