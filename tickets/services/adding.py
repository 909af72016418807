"""Articles made in numbers: of starters, of an import, of a ticket; as drafts, or public at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from helpdesk.people.models import Membership
from tickets.models import Article, ArticleStatus
from tickets.services import knowledge
from tickets.starters import unfinished

_SLUG_LETTERS = 80


@dataclass(frozen=True)
class NewArticle:
    """An article to be made. `origin` says where it came from."""

    title: str
    body: str
    language: str
    origin: str = ""


@transaction.atomic
def add_articles(*, new: Iterable[NewArticle], member: Membership, publish: bool) -> list[Article]:
    """Make the articles in the order given; a starter with a blank left stays a draft, whatever `publish` says.

    Three queries, however many. Raises NotAllowed.
    """
    knowledge.require_may(member)
    wanted = list(new)
    slugs = _free_slugs([one.title for one in wanted])
    now = timezone.now()
    made = []
    for one, slug in zip(wanted, slugs, strict=True):
        public = publish and not unfinished(one.origin, one.title, one.body)
        article = Article(title=one.title, slug=slug, body=one.body, language=one.language, origin=one.origin)
        article.author = member
        article.status = ArticleStatus.PUBLISHED if public else ArticleStatus.DRAFT
        article.published_at = now if public else None
        made.append(article)
    Article.objects.bulk_create(made)
    if made:
        knowledge.tell_changed()
    return made


def free_slug(title: str) -> str:
    """An address in the help centre that no article has yet."""
    return _free_slugs([title])[0]


def _free_slugs(titles: list[str]) -> list[str]:
    bases = [slugify(title)[: _SLUG_LETTERS - 5].strip("-") or "article" for title in titles]
    taken = set(Article.objects.values_list("slug", flat=True)) if bases else set()
    found = []
    for base in bases:
        slug, number = base, 2
        while slug in taken:
            slug, number = f"{base}-{number}", number + 1
        taken.add(slug)
        found.append(slug)
    return found
