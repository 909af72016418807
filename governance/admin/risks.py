"""What could go wrong, before and after what we do about it, as a list and as a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from governance import effects, indicators
from governance.admin.kept import RegisterAdmin, Step, rules_in_force
from governance.models import Risk
from governance.services import risks
from helpdesk.admin.base import TenantModelForm, badge
from helpdesk.admin.site import site
from helpdesk.people.models import Membership

LIKELY = {
    1: gettext_lazy("1 – almost never"),
    2: gettext_lazy("2 – seldom"),
    3: gettext_lazy("3 – now and then"),
    4: gettext_lazy("4 – often"),
    5: gettext_lazy("5 – nearly always"),
}
BAD = {
    1: gettext_lazy("1 – hardly noticed"),
    2: gettext_lazy("2 – annoying"),
    3: gettext_lazy("3 – harmful, can be repaired"),
    4: gettext_lazy("4 – serious"),
    5: gettext_lazy("5 – cannot be repaired"),
}
#: Risks that the map shows.
MOST_MAPPED = 200


def size(product: int) -> tuple[str, str]:
    """A word and a tone for likely times bad."""
    for most, word, tone in ((4, _("small"), "good"), (9, _("medium"), "warn"), (14, _("large"), "warn")):
        if product <= most:
            return word, tone
    return _("very large"), "bad"


def how_much(likelihood: int, impact: int) -> SafeString:
    """Likely times bad on the 5x5 scale, as a word with its number."""
    word, tone = size(likelihood * impact)
    return badge(f"{word} ({likelihood}×{impact})", tone)


def heat_map(risks: Sequence[Risk]) -> dict[str, Any]:
    """The 5x5 table: rows by how likely, columns by how bad, each cell with its word, its number and its risks."""
    cells: dict[tuple[int, int], list[Risk]] = {}
    for one in risks:
        cells.setdefault((one.likelihood_after, one.impact_after), []).append(one)
    rows = []
    for likely in range(5, 0, -1):
        columns = []
        for bad in range(1, 6):
            word, tone = size(likely * bad)
            columns.append(
                {"word": word, "tone": tone, "number": likely * bad, "risks": cells.get((likely, bad), [])}
            )
        rows.append({"title": LIKELY[likely], "cells": columns})
    return {"columns": list(BAD.values()), "rows": rows, "limit": rules_in_force().risk_appetite}


def _scale(words: dict[int, Any], initial: int) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        coerce=int, choices=list(words.items()), initial=initial, widget=UnfoldAdminSelectWidget()
    )


class RiskForm(TenantModelForm):
    """A risk on scales with words."""

    likelihood_before, likelihood_after = _scale(LIKELY, 3), _scale(LIKELY, 2)
    impact_before, impact_after = _scale(BAD, 3), _scale(BAD, 2)
    indicator = forms.ChoiceField(
        label=gettext_lazy("The figure that watches it"),
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text=gettext_lazy("Read every day. Above the limit it opens the risk again by itself."),
    )

    class Meta:
        model = Risk
        fields = (
            "title",
            "description",
            "likelihood_before",
            "impact_before",
            "strategy",
            "treatment",
            "likelihood_after",
            "impact_after",
            "appetite",
            "status",
            "accepted_until",
            "accepted_because",
            "indicator",
            "indicator_limit",
            "accountable",
            "review_due",
        )
        labels = {
            "title": gettext_lazy("What could go wrong"),
            "description": gettext_lazy("What would happen, and to whom"),
            "status": gettext_lazy("State"),
            "accountable": gettext_lazy("Who answers for it"),
            "indicator_limit": gettext_lazy("Its limit"),
        }
        help_texts = {
            "appetite": gettext_lazy("Likely times bad, 1 to 25. Empty: the limit of your rules."),
            "accepted_until": gettext_lazy("At most a year; then it is decided again."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "likelihood_before": _("How likely, before we do anything"),
            "impact_before": _("How bad, before we do anything"),
            "likelihood_after": _("How likely, with what we do"),
            "impact_after": _("How bad, with what we do"),
        }
        for name, label in labels.items():
            if name in self.fields:
                self.fields[name].label = label
        if "indicator" in self.fields:
            figures: Any = self.fields["indicator"]
            figures.choices = [("", _("None")), *((one.key, one.label) for one in indicators.CATALOGUE)]

    def clean(self) -> dict[str, Any]:
        """A figure has a limit; an acceptance has its reason."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        figure = indicators.BY_KEY.get(said.get("indicator") or "")
        if figure is not None and said.get("indicator_limit") is None:
            said["indicator_limit"] = figure.limit
        if said.get("status") == "accepted" and not (said.get("accepted_because") or "").strip():
            self.add_error("accepted_because", _("Say why it is fine to live with it."))
        return said


