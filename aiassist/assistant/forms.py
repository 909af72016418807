"""Forms of the assistant's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aiassist.assistant.asking import LONGEST_QUESTION


class QuestionForm(forms.Form):
    """A question to the assistant."""

    question = forms.CharField(
        label=_("Your question"),
        min_length=2,
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short", "autocomplete": "off"}),
        help_text=_("Please leave out names, numbers and what is private."),
    )


class PersonForm(forms.Form):
    """To a person: where to answer who is not signed in, and more words for who wants to add some."""

    address = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=320,
        help_text=_("Our answer goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    words = forms.CharField(
        label=_("Anything to add?"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )
    #: Nobody sees this field; what is filled in here was filled in by a program.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, is_known: bool, has_talk: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "person_%s", **kwargs})
        if is_known:
            del self.fields["address"]
        if not has_talk:
            self.fields["words"].required = True
            self.fields["words"].label = _("Your question")
