"""Which passages a draft may stand on: published articles, canned replies and earlier answers of the ticket's inbox."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from django.db.models import Count, F, Max, Q, QuerySet, Sum
from numpy.typing import NDArray

from aiassist.core.drafts import Passage as CorePassage
from aiassist.models import Passage
from helpdesk.people.models import Membership
from helpdesk.people.permissions import visible_inboxes
from helpdesk.tenancy.scope import current_organization_id
from tickets.models import ArticleStatus, CannedReply, Message, Ticket


@dataclass(frozen=True, eq=False)
class Shelf:
    """The passages in reach with their vectors, one row each."""

    passages: tuple[CorePassage, ...]
    vectors: NDArray[np.float32]
    titles: NDArray[np.float32]  # of the titles alone; zeros where there is none
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


#: What a reply to a customer may stand on; the rules name which of them.
SOURCES = frozenset({"articles", "canned_replies", "earlier_answers"})
#: Shelves kept per process: 10,000 passages are 30 MB.
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
    """Published now, a canned reply of all inboxes or of this one, an answer given in this one: asked each time."""
    wanted = Q(pk__in=[])
    published = Q(article__status=ArticleStatus.PUBLISHED)
    replies = Q(canned_reply__isnull=False) & (Q(canned_reply__inbox=None) | Q(canned_reply__inbox=inbox_id))
    if "articles" in kinds:
        wanted |= published
    if "canned_replies" in kinds:
        wanted |= replies
    if "earlier_answers" in kinds:
        wanted |= Q(message__ticket__inbox=inbox_id)
    return Passage.objects.filter(wanted).exclude(text="")


def _load(visible: QuerySet[Passage]) -> Shelf:
    rows = list(visible.annotate(slug=F("article__slug")).order_by("pk"))
    passages = tuple(
        CorePassage(
            source_id=str(row.pk),
            text=row.text,
            title=row.title,
            kind="canned" if row.canned_reply_id else "article" if row.article_id else "earlier",
            language=row.language,
        )
        for row in rows
    )
    return Shelf(
        passages,
        _matrix([row.vector for row in rows]),
        _matrix([row.title_vector if row.title_vector is not None else _NO_TITLE for row in rows]),
        {str(row.pk): _shown(row) for row in rows},
    )


_NO_TITLE = np.zeros(DIMENSIONS, dtype=np.float32)


def _matrix(rows: list[Any]) -> NDArray[np.float32]:
    return np.array(rows, dtype=np.float32).reshape(len(rows), DIMENSIONS)


def _shown(row: Passage) -> dict[str, object]:
    """A source as values, which stay true when the article changes."""
    return {
        "kind": "canned_reply" if row.canned_reply_id else "article" if row.article_id else "earlier_answer",
        "id": row.article_id or row.canned_reply_id or row.message_id,
        "title": row.title,
        "passage": row.text,
        "updated": row.source_updated_at.date().isoformat(),
        "slug": row.slug or "",  # type: ignore[attr-defined]
    }


def may_see(sources: Iterable[Mapping[str, Any]], member: Membership) -> bool:
    """Whether a colleague may see everything that a draft stands on, as it is now. Three queries at most.

    A source that was withdrawn or deleted is one that nobody sees any more.
    """
    wanted: dict[str, set[int]] = {}
    for one in sources:
        wanted.setdefault(str(one.get("kind")), set()).add(int(one.get("id") or 0))
    return all(_visible_ids(kind, ids, member) >= ids for kind, ids in wanted.items())


def _visible_ids(kind: str, ids: set[int], member: Membership) -> set[int]:
    if kind == "article":
        return ids  # published for everybody; where it was withdrawn since, the draft says that it is old
    visible = Ticket.objects.visible_to(member)
    if kind == "canned_reply":
        inboxes = visible_inboxes(member)
        mine = Q() if inboxes is None else Q(inbox=None) | Q(inbox__in=inboxes)
        return set(CannedReply.objects.filter(mine, pk__in=ids).values_list("pk", flat=True))
    answers = Message.objects.filter(pk__in=ids, ticket__in=visible).exclude(text="")
    return set(answers.values_list("pk", flat=True))