class RiskAdmin(RegisterAdmin):
    """What could go wrong, before and after what we do about it."""

    form = RiskForm
    about = gettext_lazy(
        "What could go wrong with AI here. What we do counts only while the check behind it holds."
    )
    list_picture = "admin/governance/heat_map.html"
    entry_picture = "admin/governance/risk_watch.html"
    list_display = ("title", "before", "after", "counts", "status", "who", "look_again")
    list_filter = ("status",)
    list_select_related = ("accountable__user",)
    search_fields = ("title",)
    search_help_text = gettext_lazy("Words of the title")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("title", "description", "accountable", "review_due")}),
        (gettext_lazy("Before we do anything"), {"fields": ("likelihood_before", "impact_before")}),
        (
            gettext_lazy("With what we do"),
            {"fields": ("strategy", "treatment", "likelihood_after", "impact_after")},
        ),
        (
            gettext_lazy("What we decide"),
            {"fields": ("appetite", "status", "accepted_until", "accepted_because")},
        ),
        (gettext_lazy("What watches it"), {"fields": ("indicator", "indicator_limit")}),
    )

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Through the service: a decision goes no further than the rules."""
        risks.keep(risk=obj, member=member)

    def remove(self, *, obj: Any, member: Membership) -> None:
        """Through the service: what holds the AI back is not thrown away."""
        risks.remove(risk=obj, member=member)

    def that_count(self) -> Any:
        """All that are not closed."""
        return Risk.objects.exclude(status="closed").order_by("pk")

    def list_steps(self) -> Sequence[Step]:
        """Ask everything now."""
        return (Step("look", _("Look at the figures now")),)

    def take(self, name: str, obj: Any, member: Membership, data: Any) -> str:
        """Read figures and checks."""
        if name != "look" or obj is not None:
            raise Http404
        opened = indicators.run()
        if opened:
            return (
                _("%(n)s risk is open again.") % {"n": opened}
                if opened == 1
                else _("%(n)s risks are open again.") % {"n": opened}
            )
        return _("Every figure was read; none is above its limit anew.")

    def picture(self) -> Any:
        """The map."""
        return heat_map(list(self.that_count()[:MOST_MAPPED]))

    def entry(self, obj: Risk) -> Any:
        """What keeps it small and what watches it, as they last said."""
        figure = indicators.BY_KEY.get(obj.indicator)
        return {
            "control": indicators.CONTROL_WORDS.get(obj.control, ""),
            "control_ok": obj.control_ok,
            "control_at": obj.control_checked_at,
            "figure": figure,
            "value": figure.said(obj.indicator_value) if figure else "",
            "limit": figure.said(obj.indicator_limit) if figure else "",
            "too_high": effects.too_high(obj),
            "reopened_at": obj.reopened_at,
            "reopened_because": indicators.because(obj),
        }

    @admin.display(description=gettext_lazy("Before"))
    def before(self, obj: Risk) -> SafeString:
        """In a word."""
        return how_much(obj.likelihood_before, obj.impact_before)

    @admin.display(description=gettext_lazy("Left after what we do"))
    def after(self, obj: Risk) -> SafeString:
        """In a word."""
        return how_much(obj.likelihood_after, obj.impact_after)

    @admin.display(description=gettext_lazy("Counts today"))
    def counts(self, obj: Risk) -> str:
        """Whether what we do holds."""
        if effects.too_high(obj):
            return _("as before: its figure is above the limit")
        if obj.control_ok is False:
            return _("as before: what keeps it small does not hold")
        return _("what is left")


site.register(Risk, RiskAdmin)
