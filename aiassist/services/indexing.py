"""Passages to retrieve from: kept in step with articles, canned replies and answers, gone at once when withdrawn."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max, Q

from aiassist.core.embed import DIMENSIONS, Vectors, default_embedder
from aiassist.core.retrieve import Piece, chunk, index_text
from aiassist.models import Passage
from aiassist.reading import rules
from aiassist.services import earlier_answers
from aiassist.shipping import EMBEDDER, PROVIDER
from governance import gate
from governance.core.facts import GateRequest, SystemRef
from governance.core.vocabulary import Action
from helpdesk.people.models import Customer
from helpdesk.tenancy.scope import current_organization_id, organization_scope
from tickets.models import Article, ArticleStatus, CannedReply, Message

#: Seconds for which a no of the rules is taken as still standing.
ASK_AGAIN_AFTER = 600
#: Earlier answers read in one run; the next run takes the next ones.
AT_ONCE = 200


@dataclass(frozen=True)
class _Source:
    """An article, canned reply or earlier answer as it should stand in the index."""

    field: str
    pk: int
    title: str
    language: str
    updated_at: datetime
    pieces: tuple[Piece, ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr((self.title, self.language, self.pieces)).encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class _Vectors:
    """What a source means: one row a piece, and its title alone (None where it has none)."""

    pieces: Vectors
    title: Vectors | None


def index_organization(organization_id: UUID) -> int:
    """Bring the passages in step; returns how many sources were embedded anew.

    Reads and writes in short scopes and embeds between them; running it twice changes nothing.
    """
    with organization_scope(organization_id):
        drop_withdrawn()
        stale = _stale_sources()
        if stale and not _may_read():
            stale = []
        answers = _new_answers()
    meanings = [_embed(source) for source in stale]
    with organization_scope(organization_id):
        for source, vectors in zip(stale, meanings, strict=True):
            _replace(source, vectors)
    return len(stale) + _index_answers(organization_id, answers)


def _embed(source: _Source) -> _Vectors:
    embedder = default_embedder()
    pieces = embedder.embed([index_text(source.title, piece) for piece in source.pieces])
    return _Vectors(pieces, embedder.embed([source.title])[0] if source.title else None)


def _new_answers() -> list[_Source]:
    """Earlier answers to read: masked and cut; none where the rules do not name them. Drops those that may not stay."""
    if earlier_answers.FIELD not in rules().ai_fields:
        earlier_answers.drop_unwanted(())
        return []
    may_stay = earlier_answers.allowed(earlier_answers.eligible(), record=False)
    earlier_answers.drop_unwanted(one.pk for one in may_stay)
    known = set(Passage.objects.filter(message__isnull=False).values_list("message_id", flat=True))
    new = [one for one in may_stay if one.pk not in known][:AT_ONCE]
    may_read = earlier_answers.allowed(new, record=True) if new else []
    texts = earlier_answers.texts_of(may_read)
    return [
        _Source("message", one.pk, "", one.language or one.ticket.language, one.sent_at, chunk(texts[one.pk]))
        for one in may_read
        if one.sent_at is not None
    ]


def _index_answers(organization_id: UUID, answers: list[_Source]) -> int:
    """Keep them, but for whose customer said no while we embedded; the lock makes a no come before or after."""
    meanings = {source.pk: _embed(source) for source in answers}
    if not answers:
        return 0
    with organization_scope(organization_id), transaction.atomic():
        rows = list(Message.objects.select_related("ticket").filter(pk__in=meanings).order_by("pk"))
        customers = frozenset().union(*earlier_answers.concerned(rows).values())
        list(Customer.objects.select_for_update().filter(pk__in=customers).order_by("pk").values_list("pk"))
        may_stay = {one.pk for one in earlier_answers.allowed(rows, record=False)}
        for source in answers:
            if source.pk in may_stay:
                _keep(source, meanings[source.pk])
    return len(answers)


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
            .exclude(title_vector=None, title__gt="")
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


def _replace(source: _Source, vectors: _Vectors) -> None:
    """Swap a source's passages, unless it was withdrawn or edited while we embedded.

    Locks the source: two workers that embedded the same one follow each other, and the later one's passages stay.
    """
    model = Article if source.field == "article" else CannedReply
    wanted = Q(pk=source.pk, updated_at=source.updated_at)
    if source.field == "article":
        wanted &= Q(status=ArticleStatus.PUBLISHED)
    if not model.objects.select_for_update().filter(wanted).values_list("pk"):
        return
    _keep(source, vectors)


def _keep(source: _Source, vectors: _Vectors) -> None:
    """Put its passages in place of those before. One without any keeps an empty one: it was read."""
    Passage.objects.filter(**{source.field: source.pk}).delete()
    shared: dict[str, Any] = {
        f"{source.field}_id": source.pk,
        "title": source.title,
        "language": source.language,
        "content_hash": source.digest,
        "title_vector": None if vectors.title is None else vectors.title.tolist(),
        "source_updated_at": source.updated_at,
    }
    pieces = [
        (piece.text, vector.tolist()) for piece, vector in zip(source.pieces, vectors.pieces, strict=True)
    ]
    Passage.objects.bulk_create(
        Passage(**shared, position=position, text=text, vector=vector)
        for position, (text, vector) in enumerate(pieces or [("", [0.0] * DIMENSIONS)])
    )
