"""Inboxes, articles and ready replies in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from helpdesk.admin.base import TenantModelAdmin, TenantModelForm, badge
from helpdesk.admin.site import site
from helpdesk.people.models import Membership
from tickets.models import Article, ArticleStatus, CannedReply, Inbox
from tickets.services import knowledge
from tickets.services.mailboxes import save_inbox

LANGUAGES = [
    ("en", gettext_lazy("English")),
    ("de", gettext_lazy("German")),
    ("fr", gettext_lazy("French")),
    ("es", gettext_lazy("Spanish")),
]


def _language() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Language"), choices=LANGUAGES, widget=UnfoldAdminSelectWidget()
    )


class InboxForm(TenantModelForm):
    """An address that customers write to, spelled as mail compares it."""

    class Meta:
        model = Inbox
        fields = ("name", "address", "from_name", "signature", "is_active")
        labels = {
            "name": gettext_lazy("Name"),
            "address": gettext_lazy("Address"),
            "signature": gettext_lazy("Signature"),
            "is_active": gettext_lazy("Takes mail"),
        }
        help_texts = {
            "address": gettext_lazy("Customers write to it, and answers come from it."),
            "signature": gettext_lazy(
                "Stands under every answer, below the name of the person who sends it."
            ),
        }

    def clean_address(self) -> str:
        """Lower case, and a real address."""
        address: str = self.cleaned_data["address"].strip().lower()
        validate_email(address)
        return address


class InboxAdmin(TenantModelAdmin):
    """Inboxes are switched off, never removed: their tickets stay."""

    form = InboxForm
    add_right = change_right = "manage_inboxes"
    list_display = ("name", "address", "from_name", "state")
    list_filter = ("is_active",)
    ordering = ("name",)
    fields = ("name", "address", "from_name", "signature", "is_active")

    @admin.display(description=gettext_lazy("State"), ordering="is_active")
    def state(self, obj: Inbox) -> SafeString:
        """On or off, as a word."""
        return badge(_("takes mail"), "good") if obj.is_active else badge(_("switched off"))

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """As on the settings page: who may work in it is granted on the page of people."""
        save_inbox(inbox=obj, member=member)


class ReplyForm(TenantModelForm):
    """A ready reply."""

    language = _language()

    class Meta:
        model = CannedReply
        fields = ("title", "body", "language", "inbox")
        labels = {
            "title": gettext_lazy("Title"),
            "body": gettext_lazy("Text"),
            "inbox": gettext_lazy("Only in this inbox"),
        }


class KnowledgeAdmin(TenantModelAdmin):
    """What answers are made of: written by anyone who answers, through the service that tells the AI's index."""

    add_right = change_right = delete_right = "manage_knowledge"

    def remove(self, *, obj: Any, member: Membership) -> None:
        """Through the service."""
        knowledge.remove(thing=obj, member=member)

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Through the service."""
        knowledge.save(thing=obj, member=member)


class ReplyAdmin(KnowledgeAdmin):
    """Ready replies."""

    form = ReplyForm
    list_display = ("title", "language", "inbox", "updated_at")
    list_filter = ("language",)
    list_select_related = ("inbox",)
    search_fields = ("title",)
    ordering = ("title",)
    fields = ("title", "body", "language", "inbox")


class ArticleForm(TenantModelForm):
    """An article, and whether it is public."""

    language = _language()
    slug = forms.SlugField(
        label=gettext_lazy("Address in the help centre"),
        required=False,
        max_length=80,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Left empty, it is made from the title."),
    )

    class Meta:
        model = Article
        fields = ("title", "slug", "body", "language", "status")
        labels = {
            "title": gettext_lazy("Title"),
            "body": gettext_lazy("Text"),
            "status": gettext_lazy("State"),
        }
        help_texts = {"body": gettext_lazy("A blank line starts a new paragraph.")}

    def clean_slug(self) -> str:
        """Made from the title where it was left empty."""
        slug: str = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("title", ""))[:80]
        if not slug:
            raise ValidationError(_("Write an address of letters, digits and hyphens."))
        return slug


class ArticleAdmin(KnowledgeAdmin):
    """Articles of the help centre."""

    form = ArticleForm
    list_display = ("title", "state", "language", "author", "updated_at")
    list_filter = ("status", "language")
    list_select_related = ("author__user",)
    search_fields = ("title",)
    ordering = ("-updated_at",)
    fields = ("title", "slug", "body", "language", "status")

    @admin.display(description=gettext_lazy("State"), ordering="status")
    def state(self, obj: Article) -> SafeString:
        """As a word."""
        return badge(obj.get_status_display(), "good" if obj.status == ArticleStatus.PUBLISHED else "")

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Saving, publishing and withdrawing are three services."""
        wanted = obj.status
        if "status" in form.changed_data:
            obj.status = ArticleStatus.DRAFT if not change else form.initial["status"]
        knowledge.save(thing=obj, member=member)
        if wanted == obj.status:
            return
        if wanted == ArticleStatus.PUBLISHED:
            knowledge.publish(article=obj, member=member)
        else:
            knowledge.withdraw(article=obj, member=member)


site.register(Inbox, InboxAdmin)
site.register(CannedReply, ReplyAdmin)
site.register(Article, ArticleAdmin)
