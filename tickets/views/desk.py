"""The desk: list and ticket in their panes, the counts, and what is set on tickets."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.errors import HelpdeskError, InvalidState
from helpdesk.live import events
from helpdesk.people.decorators import member_required
from helpdesk.people.models import Membership
from tickets.models import Status, Ticket
from tickets.selectors.listing import Filters, tickets_page
from tickets.selectors.notices import unseen
from tickets.selectors.ticket_page import about, people, thread
from tickets.services import changing, noticing, undoing
from tickets.views import drawing, panes, side
from tickets.views.base import is_fragment, member_of, ticket_or_404, toasts, varying
from tickets.views.entries import entries
from tickets.views.frame import frame_of


@require_GET
@member_required()
def home(request: HttpRequest) -> HttpResponse:
    """The list of a view; the whole page, the list, or one more page of rows."""
    context = {"listing": panes.listing(request, panes.read_filters(request))}
    if not is_fragment(request):
        return varying(drawing.page(request, context))
    if request.GET.get("after") and not is_fragment(request, "list"):
        template = "desk/_list_rows.html"
    else:
        template = "desk/_list.html"
    return varying(render(request, template, context))


@require_GET
@member_required()
def ticket(request: HttpRequest, number: int) -> HttpResponse:
    """One ticket: with the list beside it, or alone into its pane."""
    found = ticket_or_404(request, number)
    if found.number != number:  # merged: its number leads to where it lives on
        return redirect("desk:ticket", found.number)
    filters = panes.read_filters(request)
    frame_of(request).filters = filters
    changing.mark_read(ticket=found, member=member_of(request))
    if frame_of(request).unseen:
        noticing.seen_on(found, member_of(request))
        frame_of(request).unseen = unseen(member_of(request))
    if is_fragment(request, "list"):
        return varying(
            render(request, "desk/_list.html", {"listing": panes.listing(request, filters, current=number)})
        )
    if is_fragment(request):
        return varying(HttpResponse(drawing.ticket_html(request, panes.ticket_pane(request, found))))
    context = {
        "listing": panes.listing(request, filters, current=number),
        **panes.ticket_pane(request, found),
    }
    return varying(drawing.page(request, context))


@require_GET
@member_required()
def row(request: HttpRequest, number: int) -> HttpResponse:
    """One row of the list, as it is now."""
    frame, filters = frame_of(request), panes.read_filters(request)
    rows = tickets_page(Filters(view="all", number=number), frame.member, frame.sight).rows
    if not rows:
        raise Http404
    can_edit = "work" in panes.rights(frame.member)
    return varying(HttpResponse(panes.shown_rows(rows, filters, can_edit=can_edit)[0]))


@require_GET
@member_required()
def counts(request: HttpRequest) -> HttpResponse:
    """The views and inboxes with their counts."""
    frame = frame_of(request)
    frame.filters = panes.filters_of_page(request)
    return varying(render(request, "desk/_nav_counts.html"))


@require_GET
@member_required()
def conversation(request: HttpRequest, number: int) -> HttpResponse:
    """The thread as it is now, whole where asked for."""
    found = ticket_or_404(request, number)
    shown = thread(found, everything=request.GET.get("all") == "1")
    can_edit = "work" in panes.rights(member_of(request))
    context = {
        "ticket": found,
        "entries": entries(request, found, shown, people(found.inbox_id), can_edit=can_edit),
        "thread_older_url": "" if shown.whole else f"{request.path}?all=1",
    }
    return varying(render(request, "desk/_thread.html", context))


@require_http_methods(["GET", "POST"])
@member_required()
def properties(request: HttpRequest, number: int) -> HttpResponse:
    """What is set on the ticket; POST saves what changed."""
    found, error = ticket_or_404(request, number), ""
    if request.method == "POST":
        error = _set(request, found)
        if not is_fragment(request):
            if error:
                messages.error(request, error)
            return redirect("desk:ticket", number)
    return _properties(request, ticket_or_404(request, number), error)


def _set(request: HttpRequest, found: Ticket) -> str:
    """Save each field that differs; the first refusal undoes all, and its words are returned."""
    member, data = member_of(request), request.POST
    before = undoing.state_of([found.pk])
    try:
        with transaction.atomic():
            if "assignee" in data:
                changing.assign(ticket=found, assignee=_member(data["assignee"]), member=member)
            if data.get("status"):
                changing.set_status(ticket=found, status=data["status"], member=member)
            if data.get("priority", "").isdecimal():
                changing.set_priority(ticket=found, priority=int(data["priority"]), member=member)
            if "tags" in data:
                changing.set_tags(ticket=found, names=data["tags"].split(","), member=member)
    except HelpdeskError as refused:
        return f"{refused.message} {refused.next_step}".strip()
    _offer_undo(request, before, _("Changed."))
    return ""


def _offer_undo(request: HttpRequest, before: undoing.State, said: str) -> None:
    """Say what was done, with the note that undoes it; nothing where nothing changed."""
    note = undoing.note_of_changes(before, member=member_of(request))
    if note:
        messages.success(request, said, extra_tags=note)


def _member(pk: str) -> Membership | None:
    if not pk:
        return None
    found = Membership.objects.select_related("user").filter(pk=pk).first() if pk.isdecimal() else None
    if found is None:
        raise InvalidState(_("This colleague does not work here any more."))
    return found


def _properties(request: HttpRequest, found: Ticket, error: str = "") -> HttpResponse:
    frame = frame_of(request)
    context: dict[str, Any] = {
        "ticket": found,
        "properties": side.properties(
            found, about(found, frame.member, frame.sight), people(found.inbox_id), error=error
        ),
        "can_edit": "work" in panes.rights(frame.member),
    }
    body: str = render_to_string("desk/_properties.html", context, request=request)
    if request.method == "POST":
        body += render_to_string("desk/_status_word.html", {"ticket": found, "oob": True}, request=request)
        body += toasts(request)
    return varying(HttpResponse(body))


@require_POST
@member_required("work")
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Assign the ticket to oneself."""
    found, member, error = ticket_or_404(request, number), member_of(request), ""
    before = undoing.state_of([found.pk])
    try:
        changing.assign(ticket=found, assignee=member, member=member)
        _offer_undo(request, before, _("It is yours."))
    except HelpdeskError as refused:
        error = f"{refused.message} {refused.next_step}".strip()
    if not is_fragment(request):
        return redirect("desk:ticket", number)
    return _properties(request, ticket_or_404(request, number), error)


