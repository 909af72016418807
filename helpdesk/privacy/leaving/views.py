"""The page "Take everything with you": make the file, fetch it, close the desk, and take that back."""

from __future__ import annotations

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import View, member_required
from helpdesk.people.middleware import member_of
from helpdesk.privacy.leaving import closing, takeouts
from helpdesk.privacy.models import Takeout
from helpdesk.privacy.tasks import make_takeout
from helpdesk.tenancy.middleware import organization_of
from helpdesk.tenancy.tasks import enqueue_on_commit

OWNER = "manage_people"
#: How many earlier files the page lists.
SHOWN = 5


def confirmed(view: View) -> View:
    """Asks for the password or a code, where that was not done in the last minutes."""
    return cast("View", reauthentication_required(view))


@never_cache
@require_GET
@member_required(OWNER)
@confirmed
def leaving(request: HttpRequest) -> HttpResponse:
    """What can be done; asks for the password or a code first, since the file holds everything."""
    files = list(takeouts.everything()[:SHOWN])
    under_way = next(
        (one for one in files if one.state in (Takeout.State.WAITING, Takeout.State.WORKING)), None
    )
    context = {
        "under_way": under_way,
        "progress": takeouts.progress(under_way) if under_way else None,
        "files": [one for one in files if one is not under_way],
        "earlier": Takeout.objects.filter(kind=Takeout.Kind.EARLIER),
        "fresh": closing.fresh_file(),
        "closes_at": organization_of(request).closes_at,
    }
    return render(request, "settings/leaving.html", context)


@never_cache
@require_GET
@member_required(OWNER)
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """How far one file is; the page loads itself anew once it is there."""
    takeout = get_object_or_404(takeouts.everything(), pk=pk)
    if takeout.state not in (Takeout.State.WAITING, Takeout.State.WORKING):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context = {"under_way": takeout, "progress": takeouts.progress(takeout)}
    return render(request, "settings/_leaving_state.html", context)


@require_POST
@member_required(OWNER)
@confirmed
def make(request: HttpRequest) -> HttpResponse:
    """Ask for the file."""
    organization = organization_of(request)
    takeout = takeouts.ask(member=member_of(request))
    enqueue_on_commit(make_takeout, organization_id=organization.pk, takeout_id=takeout.pk)
    return redirect("settings-leaving")


@never_cache
@require_GET
@member_required(OWNER)
@confirmed
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, as long as it is kept."""
    takeout = get_object_or_404(Takeout, pk=pk, state=Takeout.State.READY)
    if takeout.expires_at and takeout.expires_at < timezone.now():
        return redirect("settings-leaving")
    day = (takeout.finished_at or takeout.created_at).date().isoformat()
    name = f"{organization_of(request).slug}-{takeout.kind}-{day}.zip"
    return FileResponse(takeout.file.open("rb"), as_attachment=True, filename=name)


@require_POST
@member_required(OWNER)
@confirmed
def close(request: HttpRequest) -> HttpResponse:
    """Begin the fourteen days."""
    try:
        closing.close(organization=organization_of(request), member=member_of(request))
    except HelpdeskError as error:
        messages.error(request, f"{error.message} {error.next_step}".strip())
    return redirect("settings-leaving")


@require_POST
@member_required(OWNER)
def undo(request: HttpRequest) -> HttpResponse:
    """The desk stays."""
    try:
        closing.undo(organization=organization_of(request), member=member_of(request))
    except HelpdeskError as error:
        messages.error(request, f"{error.message} {error.next_step}".strip())
    else:
        messages.success(request, _("The desk stays. Mail is fetched again."))
    return redirect("settings-leaving")
