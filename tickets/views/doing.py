"""The page "How are we doing": one sentence, the figures with what they mean, then every inbox."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from helpdesk.people.decorators import member_required
from tickets.hours import moment_of
from tickets.selectors.clock import clock
from tickets.selectors.doing import Figures, doing
from tickets.views.due import span
from tickets.views.frame import frame_of

#: Spans that are one click away; the first is what the page opens with.
SPANS: Final = (30, 7, 90)
MOST_DAYS: Final = 400
EARLIEST: Final = 2000
#: From fewer than these a middle value says little, and the page says so.
FEW: Final = 5


class Card(NamedTuple):
    """One figure: its value and that of as many days before, what it was taken from, what it means, bad or ""."""

    label: str
    value: object
    was: object
    n: str
    means: str
    state: str = ""


class SpanForm(forms.Form):
    """From which day to which, both included, and of which inbox."""

    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    inbox = forms.TypedChoiceField(label=gettext_lazy("Inbox"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, inboxes: list[tuple[int, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["inbox"].choices = [("", gettext_lazy("all")), *inboxes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Days that were not given are the last 30."""
        found = super().clean() or {}
        until = min(found.get("until") or self.today, self.today)
        if until.year < EARLIEST:
            raise ValidationError(_("Nothing was written down so long ago."))
        since = found.get("since") or until - timedelta(days=SPANS[0] - 1)
        if since > until:
            raise ValidationError(_("The first day is after the last."))
        if (until - since).days >= MOST_DAYS:
            raise ValidationError(_("At most 400 days."))
        return {**found, "since": since, "until": until}


@require_GET
@member_required("admin")
def how(request: HttpRequest) -> HttpResponse:
    """How the shop is doing in a span of days; nonsense in the address is said, and the last 30 days are shown."""
    sight, zone = frame_of(request).sight, clock().zone
    today = timezone.now().astimezone(zone).date()
    inboxes = list(sight.inboxes)
    form = SpanForm(request.GET, inboxes=inboxes, today=today)
    asked = form.cleaned_data if form.is_valid() else {}
    until = asked.get("until") or today
    since = asked.get("since") or until - timedelta(days=SPANS[0] - 1)
    start, end = (moment_of(day, 0, zone) for day in (since, until + timedelta(days=1)))
    found = doing(start, end, sight)
    before = doing(start - (end - start), start, sight)
    place = asked.get("inbox")
    shown = SpanForm({"since": since, "until": until, "inbox": place or ""}, inboxes=inboxes, today=today)
    context = {
        "form": form if form.errors else shown,
        "spans": _spans(today, since, until, place),
        "sentence": _sentence(found[place]),
        "figures": _cards(found[place], before[place]),
        "rows": [] if place else [{"name": name, "f": _row(found[pk])} for pk, name in inboxes],
        "nothing": not any((found[place].opened, found[place].answered, found[place].waiting)),
    }
    return render(request, "desk/doing.html", context, status=422 if form.errors else 200)


def _spans(today: date, since: date, until: date, place: int | None) -> list[dict[str, Any]]:
    """The spans that are one click away."""
    inbox = f"&inbox={place}" if place else ""
    found = []
    for days in sorted(SPANS):
        first = today - timedelta(days=days - 1)
        url = f"{reverse('desk:doing')}?since={first}&until={today}{inbox}"
        found.append(
            {"label": _("%(n)s days") % {"n": days}, "url": url, "current": (since, until) == (first, today)}
        )
    return found


def _sentence(figures: Figures) -> str:
    came = ngettext("%(n)s request came in.", "%(n)s requests came in.", figures.opened) % {
        "n": figures.opened
    }
    said = [came]
    if figures.median is not None:
        said.append(
            _("Half of the first answers went out within %(time)s.") % {"time": _length(figures.median)}
        )
    if not figures.waiting:
        return " ".join([*said, _("Nobody waits for an answer now.")])
    waits = ngettext("%(n)s customer waits now", "%(n)s customers wait now", figures.waiting)
    late = _("none of them too long") if not figures.late else _("%(n)s too long") % {"n": figures.late}
    return " ".join([*said, f"{waits % {'n': figures.waiting}}, {late}."])


def _length(seconds: float | None) -> str:
    return span(timedelta(seconds=seconds)) if seconds is not None else "–"


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else "–"


def _cards(now: Figures, before: Figures) -> list[Card]:
    """Each figure with the one of as many days before, what it was taken from, and what it means."""
    few = _("too few to tell much")
    answers = _("of %(n)s first answers") % {"n": now.answered}
    return [
        Card(
            _("Came in"), now.opened, before.opened, "",
            _("Requests that began in these days, by mail, on the help pages, or written down by a colleague."),
        ),
        Card(
            _("Answered"), now.answered, before.answered, "",
            _("Requests that got their first answer in these days. Acknowledgements do not count."),
        ),
        Card(
            _("Time to the first answer"), _length(now.median), _length(before.median),
            answers if now.answered >= FEW or not now.answered else f"{answers}, {few}",
            _("Half were faster, half slower (median), as customers wait: nights and closed days count."),
        ),
        Card(
            _("Came back"), _share(now.reopened, now.solved), _share(before.reopened, before.solved),
            _("%(part)s of %(n)s solved") % {"part": now.reopened, "n": now.solved},
            _("Requests that opened again, against those that were solved in these days."),
        ),
        Card(
            _("“This was right”"), _share(now.right, now.asked), _share(before.right, before.asked),
            _("%(part)s of %(n)s who said") % {"part": now.right, "n": now.asked}
            + (f", {few}" if 0 < now.asked < FEW else ""),
            _("Customers who tapped “yes” to “was this right?”. Most say nothing; they are not counted."),
        ),
        Card(
            _("Waiting now"), now.waiting, "",
            _("the oldest since %(time)s") % {"time": _length((timezone.now() - now.since).total_seconds())}
            if now.since
            else "",
            _("Open requests where the customer wrote last."),
        ),
        Card(
            _("Late now"), now.late, "", _("of %(n)s waiting") % {"n": now.waiting},
            _("Past the time that your opening hours page promises. Without a promise nothing is late."),
            "bad" if now.late else "",
        ),
    ]  # fmt: skip


def _row(figures: Figures) -> dict[str, object]:
    return {
        "opened": figures.opened,
        "answered": figures.answered,
        "median": _length(figures.median),
        "reopened": _share(figures.reopened, figures.solved),
        "right": _share(figures.right, figures.asked),
        "waiting": figures.waiting,
        "late": figures.late,
    }
