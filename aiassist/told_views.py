"""What the AI is told: every wording of this release, what is different, which one is used, and going back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from aiassist.core.prompts import CURRENT, WORDINGS
from aiassist.core.wordings import difference
from aiassist.golden_words import question_of, system_words
from aiassist.models import GoldenRun, PromptChoice
from aiassist.services import prompting
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.people.middleware import member_of

RIGHT = "manage_policy"


@never_cache
@require_GET
@member_required(RIGHT)
def page(request: HttpRequest) -> HttpResponse:
    """Every wording with its results; `show` names one that is compared with the one in use."""
    used = prompting.in_use()
    shown = request.GET.get("show", "")
    if shown and shown not in WORDINGS:
        raise Http404
    newest = GoldenRun.objects.order_by("system", "prompt_hash", "-pk").distinct("system", "prompt_hash")
    runs: dict[str, list[GoldenRun]] = {}
    for run in newest:
        runs.setdefault(run.prompt_hash, []).append(run)
    choices = list(PromptChoice.objects.select_related("member__user").order_by("-pk")[:20])
    return render(
        request,
        "settings/ai_told.html",
        {
            "wordings": [
                _wording(one, used, runs.get(one.version, [])) for one in reversed(WORDINGS.values())
            ],
            "used": WORDINGS[used],
            "shown": WORDINGS.get(shown),
            "lines": list(difference(WORDINGS[used], WORDINGS[shown])) if shown else [],
            "waits": used != CURRENT.version
            and not any(one.prompt_hash == CURRENT.version for one in choices),
            "choices": [(one, WORDINGS.get(one.prompt_hash)) for one in choices],
        },
    )


def _wording(one: Any, used: str, runs: list[GoldenRun]) -> dict[str, Any]:
    return {
        "one": one,
        "about": _(one.about),
        "is_used": one.version == used,
        "runs": [
            (system_words(run.system), run.figures.get("passed", 0), run.figures.get("n", 0)) for run in runs
        ],
        "worse": sorted({question_of(what) for run in runs for what in run.worse}),
    }


@require_POST
@member_required(RIGHT)
def choose(request: HttpRequest) -> HttpResponse:
    """Use this wording from now on."""
    try:
        prompting.choose(
            version=request.POST.get("version", ""),
            member=member_of(request),
            reason=request.POST.get("reason", ""),
        )
    except HelpdeskError as error:
        messages.error(request, f"{error.message} {error.next_step}".strip())
    else:
        messages.success(request, _("From now on the AI is told this. You can go back below."))
    return redirect("ai-told")
