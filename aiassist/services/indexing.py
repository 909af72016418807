"""Passages to retrieve from: kept in step with articles and canned replies, gone at once when unpublished."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.cache import cache
from django.db.models import Max, Q

from aiassist.core.embed import Vectors, default_embedder
from aiassist.core.retrieve import Piece, chunk, index_text
from aiassist.models import Passage
from aiassist.shipping import EMBEDDER, PROVIDER
from governance import gate
from governance.core.facts import GateRequest, SystemRef
from governance.core.vocabulary import Action
from helpdesk.tenancy.scope import current_organization_id, organization_scope
from tickets.models import Article, ArticleStatus, CannedReply

#: Seconds for which a no of the rules is taken as still standing.
ASK_AGAIN_AFTER = 600


@dataclass(frozen=True)
class _Source:
    """An article or canned reply as it should stand in the index."""

    field: str
    pk: int
    title: str
    language: str
    updated_at: datetime
    pieces: tuple[Piece, ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr((self.title, self.language, self.pieces)).encode()).hexdigest()


def index_organization(organization_id: UUID) -> int:
    """Bring the passages in step; returns how many sources were embedded anew.

    Reads and writes in two short scopes and embeds between them; running it twice changes nothing.
    """
    with organization_scope(organization_id):
        drop_withdrawn()
        stale = _stale_sources()
        if stale and not _may_read():
            return 0
    vectors: list[Vectors | list[list[float]]] = [
        default_embedder().embed([index_text(source.title, piece) for piece in source.pieces])
        if source.pieces
        else []
        for source in stale
    ]
    with organization_scope(organization_id):
        for source, rows in zip(stale, vectors, strict=True):
            _replace(source, rows)
    return len(stale)


def _may_read() -> bool:
    """Ask the rules before articles are read for meaning; after a no it is asked again some minutes later."""
    denied = f"index-denied:{current_organization_id()}"
    if gate.policy_in_force() is None or cache.get(denied):
        return False  # nobody is asked again every minute
    request = GateRequest(
        action=Action.INDEX,
        concerns_customer=False,
        system=SystemRef(provider=PROVIDER, model=EMBEDDER, external=False),
        fields=frozenset({"articles", "canned_replies"}),
    )
    allowed = gate.check(request, subject_kind="index", subject_id=0, customer=None).allowed
    if not allowed:
        cache.set(denied, 1, ASK_AGAIN_AFTER)
    return allowed


def drop_withdrawn() -> None:
    """Passages of articles that are not published (any more) go."""
    Passage.objects.filter(article__isnull=False).exclude(article__status=ArticleStatus.PUBLISHED).delete()


def _stale_sources() -> list[_Source]:
    known: dict[tuple[str, int], datetime] = {}
    for field in ("article", "canned_reply"):
        rows = (
            Passage.objects.filter(**{f"{field}__isnull": False})
            .values_list(field)
            .annotate(Max("source_updated_at"))
        )
        known.update({(field, pk): updated for pk, updated in rows})
    stale = [one for one in _sources() if known.get((one.field, one.pk)) != one.updated_at]
    return sorted(stale, key=lambda one: (one.field, one.pk))  # everybody locks them in one order


def _sources() -> Iterable[_Source]:
    for article in Article.objects.filter(status=ArticleStatus.PUBLISHED):
        pieces = chunk(article.body)
        yield _Source("article", article.pk, article.title, article.language, article.updated_at, pieces)
    for reply in CannedReply.objects.all():
        yield _Source(
            "canned_reply", reply.pk, reply.title, reply.language, reply.updated_at, chunk(reply.body)
        )


def _replace(source: _Source, vectors: Iterable[list[float]]) -> None:
    """Swap a source's passages, unless it was withdrawn or edited while we embedded.

    Locks the source: two workers that embedded the same one follow each other, and the later one's passages stay.
    """
    model = Article if source.field == "article" else CannedReply
    wanted = Q(pk=source.pk, updated_at=source.updated_at)
    if source.field == "article":
        wanted &= Q(status=ArticleStatus.PUBLISHED)
    if not model.objects.select_for_update().filter(wanted).values_list("pk"):
        return
    Passage.objects.filter(**{source.field: source.pk}).delete()
    Passage.objects.bulk_create(
        Passage(
            **{f"{source.field}_id": source.pk},
            position=position,
            title=source.title,
            text=piece.text,
            language=source.language,
            content_hash=source.digest,
            vector=list(map(float, vector)),
            source_updated_at=source.updated_at,
        )
        for position, (piece, vector) in enumerate(zip(source.pieces, vectors, strict=True))
    )
