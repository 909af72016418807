"""Forms of the page "Opening hours": a week in words like "9:00-12:00, 13:00-17:00", targets, closed days."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.tenancy.zones import zones
from tickets.forms import LANGUAGES
from tickets.models import Priority
from tickets.public_holidays import COUNTRIES, region_names
from tickets.selectors.clock import Clock

DAYS: Final = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
_SPAN = re.compile(r"\s*(\d{1,2})(?:[:.](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[:.](\d{2}))?\s*")
#: Every priority without its own, then the most urgent first.
PRIORITIES: Final = (None, *sorted(Priority, reverse=True))


def spans_in(text: str) -> list[list[int]]:
    """ "9:00-12:00, 13-17" as minutes; empty is closed. Raises ValidationError."""
    found: list[list[int]] = []
    for part in filter(str.strip, re.split(r"[,;]", text)):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise ValidationError(_("Write times like 9:00-12:00, 13:00-17:00; leave it empty for closed."))
        first, first_minute, last, last_minute = (int(one or 0) for one in match.groups())
        begins, ends = first * 60 + first_minute, last * 60 + last_minute
        if first_minute > 59 or last_minute > 59 or ends > 1440 or begins >= ends:
            raise ValidationError(
                _("“%(text)s” is not a time from earlier to later.") % {"text": part.strip()}
            )
        if found and begins < found[-1][1]:
            raise ValidationError(
                _("“%(text)s” begins before the time before it ends.") % {"text": part.strip()}
            )
        found.append([begins, ends])
    return found


def spans_text(spans: Any) -> str:
    """Minutes as the form writes them."""
    return ", ".join(f"{b // 60}:{b % 60:02}-{e // 60}:{e % 60:02}" for b, e in spans)


class HoursForm(forms.Form):
    """A week, whose public holidays it keeps, and (for the whole shop) the time zone."""

    own = forms.BooleanField(label=gettext_lazy("This inbox has its own hours"), required=False)
    timezone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zones)
    country = forms.ChoiceField(
        label=gettext_lazy("Closed on the public holidays of"),
        required=False,
        choices=[("", gettext_lazy("no country")), *COUNTRIES.items()],
    )
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)

    def __init__(self, *args: Any, known: Clock, inbox_id: int | None, **kwargs: Any) -> None:
        week = known.week_of(inbox_id)
        initial = {"timezone": known.zone.key, "country": week.country, "region": week.region}
        initial |= {f"day{n}": spans_text(spans) for n, spans in enumerate(week.week)}
        kwargs["initial"] = {**initial, "own": inbox_id in known.weeks}
        super().__init__(*args, **kwargs)
        for n, name in enumerate(DAYS):
            self.fields[f"day{n}"] = forms.CharField(label=name, required=False, max_length=100)
        country = self.data.get("country", week.country) if self.is_bound else week.country
        names = sorted(region_names(country).items(), key=lambda one: one[1])
        self.fields["region"].choices = [("", _("whole country")), *names]  # type: ignore[attr-defined]
        if inbox_id is None:
            del self.fields["own"]
        else:
            del self.fields["timezone"]
        self.order_fields(["own", "timezone", *(f"day{n}" for n in range(7)), "country", "region"])

    def clean(self) -> dict[str, Any]:
        """Adds `week`."""
        cleaned = super().clean() or {}
        week = []
        for n in range(7):
            try:
                week.append(spans_in(cleaned.get(f"day{n}", "")))
            except ValidationError as error:
                self.add_error(f"day{n}", error)
        return {**cleaned, "week": week}


class TargetsForm(forms.Form):
    """Hours to the first and to the next answer, for each priority."""

    def __init__(self, *args: Any, known: Clock, inbox_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for priority in PRIORITIES:
            word = Priority(priority).label if priority else _("Every other")
            stored = known.targets.get((inbox_id, priority), (None, None))
            for kind, said, minutes in zip("fn", (_("first answer"), _("next answers")), stored, strict=True):
                self.fields[f"{kind}{priority or 0}"] = forms.DecimalField(
                    label=f"{word}: {said}",
                    required=False,
                    min_value=Decimal("0.1"),
                    max_value=1000,
                    max_digits=6,
                    decimal_places=2,
                    initial=None
                    if minutes is None
                    else (Decimal(minutes) / 60).quantize(Decimal("0.01")).normalize(),
                )

    def minutes(self) -> dict[int | None, tuple[int | None, int | None]]:
        """As the service takes them."""

        def of(name: str) -> int | None:
            hours = self.cleaned_data[name]
            return None if hours is None else max(1, round(hours * 60))

        return {one: (of(f"f{one or 0}"), of(f"n{one or 0}")) for one in PRIORITIES}


class ClosedForm(forms.Form):
    """Days that differ, and what customers are told who write then."""

    name = forms.CharField(label=gettext_lazy("What is it"), max_length=80)
    first = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    stays_open = forms.BooleanField(label=gettext_lazy("We are open all the same"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, word in LANGUAGES:
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Told to customers who write then, %(language)s") % {"language": word},
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def texts(self) -> dict[str, str]:
        """Language -> text."""
        return {code: self.cleaned_data[f"text_{code}"] for code, _word in LANGUAGES}