@require_POST
@member_required("work")
def solve(request: HttpRequest, number: int) -> HttpResponse:
    """Solve the ticket."""
    found = ticket_or_404(request, number)
    before = undoing.state_of([found.pk])
    changing.set_status(ticket=found, status=Status.SOLVED, member=member_of(request))
    _offer_undo(request, before, _("Solved."))
    if not is_fragment(request):
        return redirect("desk:ticket", number)
    context = panes.ticket_pane(request, ticket_or_404(request, number))
    return varying(HttpResponse(drawing.ticket_html(request, context) + toasts(request)))


@require_POST
@member_required("work")
def bulk(request: HttpRequest) -> HttpResponse:
    """Assign, solve, close or mark as spam what was picked; answers with the list where it was."""
    member = member_of(request)
    numbers = [int(one) for one in request.POST.getlist("tickets") if one.isdecimal()][:200]
    picked = Ticket.objects.visible_to(member).filter(number__in=numbers)
    before = undoing.state_of(picked.values_list("pk", flat=True))
    try:
        with transaction.atomic():
            assignee = (
                _member(request.POST.get("assignee", "")) if request.POST.get("action") == "assign" else None
            )
            done = changing.bulk(
                tickets=picked, action=request.POST.get("action", ""), member=member, assignee=assignee
            )
        said = ngettext("%(n)s ticket changed.", "%(n)s tickets changed.", done) % {"n": done}
        messages.success(request, said, extra_tags=undoing.note_of_changes(before, member=member))
    except HelpdeskError as refused:
        messages.error(request, f"{refused.message} {refused.next_step}".strip())
    return _back_to_list(request)


def _back_to_list(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = reverse("desk:home")
    if not is_fragment(request):
        return HttpResponseRedirect(back)
    asked = QueryDict(urlsplit(back).query, mutable=True)
    asked.pop("after", None)
    request.GET = asked  # type: ignore[assignment]
    request.path, request.META["QUERY_STRING"] = urlsplit(back).path, asked.urlencode()
    listing = panes.listing(request, panes.read_filters(request))
    body = render_to_string("desk/_list.html", {"listing": listing}, request=request) + toasts(request)
    response = HttpResponse(body)
    response["HX-Trigger"] = "live:counts"
    return varying(response)


@require_http_methods(["GET", "POST"])
@member_required()
def presence(request: HttpRequest, number: int) -> HttpResponse:
    """Who else is here; POST says what the member does: reading, typing, left."""
    found, frame = ticket_or_404(request, number), frame_of(request)
    if request.method == "POST":
        activity = request.POST.get("activity", "reading")
        if activity == "left":
            events.leave(found.organization_id, found.pk, frame.member.pk)
        else:
            word = "typing" if activity == "typing" else "reading"
            events.be_present(found.organization_id, found.pk, frame.member.pk, word)
        return HttpResponse(status=204)
    context = {"ticket": found, "presence": panes.presence(frame, found, people(found.inbox_id))}
    return varying(render(request, "desk/_presence.html", context))
