"""The set-up's screen about the rules: the starters in words, one button to publish."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.core.clause_words import CLAUSE_WORDS
from governance.core.starter import STARTERS, Starter
from governance.models import EthicsPolicy, PolicyStatus
from governance.public import paragraphs
from governance.services import policies
from helpdesk.errors import HelpdeskError
from helpdesk.people import first_day
from helpdesk.people.decorators import member_required
from helpdesk.people.middleware import member_of
from helpdesk.tenancy.middleware import organization_of

KEY = "rules"
#: The one that stands chosen: with it the first customer already gets a draft; others ask each customer first.
FIRST = "starter"


def has_rules() -> bool:
    """Whether rules are in force. One query."""
    return EthicsPolicy.objects.filter(status=PolicyStatus.PUBLISHED).exists()


@require_http_methods(["GET", "POST"])
@member_required("manage_policy")
def rules(request: HttpRequest) -> HttpResponse:
    """Read the page and its rules, then publish them; the AI is off until then."""
    chosen = _chosen(request)
    in_force = EthicsPolicy.objects.filter(status=PolicyStatus.PUBLISHED).first()
    if request.method == "POST":
        return _publish(request, chosen, in_force)
    name = organization_of(request).name
    context: dict[str, Any] = {
        "starters": STARTERS.values(),
        "chosen": chosen,
        "blocks": paragraphs(chosen.for_business(name)),
        "rules": [{"label": _(one.label), "text": one.sentence(chosen.clauses)} for one in CLAUSE_WORDS],
        "in_force": in_force,
    }
    return first_day.render_screen(request, KEY, "setup/rules.html", context)


def _chosen(request: HttpRequest) -> Starter:
    key = request.POST.get("starter") or request.GET.get("starter") or FIRST
    if key not in STARTERS:
        raise Http404
    return STARTERS[key]


def _publish(request: HttpRequest, chosen: Starter, in_force: EthicsPolicy | None) -> HttpResponse:
    if in_force is None:
        try:
            policies.adopt_starter(starter=chosen, member=member_of(request))
        except HelpdeskError as error:
            messages.error(request, f"{error.message} {error.next_step}")
            return redirect("setup-rules")
    return redirect(first_day.next_url(KEY))
