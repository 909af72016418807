"""Set opening hours, closed days and targets; every change works out anew, in a task, when open tickets are due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.errors import InvalidState
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.models import AnswerTarget, ClosedDays, Inbox, OpeningHours

MOST_CLOSED = 200
Week = list[list[list[int]]]


@transaction.atomic
def set_hours(*, inbox: Inbox | None, week: Week | None, country: str = "", region: str = "") -> None:
    """The week of the shop or an inbox, and whose public holidays it keeps. None: none of its own."""
    if week is None:
        OpeningHours.objects.filter(inbox=inbox).delete()
    else:
        values = {"week": week, "country": country, "region": region}
        OpeningHours.objects.update_or_create(inbox=inbox, defaults=values)
    _retime()


@transaction.atomic
def set_zone(*, timezone: str) -> None:
    """The shop's time zone."""
    Organization.objects.filter(pk=current_organization_id()).update(timezone=timezone)
    _retime()


@transaction.atomic
def set_targets(*, inbox: Inbox | None, minutes: Mapping[int | None, tuple[int | None, int | None]]) -> None:
    """Priority (None: every other) -> minutes to the first and to the next answer; None promises nothing."""
    AnswerTarget.objects.filter(inbox=inbox).delete()
    AnswerTarget.objects.bulk_create(
        AnswerTarget(inbox=inbox, priority=priority, first_minutes=first, next_minutes=later)
        for priority, (first, later) in minutes.items()
        if first or later
    )
    _retime()


@transaction.atomic
def add_closed(
    *, inbox: Inbox | None, name: str, first: date, last: date, stays_open: bool, texts: Mapping[str, str]
) -> ClosedDays:
    """Days that differ, first and last included. `texts`: language -> what the acknowledgement says then."""
    if last < first:
        raise InvalidState(_("The last day is before the first."), next_step=_("Change one of them."))
    if ClosedDays.objects.count() >= MOST_CLOSED:
        raise InvalidState(_("These are very many days."), next_step=_("Remove some that have passed."))
    said = {language: text.strip() for language, text in texts.items() if text.strip()}
    days = {"starts_on": first, "ends_on": last, "stays_open": stays_open}
    made = ClosedDays.objects.create(inbox=inbox, name=name, texts=said, **days)
    _retime()
    return made


@transaction.atomic
def remove_closed(*, days: ClosedDays) -> None:
    """These days are like any other again."""
    days.delete()
    _retime()


def _retime() -> None:
    from tickets.tasks import retime

    enqueue_on_commit(retime, organization_id=current_organization_id())
