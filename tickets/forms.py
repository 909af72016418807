"""Forms of the desk: filters of the list, a new ticket, articles and ready replies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.scope import current_organization_id
from tickets.models import Article, CannedReply, Inbox, Priority, Status

BLANK = ("", _("any"))
LANGUAGES = [("en", _("English")), ("de", _("German")), ("fr", _("French")), ("es", _("Spanish"))]
#: Those of articles: what a shop imports stays in its language.
ARTICLE_LANGUAGES = [
    *LANGUAGES,
    ("it", _("Italian")),
    ("nl", _("Dutch")),
    ("pt", _("Portuguese")),
    ("pl", _("Polish")),
]


class FilterForm(forms.Form):
    """What the list is asked for in its address. Fields that are nonsense are simply not there."""

    status = forms.ChoiceField(label=_("Status"), required=False, choices=[BLANK, *Status.choices])
    assignee = forms.CharField(label=_("Assignee"), required=False, max_length=20)
    priority = forms.TypedChoiceField(
        label=_("Priority"), required=False, coerce=int, empty_value=None, choices=[BLANK, *Priority.choices]
    )
    tag = forms.CharField(label=_("Tag"), required=False, max_length=40)
    view = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    inbox = forms.IntegerField(required=False, widget=forms.HiddenInput)
    customer = forms.IntegerField(required=False, widget=forms.HiddenInput)
    sort = forms.ChoiceField(required=False, choices=[("", ""), ("due", "")], widget=forms.HiddenInput)
    q = forms.CharField(required=False, max_length=200)

    def __init__(
        self, *args: Any, members: Iterable[tuple[int, str]] = (), tags: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.members, self.tags = members, tags

    def clean_assignee(self) -> str:
        """me, nobody or a number."""
        value: str = self.cleaned_data["assignee"]
        if value and value not in ("me", "nobody") and not (value.isdecimal() and len(value) < 18):
            raise ValidationError(_("Choose a colleague."))
        return value

    def shown(self) -> FilterForm:
        """The form as the list shows it: choices to pick from, no search field (the list has its own)."""
        members = [(str(pk), name) for pk, name in self.members]
        choices = [BLANK, ("me", _("me")), ("nobody", _("nobody")), *members]
        self.fields["assignee"] = forms.ChoiceField(label=_("Assignee"), required=False, choices=choices)
        self.fields["tag"] = forms.ChoiceField(
            label=_("Tag"), required=False, choices=[BLANK, *((tag, tag) for tag in self.tags)]
        )
        del self.fields["q"]
        return self


class NewTicketForm(forms.Form):
    """A ticket that an agent opens for a customer who called or came by."""

    inbox = forms.ModelChoiceField(label=_("Inbox"), queryset=Inbox.objects.none())
    address = forms.EmailField(label=_("Customer's e-mail address"), max_length=320)
    name = forms.CharField(label=_("Customer's name"), required=False, max_length=200)
    subject = forms.CharField(label=_("Subject"), max_length=300)
    text = forms.CharField(
        label=_("What the customer wants"), widget=forms.Textarea(attrs={"rows": 8}), max_length=50_000
    )

    def __init__(self, *args: Any, inboxes: list[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Inbox.objects.filter(is_active=True).order_by("name")
        self.fields["inbox"].queryset = rows if inboxes is None else rows.filter(pk__in=inboxes)  # type: ignore[attr-defined]
        self.fields["inbox"].initial = rows.first()


class OrganizationModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """Sees the uniques that start with the organization, which Django's form would leave out."""

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"organization"}  # type: ignore[misc, no-any-return]

    def _post_clean(self) -> None:
        self.instance.organization_id = self.instance.organization_id or current_organization_id()
        super()._post_clean()  # type: ignore[misc]


class ArticleForm(OrganizationModelForm):
    """An article of the help centre."""

    class Meta:
        model = Article
        fields = ("title", "slug", "body", "language")
        labels = {
            "title": _("Title"),
            "slug": _("Address in the help centre"),
            "body": _("Text"),
            "language": _("Language"),
        }
        help_texts = {"body": _("A blank line starts a new paragraph.")}

    language = forms.ChoiceField(label=_("Language"), choices=ARTICLE_LANGUAGES)
    slug = forms.SlugField(label=_("Address in the help centre"), required=False, max_length=80)

    def clean_slug(self) -> str:
        """Made from the title where it was left empty."""
        slug = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("title", ""))[:80]
        if not slug:
            raise ValidationError(_("Write an address of letters, digits and hyphens."))
        return slug


class ReplyForm(OrganizationModelForm):
    """A ready reply."""

    class Meta:
        model = CannedReply
        fields = ("title", "body", "language", "inbox")
        labels = {"title": _("Title"), "body": _("Text"), "inbox": _("Only in this inbox")}

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inbox"].queryset = Inbox.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        self.fields["inbox"].empty_label = str(_("every inbox"))  # type: ignore[attr-defined]
