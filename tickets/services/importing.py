"""Imports of the shop's own answers: started, read by a task, looked through by a person, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import fetching
from helpdesk.errors import HelpdeskError
from helpdesk.people.models import Membership
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id, organization_scope
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.models import Article, ImportKind, ImportState, ItemState, KnowledgeImport, KnowledgeImportItem
from tickets.reading import sandbox
from tickets.reading.blocks import Unreadable
from tickets.reading.language import language_of
from tickets.reading.split import Piece
from tickets.services import knowledge
from tickets.services.adding import NewArticle, add_articles
from tickets.services.import_words import problem_of

MOST_BYTES = 10 * 1024 * 1024
#: A reading that has not ended by then is lost: the time limit of a task is shorter.
LOST_AFTER = timedelta(minutes=6)
#: Imports under way at once in one organization.
MOST_AT_ONCE = 5
_TELL_EVERY = 5


@dataclass(frozen=True)
class Kept:
    """What a person made of a proposed article on the review page."""

    item_id: int
    title: str
    body: str
    language: str
    wanted: bool


@transaction.atomic
def start(*, member: Membership, kind: str, name: str, content: bytes = b"") -> KnowledgeImport:
    """Keep what was given and have it read. Raises NotAllowed; HelpdeskError where it is empty or too large."""
    knowledge.require_may(member)
    if kind == ImportKind.PAGE:
        name = _address(name)
    elif not content.strip() or len(content) > MOST_BYTES:
        problem = problem_of("too_large" if content.strip() else "empty", "")
        raise HelpdeskError(str(problem.what), next_step=str(problem.next_step))
    busy = KnowledgeImport.objects.filter(state__in=[ImportState.WAITING, ImportState.READING]).count()
    if busy >= MOST_AT_ONCE:
        raise HelpdeskError(_("Other imports are still being read."), next_step=_("Try again in a minute."))
    made = KnowledgeImport.objects.create(
        member=member, kind=kind, name=_short(name, content), content=content or None
    )
    _enqueue(made.pk)
    return made


def _address(typed: str) -> str:
    try:
        return fetching.tidy_address(typed)
    except fetching.FetchError as error:
        problem = problem_of(error.code, error.detail)
        raise HelpdeskError(str(problem.what), next_step=str(problem.next_step)) from None


def _short(name: str, content: bytes) -> str:
    """A name to know it again by: its own, or its first line."""
    words = name or content[:400].decode("utf-8", "ignore").strip().partition("\n")[0]
    return " ".join(words.replace("\x00", "").split())[:300] or "…"


@transaction.atomic
def try_again(*, source: KnowledgeImport, member: Membership) -> None:
    """Read it once more; what was given is still there."""
    knowledge.require_may(member)
    again = KnowledgeImport.objects.filter(pk=source.pk, state=ImportState.FAILED)
    if again.filter(Q(kind=ImportKind.PAGE) | Q(content__isnull=False)).update(
        state=ImportState.WAITING, problem="", detail="", done=0, total=0
    ):
        _enqueue(source.pk)


def _enqueue(import_id: int) -> None:
    from tickets.import_tasks import read_import

    enqueue_on_commit(read_import, organization_id=current_organization_id(), import_id=import_id)


# The task


def run(*, organization_id: UUID, import_id: int) -> str:
    """Read one import: claim, read outside any transaction, store what is proposed. Idempotent; returns the state."""
    with organization_scope(organization_id):
        source = _claim(import_id)
    if source is None:
        return "skipped"
    try:
        pieces = _read(organization_id, source)
    except (Unreadable, fetching.FetchError) as error:
        with organization_scope(organization_id):
            _fail(import_id, error.code, error.detail)
        return str(ImportState.FAILED)
    with organization_scope(organization_id):
        _propose(source, pieces)
    return str(ImportState.READY)


def _claim(import_id: int) -> KnowledgeImport | None:
    now = timezone.now()
    free = Q(state=ImportState.WAITING) | Q(state=ImportState.READING, started_at__lt=now - LOST_AFTER)
    taken = KnowledgeImport.objects.filter(free, pk=import_id).update(
        state=ImportState.READING, started_at=now, done=0, total=0
    )
    return KnowledgeImport.objects.get(pk=import_id) if taken else None


def _read(organization_id: UUID, source: KnowledgeImport) -> list[Piece]:
    if source.kind != ImportKind.PAGE:
        return sandbox.read(
            bytes(source.content or b""),
            name=_without_ending(source.name) if source.kind == ImportKind.FILE else "",
            content_type="text/plain" if source.kind == ImportKind.TEXT else "",
            on_page=lambda done, total: _progress(organization_id, source.pk, done, total),
        )
    page = fetching.fetch(source.name)
    return sandbox.read(
        page.body,
        content_type=page.content_type,
        charset=page.charset,
        on_page=lambda done, total: _progress(organization_id, source.pk, done, total),
    )


def _without_ending(name: str) -> str:
    return re.sub(r"\.\w{2,5}$", "", name).replace("_", " ").replace("-", " ").strip()


def _progress(organization_id: UUID, import_id: int, done: int, total: int) -> None:
    if done == 1 or done % _TELL_EVERY == 0 or done == total:
        with organization_scope(organization_id):
            KnowledgeImport.objects.filter(pk=import_id).update(done=done, total=total)


def _fail(import_id: int, code: str, detail: str) -> None:
    """What was given stays, to be tried again."""
    KnowledgeImport.objects.filter(pk=import_id).update(
        state=ImportState.FAILED, problem=code, detail=detail[:200]
    )


def _propose(source: KnowledgeImport, pieces: list[Piece]) -> None:
    default = Organization.objects.values_list("language", flat=True).get(pk=source.organization_id)
    known = _Known()
    KnowledgeImportItem.objects.filter(source=source).delete()
    KnowledgeImportItem.objects.bulk_create(
        KnowledgeImportItem(
            source=source,
            position=position,
            title=piece.title,
            body=piece.body,
            language=language_of(f"{piece.title}\n{piece.body}", default),
            like_id=known.like(piece.title, piece.body),
        )
        for position, piece in enumerate(pieces, start=1)
    )
    KnowledgeImport.objects.filter(pk=source.pk).update(state=ImportState.READY, content=None)


class _Known:
    """The articles there are, to tell what says the same already."""

    def __init__(self) -> None:
        rows = Article.objects.values_list("pk", "title", "body")
        self.rows = [(pk, _key(title), _words(body)) for pk, title, body in rows]

    def like(self, title: str, body: str) -> int | None:
        """The article of the same title or nearly the same words."""
        key, words = _key(title), _words(body)
        for pk, other_key, other in self.rows:
            if key == other_key or (len(words) > 4 and len(words & other) > 0.8 * len(words | other)):
                return pk
        return None


def _key(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.lower()))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


# The person


@transaction.atomic
def add(*, source: KnowledgeImport, kept: Iterable[Kept], member: Membership, publish: bool) -> list[Article]:
    """Make articles of those wanted and leave the others out, all as the person edited them. Raises NotAllowed."""
    knowledge.require_may(member)
    by_id = {one.item_id: one for one in kept}
    rows = KnowledgeImportItem.objects.select_for_update().filter(
        source=source, state=ItemState.PROPOSED, pk__in=by_id
    )
    items = list(rows.order_by("position"))
    for item in items:
        mine = by_id[item.pk]
        item.title, item.body, item.language = mine.title or item.title, mine.body or item.body, mine.language
        item.state = ItemState.ADDED if mine.wanted else ItemState.LEFT_OUT
    wanted = [item for item in items if item.state == ItemState.ADDED]
    made = add_articles(
        new=[NewArticle(one.title, one.body, one.language, "import") for one in wanted],
        member=member,
        publish=publish,
    )
    for item, article in zip(wanted, made, strict=True):
        item.article = article
    KnowledgeImportItem.objects.bulk_update(items, ["title", "body", "language", "state", "article"])
    return made


@transaction.atomic
def take_back(*, source: KnowledgeImport, member: Membership) -> tuple[int, int]:
    """Remove the articles made of an import, but for those somebody changed since: (removed, kept).

    All of its proposals can be looked through again.
    """
    knowledge.require_may(member)
    added = KnowledgeImportItem.objects.filter(source=source, article__isnull=False)
    same = added.filter(_untouched())
    removed = list(same.values_list("article_id", flat=True))
    kept = added.count() - len(removed)
    again = KnowledgeImportItem.objects.filter(source=source).filter(
        Q(pk__in=same.values("pk")) | Q(article=None)
    )
    again.update(state=ItemState.PROPOSED, article=None)
    Article.objects.filter(pk__in=removed).delete()
    if removed:
        knowledge.tell_changed()
    return len(removed), kept


def _untouched() -> Q:
    """The article still says what the proposal said; that it was published or taken offline does not matter."""
    return Q(article__title=F("title"), article__body=F("body"), article__language=F("language"))


@transaction.atomic
def forget(*, source: KnowledgeImport, member: Membership) -> None:
    """Remove the import and its proposals; the articles made of it stay."""
    knowledge.require_may(member)
    source.delete()


def waiting(*, before: timedelta = timedelta(seconds=30)) -> list[int]:
    """Imports of the organization in force whose task was lost."""
    now = timezone.now()
    lost = Q(state=ImportState.WAITING, created_at__lt=now - before)
    lost |= Q(state=ImportState.READING, started_at__lt=now - LOST_AFTER)
    return list(KnowledgeImport.objects.filter(lost).values_list("pk", flat=True)[:50])
