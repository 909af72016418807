"""Forms of the portal's shell."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """The address a link goes to."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=320,
        help_text=_("The one you wrote to us from."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
