"""Snooze and wake a ticket, and go on to the next one of the list."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from tickets.models import Ticket
from tickets.selectors.clock import clock
from tickets.selectors.listing import beside
from tickets.services import timing, undoing
from tickets.views import drawing, panes
from tickets.views.base import is_fragment, member_of, ticket_or_404, toasts, varying
from tickets.views.due import until_words, waking_at
from tickets.views.frame import frame_of, with_query


@require_POST
@member_required("work")
def snooze(request: HttpRequest, number: int) -> HttpResponse:
    """Let the ticket sleep until `until`: later, tomorrow, monday, or a day in `day`."""
    found, member = ticket_or_404(request, number), member_of(request)
    asked = request.POST.get("until") or request.POST.get("day", "")
    note = undoing.note("snooze", member=member, ticket=found.pk, was=_iso(found))
    try:
        until = waking_at(asked, found.inbox_id, timezone.now(), clock())
        with transaction.atomic():
            timing.snooze(ticket=found, until=until, member=member)
        messages.success(
            request, _("Snoozed until %(time)s.") % {"time": until_words(until)}, extra_tags=note
        )
    except (ValueError, OverflowError):
        messages.error(request, _("Choose when it should come back."))
    except HelpdeskError as refused:
        messages.error(request, f"{refused.message} {refused.next_step}".strip())
    return _pane(request, number)


@require_POST
@member_required("work")
def wake(request: HttpRequest, number: int) -> HttpResponse:
    """End the sleep now."""
    found, member = ticket_or_404(request, number), member_of(request)
    note = undoing.note("snooze", member=member, ticket=found.pk, was=_iso(found))
    timing.wake(ticket=found, member=member)
    messages.success(request, _("It is back in the list."), extra_tags=note)
    return _pane(request, number)


def _iso(ticket: Ticket) -> str:
    return ticket.snoozed_until.isoformat() if ticket.snoozed_until else ""


def _pane(request: HttpRequest, number: int) -> HttpResponse:
    if not is_fragment(request):
        return redirect("desk:ticket", number)
    found = ticket_or_404(request, number)
    frame_of(request).filters = panes.filters_of_page(request)
    body = drawing.ticket_html(request, panes.ticket_pane(request, found)) + toasts(request)
    response = HttpResponse(body)
    response["HX-Trigger"] = "live:counts"
    return varying(response)


@require_GET
@member_required()
def step(request: HttpRequest, number: int, way: str) -> HttpResponse:
    """To the next ticket of the list, or the one before; at its end the ticket stays."""
    found, filters, frame = ticket_or_404(request, number), panes.read_filters(request), frame_of(request)
    other = beside(filters, frame.member, frame.sight, found, back=way == "previous")
    if other is None:
        messages.info(
            request, _("That was the first one.") if way == "previous" else _("That was the last one.")
        )
    place = reverse("desk:ticket", args=[other or number])
    return redirect(f"{place}?{with_query(filters)}")
