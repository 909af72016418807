"""What this room registers for an owner's first day: screens of the set-up and steps of the list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helpdesk.people import checklist, first_day
from tickets.models import Article, ArticleStatus, Inbox, Mailbox


def has_inbox() -> bool:
    """Whether there is an address that customers write to. One query."""
    return Inbox.objects.filter(is_active=True).exists()


def has_mailbox() -> bool:
    """Whether a real mailbox is connected. One query."""
    return Mailbox.objects.filter(is_active=True).exists()


def has_articles() -> bool:
    """Whether the AI has something to cite. One query."""
    return Article.objects.filter(status=ArticleStatus.PUBLISHED).exists()


def register_all() -> None:
    """Called once, in AppConfig.ready."""
    first_day.register(first_day.Screen("mailbox", _("Your mail"), "setup-mailbox", 20, has_inbox))
    first_day.register(
        first_day.Screen("knowledge", _("Something to know"), "setup-knowledge", 40, has_articles)
    )
    checklist.register(
        checklist.Step(
            "mailbox",
            _("Connect your mailbox"),
            _("Then your customers' mail arrives here."),
            "desk:inboxes",
            has_mailbox,
            20,
        )
    )
    checklist.register(
        checklist.Step(
            "articles",
            _("Give the AI something to know"),
            _("It drafts only what your own articles say."),
            "setup-knowledge",
            has_articles,
            40,
        )
    )
