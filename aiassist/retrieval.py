"""Which passages a draft may stand on: published articles, canned replies of all inboxes or of the ticket's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models import F, Q
from numpy.typing import NDArray

from aiassist.core.drafts import Passage as CorePassage
from aiassist.models import Passage
from tickets.models import ArticleStatus


@dataclass(frozen=True, eq=False)
class Shelf:
    """The passages in reach with their vectors, one row each."""

    passages: tuple[CorePassage, ...]
    vectors: NDArray[np.float32]
    rows: dict[str, dict[str, object]]  # source_id -> what the panel and the customer are shown


def shelf_for_inbox(inbox_id: int) -> Shelf:
    """Everything that may be cited on a ticket of this inbox. One query, exact: no approximate index."""
    published = Q(article__status=ArticleStatus.PUBLISHED)
    replies = Q(canned_reply__isnull=False) & (Q(canned_reply__inbox=None) | Q(canned_reply__inbox=inbox_id))
    rows = list(Passage.objects.filter(published | replies).annotate(slug=F("article__slug")).order_by("pk"))
    passages = tuple(
        CorePassage(
            source_id=str(row.pk),
            text=row.text,
            title=row.title,
            kind="article" if row.article_id else "canned",
            language=row.language,
        )
        for row in rows
    )
    vectors = np.array(
        [row.vector.to_numpy() if hasattr(row.vector, "to_numpy") else row.vector for row in rows],
        dtype=np.float32,
    )
    return Shelf(passages, vectors.reshape(len(rows), -1), {str(row.pk): _shown(row) for row in rows})


def _shown(row: Passage) -> dict[str, object]:
    """A source as values, which stay true when the article changes."""
    return {
        "kind": "article" if row.article_id else "canned_reply",
        "id": row.article_id or row.canned_reply_id,
        "title": row.title,
        "passage": row.text,
        "updated": row.source_updated_at.date().isoformat(),
        "slug": row.slug or "",  # type: ignore[attr-defined]
    }
