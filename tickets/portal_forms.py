"""Forms of the customer's ticket pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_FILES = 10


class ManyFiles(forms.FileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each within the limit of the installation, together too."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        files = [super(FilesField, self).clean(one, initial) for one in given]
        if len(files) > MOST_FILES:
            raise ValidationError(_("At most 10 files at once."))
        if sum(one.size for one in files) > settings.MAX_ATTACHMENT_BYTES:
            raise ValidationError(_("The files are larger than 25 MB together."))
        return files


class AnswerForm(forms.Form):
    """What a customer writes to a ticket of theirs."""

    text = forms.CharField(
        label=_("Your message"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    files = FilesField(  # type: ignore[assignment]
        label=_("Files"), required=False, help_text=_("Up to 10 files, 25 MB together.")
    )


class NewTicketForm(AnswerForm):
    """A new request."""

    subject = forms.CharField(label=_("What is it about?"), max_length=200)

    field_order = ["subject", "text", "files"]
