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
    embedder = default_embedder()
    query = make_query(question, embedder)
    best: dict[int, tuple[float, str, str]] = {}
    for passage in rank(query, shelf.passages, shelf.vectors, limit=_PASSAGES):
        article_id = int(str(shelf.rows[passage.source_id]["id"]))
        best.setdefault(article_id, (passage.score, passage.text, passage.title))
    if not best:
        return {}
    titles = embedder.embed_sources([title for _, _, title in best.values()]) @ query.vectors[0]
    return {
        pk: Meant(min(max((1 - _TITLE_SHARE) * score + _TITLE_SHARE * float(near), 0.0), 1.0), text)
        for (pk, (score, text, _)), near in zip(best.items(), titles, strict=True)
    }
