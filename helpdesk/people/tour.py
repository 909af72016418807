"""The first-minute tour: where a member is in it, kept so that it can be left and gone on with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from helpdesk.people.decorators import member_required
from helpdesk.people.middleware import member_of
from helpdesk.people.models import Membership

STEPS = 6


@require_http_methods(["GET", "POST"])
@member_required()
def tour(request: HttpRequest) -> HttpResponse:
    """GET: the steps, opened where the member left. POST: `step` is where they are now, `end` that they are through."""
    member = member_of(request)
    if request.method == "GET":
        step = member.tour_step if member.tour_ended_at is None else 0
        return render(request, "desk/_tour.html", {"step": step, "steps": STEPS})
    asked = request.POST.get("step", "")
    if asked.isdecimal() and int(asked) < STEPS:
        keep(member=member, step=int(asked), end=request.POST.get("end") == "1")
    return HttpResponse(status=204)


def keep(*, member: Membership, step: int, end: bool) -> None:
    """Remember the step; once ended the tour is not offered again, but can be taken from the menu."""
    member.tour_step = step
    if end:
        member.tour_ended_at = member.tour_ended_at or timezone.now()
    member.save(update_fields=["tour_step", "tour_ended_at"])
