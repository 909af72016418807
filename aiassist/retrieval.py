"""Which passages a draft may stand on: published articles, canned replies of all inboxes or of the ticket's own."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np
from django.db.models import Count, F, Max, Q, QuerySet, Sum
from numpy.typing import NDArray

from aiassist.core.drafts import Passage as CorePassage
from aiassist.models import Passage
from helpdesk.tenancy.scope import current_organization_id
from tickets.models import ArticleStatus


@dataclass(frozen=True, eq=False)
class Shelf:
    """The passages in reach with their vectors, one row each."""

    passages: tuple[CorePassage, ...]
    vectors: NDArray[np.float32]
    rows: dict[str, dict[str, object]]  # source_id -> what the panel and the customer are shown


BOTH = frozenset({"articles", "canned_replies"})


def shelf_for_inbox(inbox_id: int, kinds: frozenset[str] = BOTH) -> Shelf:
    """Everything of these kinds that may be cited on a ticket of this inbox; exact, no approximate index.

    One query where nothing changed since the last draft: passages are replaced, never edited, so which rows there
    are says what they say. Two otherwise.
    """
    visible = _visible(inbox_id, kinds)
    state = visible.aggregate(rows=Count("pk"), newest=Max("pk"), all=Sum("pk"))
    key = (str(current_organization_id()), inbox_id, kinds, *state.values())
    with _lock:
        known = _shelves.get(key)
    if known is None:
        known = _load(visible)
        _remember(key, known)
    return known


#: Shelves kept per process: 10,000 passages are 15 MB.
_KEPT = 8
#: The width of MiniLM's vectors, as the table has it.
DIMENSIONS = 384
_shelves: OrderedDict[tuple[object, ...], Shelf] = OrderedDict()
_lock = Lock()


def _remember(key: tuple[object, ...], shelf: Shelf) -> None:
    with _lock:
        for old in [one for one in _shelves if one[:3] == key[:3]]:
            del _shelves[old]
        _shelves[key] = shelf
        while len(_shelves) > _KEPT:
            _shelves.popitem(last=False)


def _visible(inbox_id: int, kinds: frozenset[str]) -> QuerySet[Passage]:
    """Published now, or a canned reply of all inboxes or of this one: asked anew for every draft."""
    wanted = Q(pk__in=[])
    published = Q(article__status=ArticleStatus.PUBLISHED)
    replies = Q(canned_reply__isnull=False) & (Q(canned_reply__inbox=None) | Q(canned_reply__inbox=inbox_id))
    if "articles" in kinds:
        wanted |= published
    if "canned_replies" in kinds:
        wanted |= replies
    return Passage.objects.filter(wanted)


def _load(visible: QuerySet[Passage]) -> Shelf:
    rows = list(visible.annotate(slug=F("article__slug")).order_by("pk"))
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
    vectors = np.array([row.vector for row in rows], dtype=np.float32).reshape(len(rows), DIMENSIONS)
    return Shelf(passages, vectors, {str(row.pk): _shown(row) for row in rows})


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
