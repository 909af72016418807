"""The owner's page "Opening hours": the week, closed days and targets of the shop and of each inbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from tickets.hours_forms import DAYS, ClosedForm, HoursForm, TargetsForm, spans_text
from tickets.models import ClosedDays, Inbox
from tickets.selectors.clock import Clock, clock
from tickets.services import opening_hours as services
from tickets.views.skeleton import day


@require_http_methods(["GET", "POST"])
@member_required("admin")
def hours(request: HttpRequest) -> HttpResponse:
    """The shop's page, or (?inbox=) an inbox's; each of its three forms saves by itself."""
    inbox = _inbox(request)
    known, what = clock(), request.POST.get("what", "")
    about: dict[str, Any] = {"known": known, "inbox_id": inbox.pk if inbox else None}
    forms: dict[str, Any] = {
        "hours": HoursForm(request.POST if what == "hours" else None, **about),
        "targets": TargetsForm(request.POST if what == "targets" else None, **about),
        "closed": ClosedForm(request.POST if what == "closed" else None),
    }
    form = forms.get(what)
    if form is not None and form.is_valid() and _saved(request, what, form, inbox):
        return redirect(_address(inbox))
    context = {
        **{f"{name}_form": one for name, one in forms.items()},
        "inbox": inbox,
        "places": _places(inbox),
        "week": _next_week(known, inbox),
        "days": _closed(known, inbox),
    }
    return render(request, "desk/opening_hours.html", context, status=422 if form and form.errors else 200)


@require_POST
@member_required("admin")
def closed_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """These days are like any other again."""
    found = get_object_or_404(ClosedDays.objects.select_related("inbox"), pk=pk)
    inbox = found.inbox
    services.remove_closed(days=found)
    messages.success(request, _("Deleted."))
    return redirect(_address(inbox))


def _inbox(request: HttpRequest) -> Inbox | None:
    asked = request.GET.get("inbox", "")
    if not asked:
        return None
    return get_object_or_404(Inbox, pk=int(asked) if asked.isdecimal() and len(asked) < 18 else 0)


def _address(inbox: Inbox | None) -> str:
    return reverse("desk:opening_hours") + (f"?inbox={inbox.pk}" if inbox else "")


def _saved(request: HttpRequest, what: str, form: Any, inbox: Inbox | None) -> bool:
    try:
        with transaction.atomic():
            _save(what, form, inbox)
    except HelpdeskError as refused:
        form.add_error(None, f"{refused.message} {refused.next_step}".strip())
        return False
    messages.success(request, _("Saved. Open tickets are worked out anew."))
    return True


def _save(what: str, form: Any, inbox: Inbox | None) -> None:
    asked = form.cleaned_data
    if what == "hours":
        own = asked.get("own", True)
        place = {"country": asked["country"], "region": asked["region"]}
        services.set_hours(inbox=inbox, week=asked["week"] if own else None, **place)
        if inbox is None:
            services.set_zone(timezone=asked["timezone"])
    elif what == "targets":
        services.set_targets(inbox=inbox, minutes=form.minutes())
    else:
        dates = {"first": asked["first"], "last": asked["last"], "stays_open": asked["stays_open"]}
        services.add_closed(inbox=inbox, name=asked["name"], texts=form.texts(), **dates)


def _places(inbox: Inbox | None) -> list[dict[str, Any]]:
    shown = [(None, _("Whole shop")), *((one, one.name) for one in Inbox.objects.order_by("name"))]
    return [{"label": label, "url": _address(one), "current": one == inbox} for one, label in shown]


def _next_week(known: Clock, inbox: Inbox | None) -> list[dict[str, str]]:
    """The next seven days in words."""
    inbox_id = inbox.pk if inbox else None
    today, found = timezone.now().astimezone(known.zone), []
    hours_of = known.hours_of(inbox_id)
    for step in range(7):
        moment = today + timedelta(days=step)
        spans = hours_of.week[moment.weekday()]
        if hours_of.closed(moment.date()):
            said = _("closed: %(name)s") % {"name": known.closed_name(inbox_id, moment.date())}
        elif spans == ((0, 1440),):
            said = _("day and night")
        else:
            said = spans_text(spans).replace("-", "–") or _("closed")
        found.append({"day": f"{DAYS[moment.weekday()]}, {day(moment)}", "said": said})
    return found


def _closed(known: Clock, inbox: Inbox | None) -> list[ClosedDays]:
    since = timezone.now().astimezone(known.zone).date()
    return list(ClosedDays.objects.filter(inbox=inbox, ends_on__gte=since).order_by("starts_on", "pk"))
