"""Appointments: every date that closes something when it passes, on one page, with "Still right" for all at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from governance import clocks
from governance.admin.doors import door, show
from governance.admin.kept import due_in_words
from governance.core.clause_words import CHECK_WORDS
from helpdesk.admin.base import member_of
from helpdesk.people.permissions import can

#: What is looked at together once a quarter comes first.
QUARTER = ("policy", "risk", "decide", "vendor", "course", "reading")
GROUPS = (
    (gettext_lazy("Your rules"), ("policy",)),
    (gettext_lazy("Risks"), ("risk", "decide")),
    (gettext_lazy("AI services"), ("vendor",)),
    (gettext_lazy("Courses and reading"), ("course", "reading")),
    (gettext_lazy("Fairness"), ("check",)),
    (gettext_lazy("Everything else"), ()),
)
_PAGES = {
    "policy": "ethicspolicy",
    "risk": "risk",
    "decide": "risk",
    "vendor": "vendor",
    "check": "biasaudit",
    "incident": "incident",
    "finding": "finding",
    "record": "record",
}
NEAR_DAYS = 30


def urls() -> list[Any]:
    """The addresses, below the rules."""
    return [
        path("appointments/", door(require_safe(page), read=True), name="appointments"),
        path(
            "appointments/still-right/",
            door(require_POST(still_right), back="admin:appointments"),
            name="still-right",
        ),
    ]


def page(request: HttpRequest) -> HttpResponse:
    """Every date, nearest first within its group."""
    today = timezone.localdate()
    found = clocks.clocks(today)
    known = {kind for _title, kinds in GROUPS for kind in kinds}
    groups = [
        {
            "title": title,
            "rows": [
                _shown(one)
                for one in found
                if (kind_of(one) in kinds if kinds else kind_of(one) not in known)
            ],
        }
        for title, kinds in GROUPS
    ]
    near = [one for one in found if one.days_left(today) <= NEAR_DAYS]
    context = {
        "title": _("Appointments"),
        "said": _said(near, today),
        "groups": [one for one in groups if one["rows"]],
        "may_renew": can(member_of(request), "manage_policy"),
        "renewable": any(one.renewable for one in found),
    }
    return show(request, "appointments", context)


def still_right(request: HttpRequest) -> HttpResponse:
    """All that are ticked, or the one whose button was pressed: together or not at all."""
    one = request.POST.get("one")
    refs = [one] if one else request.POST.getlist("ref")
    if not refs:
        messages.error(request, _("Nothing is ticked. Tick what you have looked at."))
        return redirect("admin:appointments")
    count = clocks.renew_all(refs=refs, member=member_of(request))
    said = ngettext(
        "%(n)s thing was looked at and stays as it is.",
        "%(n)s things were looked at and stay as they are.",
        count,
    )
    messages.success(request, said % {"n": count})
    return redirect("admin:appointments")


def kind_of(clock: clocks.Clock) -> str:
    """What its reference begins with."""
    return clock.ref.partition(":")[0]


def _shown(clock: clocks.Clock) -> dict[str, Any]:
    return {
        "clock": clock,
        "due": due_in_words(clock.due_on),
        "closes": _(CHECK_WORDS[clock.gate]) if clock.gate in CHECK_WORDS else "",
        "url": _address(clock),
        "near": clock.days_left(timezone.localdate()) <= NEAR_DAYS,
    }


def _address(clock: clocks.Clock) -> str:
    kind, _sep, number = clock.ref.partition(":")
    if kind == "reading":
        return reverse("rules")
    try:
        return reverse(f"admin:governance_{_PAGES[kind]}_change", args=[int(number)])
    except (KeyError, ValueError, NoReverseMatch):
        return ""


def _said(near: list[clocks.Clock], today: Any) -> str:
    late = sum(1 for one in near if one.days_left(today) < 0)
    if not near:
        return _("Nothing is due within 30 days.")
    said = ngettext(
        "%(n)s thing is due within 30 days.", "%(n)s things are due within 30 days.", len(near)
    ) % {"n": len(near)}
    if late:
        said += " " + ngettext("%(n)s is late.", "%(n)s are late.", late) % {"n": late}
    return said
