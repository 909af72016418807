"""Exceptions: a check gives way for at most seven days; who, why, which value, where, until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from governance import gate
from governance.admin.doors import door, show
from governance.clause_fields import choices
from governance.core.clause_words import CHECK_WORDS, VALUE_WORDS
from governance.core.clauses import MAY_GIVE_WAY
from governance.core.topics import topic_words
from governance.models import LONGEST_OVERRIDE, Override
from governance.services import overrides
from helpdesk.admin.base import member_of
from helpdesk.people import subjects
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

#: Ended ones that the page still shows.
MOST_SHOWN = 200
EVERYWHERE, TOPIC, TICKET = "everywhere", "topic", "ticket"


class ExceptionForm(forms.Form):
    """Which check gives way, where, for how long, why, and which value gives way with it."""

    check = forms.ChoiceField(
        label=gettext_lazy("Which check gives way?"), widget=UnfoldAdminSelectWidget(), required=True
    )
    where = forms.ChoiceField(
        label=gettext_lazy("Where?"),
        choices=[
            (TICKET, gettext_lazy("In one ticket")),
            (TOPIC, gettext_lazy("For one topic")),
            (EVERYWHERE, gettext_lazy("Everywhere")),
        ],
        initial=TICKET,
        widget=UnfoldAdminRadioSelectWidget(),
    )
    place = forms.CharField(
        label=gettext_lazy("Number of the ticket, or the topic"),
        required=False,
        max_length=40,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Leave it empty for everywhere."),
    )
    value = forms.ChoiceField(
        label=gettext_lazy("Which of your values gives way?"), widget=UnfoldAdminSelectWidget()
    )
    why = forms.CharField(
        label=gettext_lazy("Why?"), max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("For how long?"),
        coerce=int,
        initial=1,
        widget=UnfoldAdminSelectWidget(),
        help_text=gettext_lazy("Seven days at most. What should last longer is a change of the rules."),
    )

    def __init__(self, member: Membership, allowed: frozenset[str], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.member = member
        words = {code: word for code, word in CHECK_WORDS.items() if code in allowed & MAY_GIVE_WAY}
        offered: dict[str, list[tuple[Any, Any]]] = {
            "check": [(key, capfirst(word)) for key, word in choices(words)],
            "value": [(key, capfirst(word)) for key, word in choices(VALUE_WORDS)],
            "days": [
                (days, ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
                for days in range(1, LONGEST_OVERRIDE.days + 1)
            ],
        }
        for name, some in offered.items():
            self.fields[name].choices = some  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The place fits what was chosen; a ticket is one that the member may see."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        place, where = said.get("place", "").strip(), said.get("where")
        if where == EVERYWHERE and place:
            self.add_error("place", _("Choose a ticket or a topic above, or leave this empty."))
        elif where in (TOPIC, TICKET) and not place:
            self.add_error("place", _("Say which one."))
        elif where == TICKET:
            said["ticket_id"] = subjects.lookup(self.member, "ticket", place.lstrip("#"))
            if said["ticket_id"] is None:
                self.add_error("place", _("There is no ticket with this number."))
        return said


def urls() -> list[Any]:
    """The addresses, below the rules."""
    get_post = require_http_methods(["GET", "POST"])
    return [
        path("exceptions/", door(get_post(page), read=True, back="admin:exceptions"), name="exceptions"),
        path(
            "exceptions/<int:number>/end/",
            door(require_POST(end), back="admin:exceptions"),
            name="exception-end",
        ),
    ]


def page(request: HttpRequest) -> HttpResponse:
    """Those that count now, those that have ended, and a form for another."""
    member, policy = member_of(request), gate.policy_in_force()
    allowed = gate.policy_facts(policy).clauses.overridable if policy else frozenset[str]()
    may_write = can(member, "manage_policy") and bool(allowed & MAY_GIVE_WAY)
    data = request.POST if request.method == "POST" else None
    form = ExceptionForm(member, allowed, data, initial={"place": request.GET.get("ticket", "")})
    if data is not None and form.is_valid():
        _make(form.cleaned_data, member)
        messages.success(request, _("The exception counts from now on and ends by itself."))
        return redirect("admin:exceptions")
    rows = Override.objects.select_related("member__user", "ended_by__user").order_by("-pk")[:MOST_SHOWN]
    context = {
        "title": _("Exceptions"),
        "form": form,
        "may_write": may_write,
        "policy": policy,
        **_shown(list(rows), member),
    }
    return show(request, "exceptions", context, status=422 if form.errors else 200)


def _make(said: dict[str, Any], member: Membership) -> None:
    overrides.give_way(
        code=said["check"],
        member=member,
        why=said["why"],
        value_given_way=said["value"],
        until=timezone.now() + timedelta(days=said["days"]),
        ticket_id=said.get("ticket_id"),
        topic=said["place"] if said["where"] == TOPIC else "",
    )


def end(request: HttpRequest, number: int) -> HttpResponse:
    """End one before its day."""
    found = Override.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    overrides.end(override=found, member=member_of(request))
    messages.success(request, _("The exception has ended."))
    return redirect("admin:exceptions")


def _shown(rows: list[Override], member: Membership) -> dict[str, Any]:
    now = timezone.now()
    known = subjects.find(member, [(one.subject_kind, one.subject_id) for one in rows if one.subject_id])
    shown = [
        {
            "one": one,
            "check": capfirst(_(CHECK_WORDS.get(one.gate, one.gate))),
            "value": _(VALUE_WORDS.get(one.value_given_way, one.value_given_way)),
            "topic": topic_words(one.topic) if one.topic else "",
            "about": known.get((one.subject_kind, one.subject_id or 0)),
            "counts": one.ended_at is None and one.until > now,
        }
        for one in rows
    ]
    current = [one for one in shown if one["counts"]]
    said = ngettext("%(n)s exception counts now.", "%(n)s exceptions count now.", len(current)) % {
        "n": len(current)
    }
    return {
        "current": current,
        "ended": [one for one in shown if not one["counts"]],
        "said": said if current else _("Every check holds; there is no exception."),
    }
