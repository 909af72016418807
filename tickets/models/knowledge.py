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
    #: Where it came from: "starter:shop:returns", "import", "ticket"; empty where somebody wrote it.
    origin = models.CharField(max_length=80, default="", blank=True, editable=False)
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


class ImportKind(models.TextChoices):
    """Where the text of an import comes from."""

    TEXT = "text", _("Pasted text")
    FILE = "file", _("File")
    PAGE = "page", _("Page on the web")


class ImportState(models.TextChoices):
    """How far an import is; the task moves it, nobody waits in a request."""

    WAITING = "waiting", _("Waiting")
    READING = "reading", _("Being read")
    READY = "ready", _("Read")
    FAILED = "failed", _("Could not be read")


class KnowledgeImport(TenantOwned):
    """A text, file or page that an owner gave us to make articles of. A person looks before anything is public."""

    kind = models.CharField(max_length=8, choices=ImportKind)
    #: The file's name, the page's address, or the first words.
    name = models.CharField(max_length=300)
    #: What was given; emptied once it was read.
    content = models.BinaryField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    #: Why it could not be read: a key of `tickets.services.import_words`.
    problem = models.CharField(max_length=40, default="", blank=True)
    detail = models.CharField(max_length=200, default="", blank=True)
    member = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "state", "created_at"], name="import_by_state")]

    def __str__(self) -> str:
        return self.name


class ItemState(models.TextChoices):
    """What became of one proposed article."""

    PROPOSED = "proposed", _("Proposed")
    ADDED = "added", _("Added")
    LEFT_OUT = "left_out", _("Left out")


class KnowledgeImportItem(TenantOwned):
    """One article that an import proposes; kept so that a closed browser loses nothing."""

    source = TenantForeignKey(KnowledgeImport, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    body = models.TextField()
    language = models.CharField(max_length=8, default="en")
    state = models.CharField(max_length=8, choices=ItemState, default=ItemState.PROPOSED)
    #: The article made of it; one whose words were changed since is not taken back.
    article = TenantForeignKey(Article, on_delete=models.SET_NULL, null=True, blank=True)
    #: An article that says the same already.
    like = TenantForeignKey(Article, on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "source", "position"], name="import_item_place")
        ]

    def __str__(self) -> str:
        return self.title
