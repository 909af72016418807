"""The form with which a person sets up a shop of their own, and the one that confirms it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import User
from helpdesk.tenancy import addresses
from helpdesk.tenancy.zones import zones

#: Where most people are whose browser speaks this language; JavaScript knows better.
_ZONE_OF = {"de": "Europe/Berlin", "fr": "Europe/Paris", "es": "Europe/Madrid"}


def guessed_language() -> str:
    """The browser's, where we speak it."""
    short = (get_language() or "en").partition("-")[0]
    return short if short in dict(settings.LANGUAGES) else "en"


class SignUpForm(forms.Form):
    """Who you are, and the shop."""

    shop = forms.CharField(
        label=_("Name of your shop"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    slug = forms.CharField(
        label=_("Address of your desk"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        help_text=_(
            "At least 8 characters; a few words in a row are easy to keep. "
            "If you have an account here already, use its password."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(label=_("Language of your desk"), choices=settings.LANGUAGES)
    timezone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        language = guessed_language()
        first = {"language": language, "timezone": _ZONE_OF.get(language, "UTC")}
        kwargs["initial"] = {**first, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["timezone"].choices = zones()  # type: ignore[attr-defined]

    def clean_slug(self) -> str:
        """Free, well-formed and not kept for something else."""
        slug = addresses.normalised(self.cleaned_data["slug"])
        if said := addresses.problem(slug):
            raise ValidationError(said)
        return slug

    def clean_email(self) -> str:
        """As it is stored."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        """The password is measured against name and address; whether an account exists is not told here."""
        cleaned = super().clean() or {}
        user = User(email=cleaned.get("email", ""), name=cleaned.get("name", ""))
        if password := cleaned.get("password"):
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned
