"""Forms of inboxes and mailboxes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from helpdesk.errors import HelpdeskError
from tickets.forms import OrganizationModelForm
from tickets.mailboxes.network import is_closed_network
from tickets.models import Inbox, Mailbox, Security

_HOST = RegexValidator(
    r"^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?$", _("Write a name like imap.example.com.")
)
_NO_FILL = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class InboxForm(OrganizationModelForm):
    """An address that customers write to, and how answers from it look."""

    class Meta:
        model = Inbox
        fields = ("name", "address", "from_name", "signature", "is_active")
        labels = {
            "name": _("Name"),
            "from_name": _("Name in the From line"),
            "signature": _("Signature"),
            "is_active": _("Takes mail"),
        }
        help_texts = {
            "name": _("What your team calls it."),
            "from_name": _("What customers see as sender. Left empty, it is the name of your shop."),
            "signature": _("Stands under every answer."),
        }
        widgets = {"signature": forms.Textarea(attrs={"rows": 4})}

    address = forms.EmailField(
        label=_("Address"), max_length=320, help_text=_("Customers write to it, and answers come from it.")
    )

    def clean_address(self) -> str:
        """Lower case, as mail compares it."""
        return str(self.cleaned_data["address"]).strip().lower()


class StartForm(forms.Form):
    """All that is needed for most mailboxes."""

    address = forms.EmailField(label=_("Address of the mailbox"), max_length=320)
    password = forms.CharField(
        label=_("Password of the mailbox"),
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "It is kept encrypted. If the mailbox has a second step at sign-in, write an app password."
        ),
    )

    def clean_address(self) -> str:
        """Lower case, as mail compares it."""
        return str(self.cleaned_data["address"]).strip().lower()


class MailboxForm(forms.Form):
    """Servers, user and password. An empty password keeps the stored one."""

    imap_host = forms.CharField(label=_("Server for reading (IMAP)"), max_length=253, validators=[_HOST])
    imap_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    imap_security = forms.ChoiceField(label=_("Encryption"))
    smtp_host = forms.CharField(label=_("Server for sending (SMTP)"), max_length=253, validators=[_HOST])
    smtp_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    smtp_security = forms.ChoiceField(label=_("Encryption"))
    imap_user = forms.CharField(label=_("User name"), max_length=320, widget=forms.TextInput(attrs=_NO_FILL))
    imap_password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept from before. Write one only to change it."),
    )
    smtp_user = forms.CharField(
        label=_("User name for sending"),
        required=False,
        max_length=320,
        widget=forms.TextInput(attrs=_NO_FILL),
    )
    smtp_password = forms.CharField(
        label=_("Password for sending"),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    folder = forms.CharField(
        label=_("Folder"), max_length=200, help_text=_("Only mail in this folder becomes tickets.")
    )

    def __init__(self, *args: Any, mailbox: Mailbox, **kwargs: Any) -> None:
        names = (
            "imap_host",
            "imap_port",
            "imap_security",
            "smtp_host",
            "smtp_port",
            "smtp_security",
            "imap_user",
        )
        initial = {name: getattr(mailbox, name) for name in (*names, "folder")}
        self.is_apart = mailbox.smtp_user != mailbox.imap_user
        if self.is_apart:
            initial["smtp_user"] = mailbox.smtp_user
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.mailbox = mailbox
        choices = [one for one in Security.choices if one[0] != "none" or is_closed_network()]
        for name in ("imap_security", "smtp_security"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Port and encryption that never fit together are said here, before anything is tried."""
        cleaned = super().clean() or {}
        for side, port, other in (("imap", 993, 143), ("smtp", 465, 587)):
            if cleaned.get(f"{side}_port") == port and cleaned.get(f"{side}_security") == "starttls":
                text = _("Port %(port)s is encrypted from the start. For STARTTLS use port %(other)s.")
                self.add_error(
                    f"{side}_security", ValidationError(text, params={"port": port, "other": other})
                )
        return cleaned

    def values(self) -> dict[str, Any]:
        """What to store: empty passwords stay as they are, and sending signs in as reading does unless said."""
        values = dict(self.cleaned_data)
        password, other = values.pop("imap_password"), values.pop("smtp_password")
        if password:
            values["imap_password"] = password
        if other or (password and self._is_same()):
            values["smtp_password"] = other or password
        values["smtp_user"] = values["smtp_user"] or values["imap_user"]
        return values

    def _is_same(self) -> bool:
        """Whether one password serves both ways; one that cannot be read any more is no second one."""
        try:
            return self.mailbox.smtp_password == self.mailbox.imap_password
        except HelpdeskError:
            return True


class HistoryForm(forms.Form):
    """How much older mail."""

    days = forms.TypedChoiceField(
        label=_("How far back"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("3 months")), (365, _("1 year")), (0, _("everything"))],
    )
    folder = forms.CharField(label=_("Folder"), max_length=200, initial="INBOX")
    with_sent = forms.BooleanField(
        label=_("Our own answers too, from the folder of sent mail"), required=False, initial=True
    )
