"""What a guest reads by their link: chosen registers, no customers' words, until a day. Sign-in is not needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from governance import effects
from governance.admin.kept import rules_in_force
from governance.models import AISystem, BiasAudit, Change, EthicsPolicy, Incident, Risk, Vendor
from governance.public import paragraphs
from governance.selectors.trust import region_words
from governance.services import guests
from helpdesk.tenancy.middleware import organization_of

#: Rows of one register on the page.
MOST_ROWS = 200
TITLES = {
    "policy": gettext_lazy("Rules"),
    "systems": gettext_lazy("AI systems"),
    "risks": gettext_lazy("Risks"),
    "audits": gettext_lazy("Checks of fairness"),
    "incidents": gettext_lazy("Incidents"),
    "vendors": gettext_lazy("AI services"),
    "changes": gettext_lazy("What people said, and what changed"),
}
_ROWS: dict[str, Callable[[], Any]] = {
    "policy": lambda: EthicsPolicy.objects.filter(status="published"),
    "systems": lambda: AISystem.objects.order_by("pk"),
    "risks": lambda: Risk.objects.order_by("pk"),
    "audits": lambda: BiasAudit.objects.order_by("-pk"),
    "incidents": lambda: Incident.objects.select_related("system").order_by("-pk"),
    "vendors": lambda: Vendor.objects.order_by("pk"),
    "changes": lambda: Change.objects.order_by("-pk"),
}
_TEXT = {
    "policy": "prose",
    "systems": "purpose",
    "risks": "treatment",
    "audits": "interpretation",
    "incidents": "review",
    "vendors": "region",
    "changes": "said",
}


def _told(row: Any, field: str) -> str:
    found = str(getattr(row, field, ""))
    return region_words(found) if field == "region" else found


@require_safe
@never_cache
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """The registers that this guest may read; once it ended the page does not exist."""
    organization_of(request)
    access = guests.reader(token)
    if access is None:
        raise Http404
    rules, today = rules_in_force(), timezone.localdate()
    parts = []
    for name in access.may_read:
        rows = list(_ROWS[name]()[:MOST_ROWS]) if name in _ROWS else []
        told = [
            {
                "title": str(row),
                "blocks": paragraphs(_told(row, _TEXT[name])),
                "effect": effects.effect(row, rules, today) if name not in {"policy", "changes"} else None,
            }
            for row in rows
        ]
        parts.append({"title": TITLES.get(name, name), "rows": told})
    answer = render(request, "public/guest.html", {"access": access, "parts": parts})
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
