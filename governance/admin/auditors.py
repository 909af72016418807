"""For auditors: the 63 demands with evidence, the law with the checks that help, the security check, the codes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance import demands, gate, security
from governance.admin.doors import show
from governance.admin.words import action_words
from governance.core.clauses import NEVER_SOFTENED, Clauses
from governance.core.gates import GATES
from governance.core.sentence import Sentence
from governance.demands import State
from governance.demands.base import STATE_TONES, STATE_WORDS
from governance.matrix import matrix
from governance.models import LawTask, SelfCheck
from governance.services import law, self_checks
from helpdesk.admin.base import member_of
from helpdesk.people.permissions import can


def demands_view(request: HttpRequest) -> HttpResponse:
    """Every demand as it stands now; `?state=` shows some, `?format=json` is the same as a file."""
    found = demands.standing()
    if request.GET.get("format") == "json":
        return _file([one.to_dict() for one in found], "demands")
    wanted = request.GET.get("state", "")
    counted = Counter(one.state for one in found)
    rows = [
        {"one": one, "url": screen_url(one.demand.screen)}
        for one in found
        if wanted not in State.__members__.values() or one.state == wanted
    ]
    context = {
        "title": _("63 demands"),
        "said": _said(counted, len(found)),
        "rows": rows,
        "wanted": wanted,
        "states": [
            {"key": state.value, "word": STATE_WORDS[state], "tone": STATE_TONES[state], "n": counted[state]}
            for state in State
        ],
        "kept": self_checks.newest()[0],
    }
    return show(request, "demands", context)


def _said(counted: Counter[State], every: int) -> str:
    said = _("%(n)s of %(of)s are working now.") % {"n": counted[State.WORKING], "of": every}
    failing = counted[State.FAILING]
    if not failing:
        return said + " " + _("None is failing.")
    return said + " " + ngettext("%(n)s is failing.", "%(n)s are failing.", failing) % {"n": failing}


def screen_url(name: str) -> str:
    """Where an owner sees it; empty where this release has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def matrix_view(request: HttpRequest) -> HttpResponse:
    """The law with the demands that help, and what only people can do."""
    groups = matrix(demands.standing())
    if request.GET.get("format") == "json":
        return _file({regime: [row.to_dict() for row in rows] for regime, rows in groups}, "law")
    context = {
        "title": _("The law, and what helps with it"),
        "groups": groups,
        "tasks": LawTask.objects.filter(state="open").order_by("pk")[:100],
        "may_settle": can(member_of(request), "manage_policy"),
    }
    return show(request, "matrix", context)


def settle(request: HttpRequest, task: int) -> HttpResponse:
    """What became of a task that a change of law opened."""
    found, said = get_object_or_404(LawTask, pk=task), request.POST
    note = said.get("note", "")[:2_000]
    law.settle(task=found, member=member_of(request), state=said.get("state", ""), note=note)
    messages.success(request, _("It is settled and on record."))
    return redirect("auditors-law")


def security_view(request: HttpRequest) -> HttpResponse:
    """The newest security check, thing by thing, and the ones before."""
    runs = list(SelfCheck.objects.filter(kind=security.KIND).order_by("-pk")[:12])
    wrong = [one for one in (runs[0].results if runs else []) if one.get("ok") is False]
    context = {
        "title": _("Security check"),
        "runs": runs,
        "newest": runs[0] if runs else None,
        "wrong": wrong,
        "may_look": can(member_of(request), "manage_policy"),
    }
    return show(request, "security", context)


def look(request: HttpRequest) -> HttpResponse:
    """Look now; the run is kept."""
    row = security.run(member=member_of(request))
    said = (
        _("Everything that can be told from here is in order.") if row.ok else _("Something is not in order.")
    )
    (messages.success if row.ok else messages.warning)(request, said)
    return redirect("auditors-security")


def codes(request: HttpRequest) -> HttpResponse:
    """Every check with its code, where it is asked, and whether the rules let it only warn."""
    policy = gate.policy_in_force()
    warns = (Clauses.from_dict(policy.clauses) if policy else Clauses()).warn_only
    rows = [
        {
            "code": one.code,
            "title": str(Sentence(one.title)),
            "asked": ", ".join(action_words(action.value) for action in sorted(one.asked_at)),
            "firm": one.code in NEVER_SOFTENED,
            "warns": one.code in warns,
            "about": (type(one).__doc__ or "").strip().split("\n")[0],
        }
        for one in GATES
    ]
    return show(request, "codes", {"title": _("Codes of the checks"), "rows": rows})


def _file(data: Any, name: str) -> JsonResponse:
    answer = JsonResponse(data, safe=False, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.json"'
    return answer
