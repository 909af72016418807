"""Forms of what an agent does with a conversation: write first, forward, merge, take messages out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.models import Attachment, CannedReply, Inbox, Message, Status, Ticket

_ADDRESSES = {"inputmode": "email", "autocomplete": "off"}


class ManyFiles(forms.FileField):
    """Files chosen together."""

    widget = type("Several", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file by itself."""
        single = super().clean
        return [single(one, initial) for one in data or ()]


class WriteForm(forms.Form):
    """A first mail to a customer."""

    inbox = forms.ModelChoiceField(label=_("From"), queryset=Inbox.objects.none())
    to = forms.CharField(label=_("To"), max_length=320, widget=forms.TextInput(attrs=_ADDRESSES))
    name = forms.CharField(label=_("Customer's name"), required=False, max_length=200)
    cc = forms.CharField(
        label=_("CC"), required=False, max_length=2000, widget=forms.TextInput(attrs=_ADDRESSES)
    )
    bcc = forms.CharField(
        label=_("BCC"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs=_ADDRESSES),
        help_text=_("Nobody else sees these."),
    )
    subject = forms.CharField(label=_("Subject"), max_length=300)
    text = forms.CharField(
        label=_("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        max_length=50_000,
    )
    reply = forms.ModelChoiceField(
        label=_("Ready reply"),
        required=False,
        queryset=CannedReply.objects.none(),
        help_text=_("Its text goes below yours."),
    )
    files = ManyFiles(label=_("Files"), required=False)  # type: ignore[assignment]
    status = forms.ChoiceField(
        label=_("Then"),
        choices=[
            (Status.PENDING, _("wait for an answer")),
            (Status.SOLVED, _("solve")),
            (Status.OPEN, _("keep open")),
        ],
    )

    def __init__(self, *args: Any, inboxes: list[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Inbox.objects.filter(is_active=True).order_by("name")
        self.fields["inbox"].queryset = rows if inboxes is None else rows.filter(pk__in=inboxes)  # type: ignore[attr-defined]
        self.fields["inbox"].initial = self.fields["inbox"].queryset.first()  # type: ignore[attr-defined]
        self.fields["reply"].queryset = CannedReply.objects.order_by("title")  # type: ignore[attr-defined]
        self.fields["reply"].empty_label = str(_("none"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Something must be said: own words, a ready reply, or both."""
        given: dict[str, Any] = super().clean() or {}
        reply, own = given.get("reply"), given.get("text", "")
        name = given.get("name", "")
        body = reply.body.replace("{name}", name) if reply else ""
        given["text"] = "\n\n".join(one.strip() for one in (own, body) if one.strip())
        if not given["text"]:
            self.add_error("text", _("There is nothing in it yet."))
        return given


class ForwardForm(forms.Form):
    """Pass a message on to somebody outside."""

    to = forms.CharField(label=_("To"), max_length=2000, widget=forms.TextInput(attrs=_ADDRESSES))
    cc = forms.CharField(
        label=_("CC"), required=False, max_length=2000, widget=forms.TextInput(attrs=_ADDRESSES)
    )
    bcc = forms.CharField(
        label=_("BCC"), required=False, max_length=2000, widget=forms.TextInput(attrs=_ADDRESSES)
    )
    text = forms.CharField(
        label=_("Your words above it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        max_length=50_000,
    )
    files = forms.ModelMultipleChoiceField(  # type: ignore[assignment]
        label=_("Files that go along"),
        required=False,
        queryset=Attachment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = message.attachments.order_by("pk")
        if files.exists():
            self.fields["files"].queryset = files  # type: ignore[attr-defined]
        else:
            del self.fields["files"]


class MergeForm(forms.Form):
    """Where this ticket lives on."""

    number = forms.IntegerField(
        label=_("Number of the ticket it lives on in"),
        min_value=1,
        widget=forms.NumberInput(attrs={"list": "others"}),
    )


class SplitForm(forms.Form):
    """Which messages become a ticket of their own, and whose it is."""

    messages = forms.MultipleChoiceField(label=_("Messages"), widget=forms.CheckboxSelectMultiple)
    subject = forms.CharField(label=_("Subject"), required=False, max_length=300)
    address = forms.EmailField(
        label=_("For somebody else"),
        required=False,
        max_length=320,
        help_text=_(
            "Empty: for who wrote them. Somebody else will be able to read what is in these messages."
        ),
    )

    def __init__(self, *args: Any, messages: list[tuple[str, str]], ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["messages"].choices = messages  # type: ignore[attr-defined]
        self.fields["subject"].widget.attrs["placeholder"] = ticket.subject
