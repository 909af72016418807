"""Articles of the help centre and ready replies: write, publish, withdraw, remove; the AI's index hears of it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.errors import NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.scope import current_organization_id
from tickets.models import Article, ArticleStatus, CannedReply
from tickets.signals import knowledge_changed


@transaction.atomic
def save(*, thing: Article | CannedReply, member: Membership) -> Article | CannedReply:
    """Store an article or reply that was checked by its form."""
    _may(member)
    if isinstance(thing, Article) and not thing.pk:
        thing.author = member
    thing.save()
    _tell()
    return thing


@transaction.atomic
def publish(*, article: Article, member: Membership) -> Article:
    """Put the article into the public help centre; from then on the AI may cite it."""
    _may(member)
    article.status = ArticleStatus.PUBLISHED
    article.published_at = article.published_at or timezone.now()
    article.save(update_fields=["status", "published_at", "updated_at"])
    _tell()
    return article


@transaction.atomic
def withdraw(*, article: Article, member: Membership) -> Article:
    """Take the article out of the help centre; it stays as a draft."""
    _may(member)
    article.status, article.published_at = ArticleStatus.DRAFT, None
    article.save(update_fields=["status", "published_at", "updated_at"])
    _tell()
    return article


@transaction.atomic
def remove(*, thing: Article | CannedReply, member: Membership) -> None:
    """Delete it. What was answered with it keeps its own copy of the passage."""
    _may(member)
    thing.delete()
    _tell()


def _may(member: Membership) -> None:
    if not can(member, "manage_knowledge"):
        raise NotAllowed(
            _("You can read articles and replies, but not change them."),
            next_step=_("Ask a colleague who answers customers."),
        )


def _tell() -> None:
    organization_id = current_organization_id()

    def announce() -> Any:
        return knowledge_changed.send_robust(sender=None, organization_id=organization_id)

    transaction.on_commit(announce, robust=True)
