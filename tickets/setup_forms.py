"""The form of the first day's inbox."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.forms import OrganizationModelForm
from tickets.models import Inbox


class FirstInboxForm(OrganizationModelForm):
    """The address that customers write to."""

    class Meta:
        model = Inbox
        fields = ("address", "name", "from_name")
        labels = {
            "address": _("The address your customers write to"),
            "name": _("What you call this inbox"),
            "from_name": _("Name in the From line of your answers"),
        }

    address = forms.EmailField(label=_("The address your customers write to"), max_length=320)

    def clean_address(self) -> str:
        """As it is stored."""
        return str(self.cleaned_data["address"]).strip().lower()
