"""The own small set as ranked passages, made once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from aiassist.core import retrieve
from aiassist.core.drafts import Passage
from aiassist.core.embed import Vectors, default_embedder
from aiassist.core.tests.knowledge import ARTICLES


@dataclass(frozen=True, eq=False)
class Shelf:
    """Passages with their vectors."""

    passages: tuple[Passage, ...]
    vectors: Vectors
    titles: Vectors

    def rank(self, text: str) -> tuple[Passage, ...]:
        query = retrieve.make_query(text, default_embedder())
        return retrieve.rank(query, self.passages, self.vectors, titles=self.titles)


@cache
def shelf() -> Shelf:
    """All articles, cut into passages and embedded."""
    passages: list[Passage] = []
    texts: list[str] = []
    for article in ARTICLES:
        for piece in retrieve.chunk(article.body):
            passages.append(Passage(article.id, piece.text, article.title, language=article.language))
            texts.append(retrieve.index_text(article.title, piece))
    titles = default_embedder().embed_sources([one.title for one in passages])
    return Shelf(tuple(passages), default_embedder().embed(texts), titles)
