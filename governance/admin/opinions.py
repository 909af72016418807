"""The page "What customers say": how far they trust us, what they write about, and words without names."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import figures
from governance.admin.doors import door, show
from governance.selectors import survey


def urls() -> list[Any]:
    """The address, below the rules."""
    return [path("opinions/", door(require_safe(page), read=True), name="opinions")]


def page(request: HttpRequest) -> HttpResponse:
    """One sentence, the figure with its interval, then what was tapped and what was written about."""
    sheet = figures.sheet()
    context = {
        "title": _("What customers say"),
        "figures": [one for one in sheet if one.key in ("trust", "satisfied")],
        "divergence": figures.divergence(sheet),
        "opinions": survey.opinions(),
        "enough": survey.SHOWN_FROM,
        "words": {5: _("Fully"), 4: _("Mostly"), 3: _("Partly"), 2: _("Little"), 1: _("Not at all")},
    }
    context["taps"] = [(context["words"][score], n) for score, n in context["opinions"].taps]  # type: ignore[attr-defined,index]
    context["texts"] = [(context["words"][score], text) for score, text in context["opinions"].texts]  # type: ignore[attr-defined,index]
    return show(request, "opinions", context)
