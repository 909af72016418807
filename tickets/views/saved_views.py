"""Saved views: keep what the list shows under a name, and remove one."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from tickets.models import SavedView
from tickets.services import saved_views, undoing
from tickets.views import panes
from tickets.views.base import member_of
from tickets.views.frame import with_query


@require_POST
@member_required("work")
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters in `query` as `name`; `shared` shows them to everybody."""
    query = with_query(panes.filters_in(QueryDict(request.POST.get("query", ""))))
    try:
        saved_views.save_view(
            member=member_of(request),
            name=request.POST.get("name", ""),
            query=query,
            shared=request.POST.get("shared") == "on",
        )
        messages.success(request, _("Saved. It is in the left pane."))
    except HelpdeskError as refused:
        messages.error(request, f"{refused.message} {refused.next_step}".strip())
    return redirect(f"{reverse('desk:home')}?{query}")


@require_POST
@member_required("work")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one; what it showed stays on the screen."""
    member = member_of(request)
    view = get_object_or_404(SavedView, Q(owner=member) | Q(is_shared=True), pk=pk)
    note = undoing.note(
        "view", member=member, owner=view.owner_id, name=view.name, query=view.query, shared=view.is_shared
    )
    try:
        saved_views.remove_view(view=view, member=member)
        messages.success(request, _("“%(name)s” was removed.") % {"name": view.name}, extra_tags=note)
    except HelpdeskError as refused:
        messages.error(request, refused.message)
    return redirect(f"{reverse('desk:home')}?{view.query}")
