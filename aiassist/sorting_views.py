"""Views of sorting: the panel beside a ticket with its few buttons, and the owner's page of topics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from aiassist.services import merging_topics, sorting
from aiassist.sorting_models import Sorting, TopicMerge
from aiassist.sorting_page import page, panel
from aiassist.sorting_tasks import learn_topics
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.tenancy.scope import current_organization_id
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.models import Ticket
from tickets.views.base import member_of, ticket_or_404


def _show(request: HttpRequest, ticket: Ticket, **extra: Any) -> HttpResponse:
    fresh = Ticket.objects.get(pk=ticket.pk)
    return render(request, "desk/_sorting.html", {"sort": {**panel(fresh, member_of(request)), **extra}})


@require_GET
@member_required("read")
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The panel as it stands now."""
    return _show(request, ticket_or_404(request, number))


@require_POST
@member_required("work")
def accept(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Take the suggestion."""
    return _decide(request, number, pk, sorting.accept)


@require_POST
@member_required("work")
def refuse(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Not this."""
    return _decide(request, number, pk, sorting.refuse)


@require_POST
@member_required("work")
def undo(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Take back what was set."""
    return _decide(request, number, pk, sorting.take_back)


def _decide(request: HttpRequest, number: int, pk: int, verb: Callable[..., None]) -> HttpResponse:
    ticket = ticket_or_404(request, number)
    row = Sorting.objects.select_related("ticket").filter(pk=pk).first()
    if row is None or ticket.pk not in (row.ticket_id, row.ticket.merged_into_id):
        raise Http404
    return _try(request, ticket, lambda: verb(sorting=row, member=member_of(request)))


@require_POST
@member_required("work")
def topic(request: HttpRequest, number: int) -> HttpResponse:
    """A person names the topic."""
    ticket, name = ticket_or_404(request, number), request.POST.get("topic", "")
    return _try(request, ticket, lambda: sorting.choose(ticket=ticket, topic=name, member=member_of(request)))


def _try(request: HttpRequest, ticket: Ticket, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except HelpdeskError as refused:
        return _show(request, ticket, refused=f"{refused.message} {refused.next_step}".strip())
    return _show(request, ticket)


@require_GET
@member_required("manage_policy")
def topics(request: HttpRequest) -> HttpResponse:
    """Every topic: how many, how sure, examples, and what people said to suggestions."""
    return render(request, "desk/topics.html", page(member_of(request), request.GET.get("topic", "")))


@require_POST
@member_required("manage_policy")
def merge(request: HttpRequest) -> HttpResponse:
    """Make one topic part of another."""
    try:
        made = merging_topics.merge(
            source=request.POST.get("source", ""),
            target=request.POST.get("target", ""),
            member=member_of(request),
        )
        messages.success(request, _("%(n)s tickets moved. You can undo it below.") % {"n": len(made.tickets)})
    except HelpdeskError as refused:
        messages.error(request, f"{refused.message} {refused.next_step}".strip())
    return redirect("settings-topics")


@require_POST
@member_required("manage_policy")
def unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the tickets back under the topic they had."""
    made = TopicMerge.objects.filter(pk=pk).first()
    if made is None:
        raise Http404
    merging_topics.undo(made=made, member=member_of(request))
    messages.success(request, _("Undone."))
    return redirect("settings-topics")


@require_POST
@member_required("manage_policy")
def learn(request: HttpRequest) -> HttpResponse:
    """Look now whether there is something new to learn."""
    enqueue_on_commit(learn_topics, organization_id=current_organization_id())
    messages.success(
        request, _("It learns in the background, if there is anything new. Look again in a minute.")
    )
    return redirect("settings-topics")
