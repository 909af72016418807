"""The owner's report for a period: what the AI did, how people fared, what went wrong, what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import figures
from governance.admin.records import reason_of
from governance.models import AIDecision, Change, EthicsPolicy, Override
from governance.papers.facts import Facts, Period
from governance.papers.text import heading, listed, table

#: The newest stopped steps that are read for the reasons.
MOST_READ = 2_000
#: Reasons and entries that are named.
MOST_NAMED = 10


def owner_report(facts: Facts) -> Iterator[str]:
    """The report. The period's days are days in the organization's time zone."""
    period = facts.period or last_month()
    start, end = moments(period)
    yield _("From %(start)s to %(end)s.") % {
        "start": date_format(period.start),
        "end": date_format(period.end),
    }
    yield heading(_("Figures"))
    yield table([_("Figure"), _("Value"), _("Between"), _("Cases"), _("What it means")], _figures(start, end))
    yield heading(_("What the AI did"))
    yield from _steps(start, end)
    yield heading(_("Exceptions and rules"))
    yield from _rules(start, end)
    yield heading(_("What went wrong"))
    found = [one for one in facts.incidents if start <= one.noticed_at < end]
    yield table(
        [_("Incident"), _("Noticed"), _("State"), _("What we learned")],
        (
            [one.title, date_format(timezone.localtime(one.noticed_at)), one.get_state_display(), one.review]
            for one in found[:MOST_NAMED]
        ),
    ) or _("No incident was noticed.")
    yield heading(_("Are people treated alike?"))
    audits = [one for one in facts.audits if start <= one.created_at < end]
    yield table(
        [_("Check"), _("Verdict"), _("Cases"), _("What it means")],
        (
            [one.title, one.get_verdict_display(), one.sample_size, one.interpretation]
            for one in audits[:MOST_NAMED]
        ),
    ) or _("No check was made.")
    yield heading(_("You said, we changed"))
    changed = Change.objects.filter(published_at__gte=start, published_at__lt=end).order_by("pk")[:MOST_NAMED]
    yield listed(f"{one.said} → {one.changed} ({one.change_ref})" for one in changed) or _(
        "Nothing was published."
    )


def last_month() -> Period:
    """The newest month that is over."""
    first = timezone.localdate().replace(day=1)
    end = first - timedelta(days=1)
    return Period(end.replace(day=1), end)


def moments(period: Period) -> tuple[datetime, datetime]:
    """When the period begins and ends, in the zone that is active (midnight exists on days when clocks change)."""
    zone = timezone.get_current_timezone()
    begin = datetime.combine(period.start, time.min, tzinfo=zone)
    return begin, datetime.combine(period.end + timedelta(days=1), time.min, tzinfo=zone)


def _figures(start: datetime, end: datetime) -> Iterator[list[Any]]:
    found, _before = figures.measure(start - (end - start), start, end)
    for key, title, definition, unit, _classic, _better in figures.SHEET:
        one = found[key]
        if one.value is None:
            yield [title, _("not measured"), one.because, one.n, definition]
            continue
        between = (
            ""
            if one.low is None or one.high is None
            else f"{figures.in_words(one.low, unit)} – {figures.in_words(one.high, unit)}"
        )
        yield [title, figures.in_words(one.value, unit), between, one.n, definition]


def _steps(start: datetime, end: datetime) -> Iterator[str]:
    rows = AIDecision.objects.filter(kind="real", created_at__gte=start, created_at__lt=end)
    drafts = rows.filter(action="draft", allowed=True).count()
    stopped = rows.filter(allowed=False)
    cost = sum(rows.exclude(cost_micro=0).values_list("cost_micro", flat=True))
    yield _("Drafts allowed: %(drafts)s. Steps stopped: %(stopped)s. Cost: %(cost)s.") % {
        "drafts": drafts,
        "stopped": stopped.count(),
        "cost": f"{cost / 1_000_000:.2f}",
    }
    newest = stopped.only("reasons", "allowed").order_by("-pk")[:MOST_READ]
    reasons = Counter(filter(None, map(reason_of, newest))).most_common(MOST_NAMED)
    yield table([_("Why it was stopped"), _("Times")], reasons)


def _rules(start: datetime, end: datetime) -> Iterator[str]:
    versions = EthicsPolicy.objects.filter(published_at__gte=start, published_at__lt=end).order_by("version")
    yield listed(
        _("Version %(version)s came into force: %(why)s")
        % {"version": one.version, "why": one.summary or one.title}
        for one in versions
    ) or _("The rules did not change.")
    given = Override.objects.filter(created_at__gte=start, created_at__lt=end).order_by("pk")[:MOST_NAMED]
    yield table(
        [_("Exception because"), _("What gave way"), _("Until")],
        (
            [
                one.why,
                one.value_given_way,
                date_format(timezone.localtime(one.until), "SHORT_DATETIME_FORMAT"),
            ]
            for one in given
        ),
    ) or _("There was no exception.")
