"""Articles of the help centre and ready replies: write, publish, withdraw, remove; the AI's index hears of it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.scope import current_organization_id
from tickets.models import Article, ArticleStatus, CannedReply
from tickets.signals import knowledge_changed
from tickets.starters import unfinished


@transaction.atomic
def save(*, thing: Article | CannedReply, member: Membership) -> Article | CannedReply:
    """Store an article or reply that was checked by its form."""
    require_may(member)
    if isinstance(thing, Article) and not thing.pk:
        thing.author = member
    thing.save()
    tell_changed()
    return thing


@transaction.atomic
def publish(*, article: Article, member: Membership) -> Article:
    """Put the article into the public help centre; from then on the AI may cite it.

    Raises NotAllowed, and InvalidState for a starter in which a blank is left.
    """
    require_may(member)
    if left := unfinished(article.origin, article.title, article.body):
        raise InvalidState(
            blanks_left(left), next_step=_("Open the article, fill them in, and publish it then.")
        )
    article.status = ArticleStatus.PUBLISHED
    article.published_at = article.published_at or timezone.now()
    article.save(update_fields=["status", "published_at", "updated_at"])
    tell_changed()
    return article


@transaction.atomic
def withdraw(*, article: Article, member: Membership) -> Article:
    """Take the article out of the help centre; it stays as a draft."""
    require_may(member)
    article.status, article.published_at = ArticleStatus.DRAFT, None
    article.save(update_fields=["status", "published_at", "updated_at"])
    tell_changed()
    return article


@transaction.atomic
def remove(*, thing: Article | CannedReply, member: Membership) -> None:
    """Delete it. What was answered with it keeps its own copy of the passage."""
    require_may(member)
    thing.delete()
    tell_changed()


def blanks_left(left: list[str]) -> str:
    """The sentence about blanks that nobody filled in."""
    return _("These blanks are not filled in yet: %(blanks)s") % {"blanks": ", ".join(left[:5])}


def require_may(member: Membership) -> None:
    """Raises NotAllowed where the member may not change articles and replies."""
    if not can(member, "manage_knowledge"):
        raise NotAllowed(
            _("You can read articles and replies, but not change them."),
            next_step=_("Ask a colleague who answers customers."),
        )


def tell_changed() -> None:
    """Announce after the commit that articles or replies are others now: the index follows."""
    organization_id = current_organization_id()

    def announce() -> Any:
        return knowledge_changed.send_robust(sender=None, organization_id=organization_id)

    transaction.on_commit(announce, robust=True)
