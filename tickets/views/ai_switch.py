"""Stop the AI, start it again: on every page of the desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from governance.models import AIStop
from governance.services import stops
from helpdesk.people.decorators import member_required
from tickets.views.base import is_fragment, member_of, varying


@require_GET
@member_required()
def switch(request: HttpRequest) -> HttpResponse:
    """The switch as it stands."""
    return varying(render(request, "desk/_ai_switch.html"))


@require_POST
@member_required("stop_ai")
def stop(request: HttpRequest) -> HttpResponse:
    """Stop the AI for everything; twice is once."""
    if not AIStop.objects.filter(scope="organization", lifted_at=None).exists():
        stops.stop_ai(scope="organization", member=member_of(request), reason=request.POST.get("reason", ""))
    return _answer(request)


@require_POST
@member_required("start_ai")
def start(request: HttpRequest) -> HttpResponse:
    """Start it again."""
    for one in AIStop.objects.filter(scope="organization", lifted_at=None):
        stops.lift(stop=one, member=member_of(request))
    return _answer(request)


def _answer(request: HttpRequest) -> HttpResponse:
    if is_fragment(request):
        return varying(render(request, "desk/_ai_switch.html"))
    return redirect("desk:home")
