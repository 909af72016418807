"""Canned replies and the articles of the help centre: what answers are made of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned
from tickets.models.inbox import Inbox


class CannedReply(TenantOwned):
    """A reply that the team wrote once and uses often."""

    title = models.CharField(max_length=120)
    body = models.TextField()
    language = models.CharField(max_length=8, default="en")
    inbox = TenantForeignKey(Inbox, on_delete=models.CASCADE, null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = _("canned replies")
        constraints = [
            models.UniqueConstraint(fields=["organization", "title"], name="canned_reply_title_is_unique")
        ]

    def __str__(self) -> str:
        return self.title


class ArticleStatus(models.TextChoices):
    """Only published articles are public and may be cited."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class Article(TenantOwned):
    """A page of the help centre; plain text with blank lines between paragraphs."""

    title = models.CharField(max_length=160)
    slug = models.SlugField(max_length=80)
    body = models.TextField()
    language = models.CharField(max_length=8, default="en")
    status = models.CharField(max_length=10, choices=ArticleStatus, default=ArticleStatus.DRAFT)
    author = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="article_slug_is_unique")
        ]
        indexes = [models.Index(fields=["organization", "status", "-published_at"], name="article_by_status")]

    def __str__(self) -> str:
        return self.title
