"""The desk's page "Practice": one case after the other, one's own result; owners turn it on and off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from governance.services import practice
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.people.middleware import member_of
from helpdesk.people.permissions import can

FAULTS = {
    "": gettext_lazy("The draft was fine."),
    "promise": gettext_lazy("A promise nobody made."),
    "wrong_case": gettext_lazy("The right words for the wrong case."),
    "missed": gettext_lazy("Something was missed."),
    "old": gettext_lazy("Old news."),
    "others": gettext_lazy("Somebody else's business."),
}


@require_GET
@member_required()
def page(request: HttpRequest) -> HttpResponse:
    """The next case, after what the last one was."""
    member, is_on = member_of(request), practice.in_force() is not None
    may_turn = can(member, "manage_people")
    last = practice.cases().get(request.GET.get("last", ""))
    context: dict[str, Any] = {
        "is_on": is_on,
        "may_turn": may_turn,
        "notice": practice.NOTICE,
        "council": list(practice.COUNCIL.items()),
        "case": practice.next_case(member) if is_on and can(member, "work") else None,
        "last": last,
        "last_fault": FAULTS[last["fault"]] if last else "",
        "own": practice.own(member) if is_on else None,
        "team": practice.team() if is_on and may_turn else None,
        "enough": practice.TEAM,
        "told_of_practice_only": is_on and not practice.covers_work(practice.in_force()),
        "work": practice.own_work(member) if is_on else None,
        "team_work": practice.team_work() if is_on and may_turn else None,
    }
    return render(request, "desk/practice.html", context)


@require_POST
@member_required("work")
def answer(request: HttpRequest, case: str) -> HttpResponse:
    """Use, edit or reject: each one click."""
    try:
        practice.answer(member=member_of(request), case=case, choice=request.POST.get("choice", ""))
    except HelpdeskError as error:
        messages.error(request, f"{error.message} {error.next_step}")
        return redirect("practice")
    answer: HttpResponse = redirect("practice")
    answer["Location"] += f"?last={case}"
    return answer


@require_POST
@member_required("manage_people")
def turn(request: HttpRequest) -> HttpResponse:
    """On, with the team told and the works council's answer; or off."""
    member = member_of(request)
    try:
        if request.POST.get("on") == "1":
            told = request.POST.get("told") == "1"
            practice.turn_on(member=member, told=told, council=request.POST.get("council", ""))
            messages.success(request, _("Practice is on. The notice is kept with the records."))
        else:
            practice.turn_off(member=member)
            messages.success(request, _("Practice is off."))
    except HelpdeskError as error:
        messages.error(request, f"{error.message} {error.next_step}")
    return redirect("practice")
