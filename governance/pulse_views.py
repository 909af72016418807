"""The desk's page "How it is going": the quarter's round of questions, and what the last one said."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.services import pulse
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.people.middleware import member_of


@require_http_methods(["GET", "POST"])
@member_required()
def round_of_questions(request: HttpRequest) -> HttpResponse:
    """Answer once a quarter; read the newest round that at least eight people answered."""
    member = member_of(request)
    if request.method == "POST":
        given = {
            name: int(value) for name, value in request.POST.items() if value in {"1", "2", "3", "4", "5"}
        }
        try:
            pulse.answer(member=member, answers=given, text=request.POST.get("text", ""))
        except HelpdeskError as error:
            messages.error(request, f"{error.message} {error.next_step}")
        else:
            messages.success(request, _("Thank you. Your answers are in, without your name."))
        return redirect("pulse")
    found = pulse.latest()
    context = {
        "may_answer": pulse.may_answer(member),
        "is_small": pulse.team_size() < pulse.ENOUGH,
        "enough": pulse.ENOUGH,
        "questions": list(pulse.QUESTIONS.items()),
        "scale": [
            (1, _("not at all")),
            (2, _("rather not")),
            (3, _("so-so")),
            (4, _("rather")),
            (5, _("fully")),
        ],
        "round": pulse.round_of(timezone.localdate()),
        "result_round": found[0] if found else "",
        "result": found[1] if found else None,
        "means": [(pulse.QUESTIONS[name], mean) for name, mean in found[1].means] if found else [],
    }
    return render(request, "desk/pulse.html", context)
