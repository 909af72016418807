"""Forms of the AI service's page: address and key, and the five facts about the company."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aiassist.models import AIService
from aiassist.services.services import KNOWN, address_problem
from governance.services.vendors import FACTS

#: Millionths in one unit of currency.
MICRO = 1_000_000
REGIONS = [
    ("", gettext_lazy("We do not know")),
    ("here", gettext_lazy("On our own machines")),
    ("eu", gettext_lazy("European Union")),
    ("uk", gettext_lazy("United Kingdom")),
    ("ch", gettext_lazy("Switzerland")),
    ("us", gettext_lazy("United States")),
    ("other", gettext_lazy("Elsewhere")),
]
ANSWERS = [
    ("yes", gettext_lazy("Yes")),
    ("no", gettext_lazy("No")),
    ("unknown", gettext_lazy("I don't know")),
]


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where the service is and what it costs. An empty key keeps the stored one, which is never shown."""

    base_url = forms.URLField(
        label=gettext_lazy("Address"),
        assume_scheme="https",
        max_length=200,
        help_text=gettext_lazy("As the service names it, for example https://api.mistral.ai/v1"),
    )
    key = forms.CharField(
        label=gettext_lazy("Key"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Stored encrypted and never shown again."),
    )
    monthly_cap = forms.DecimalField(
        label=gettext_lazy("At most in a month"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
        help_text=gettext_lazy(
            "In the currency of the prices. After that the built-in assistant drafts. Empty: only your rules limit it."
        ),
    )

    class Meta:
        model = AIService
        fields = ("name", "base_url", "model", "price_in_micro", "price_out_micro", "timeout_seconds")
        labels = {
            "name": gettext_lazy("Name"),
            "model": gettext_lazy("Model"),
            "price_in_micro": gettext_lazy("Price of 1,000 tokens sent, in millionths"),
            "price_out_micro": gettext_lazy("Price of 1,000 tokens written, in millionths"),
            "timeout_seconds": gettext_lazy("Seconds to wait for an answer"),
        }
        widgets = {"model": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})}

    field_order = (
        "name", "base_url", "key", "model", "monthly_cap", "price_in_micro", "price_out_micro", "timeout_seconds",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.monthly_cap_micro:
            self.initial.setdefault("monthly_cap", self.instance.monthly_cap_micro / MICRO)
        if self.instance.api_key:
            self.fields["key"].help_text = _("A key is stored. Empty: it stays.")

    def clean_base_url(self) -> str:
        """Only addresses that this installation lets out."""
        address = str(self.cleaned_data["base_url"]).strip()
        if said := address_problem(address):
            raise ValidationError(said)
        return address

    def clean_timeout_seconds(self) -> int:
        """Long enough for a draft, short enough for the worker."""
        seconds: int = self.cleaned_data["timeout_seconds"]
        if not 1 <= seconds <= 120:
            raise ValidationError(_("Wait between 1 and 120 seconds."))
        return seconds

    def filled(self) -> AIService:
        """The service as the form says, not stored."""
        self.instance.monthly_cap_micro = int((self.cleaned_data["monthly_cap"] or 0) * MICRO)
        return self.instance


class CompanyForm(forms.Form):
    """The five facts: nobody but the owner knows what was signed."""

    region = forms.ChoiceField(label=gettext_lazy("Where does the data go?"), choices=REGIONS, required=False)
    contract = forms.CharField(
        label=gettext_lazy("Where the contract lies"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("A folder, a link, or the number of the contract."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, text in FACTS.items():
            self.fields[f"fact_{name}"] = forms.ChoiceField(
                label=_(text), choices=ANSWERS, widget=forms.RadioSelect, initial="unknown"
            )

    def answers(self) -> dict[str, str]:
        """Fact to answer."""
        return {name: self.cleaned_data[f"fact_{name}"] for name in FACTS}


def known(key: str) -> dict[str, str]:
    """What the form begins with for a service that many use."""
    found = next((one for one in KNOWN if one.key == key), None)
    return {"name": found.name, "base_url": found.base_url} if found else {}
