"""What a colleague may decide alone on a ticket: goodwill within the rules, and that the AI keeps out of its topic."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from governance.core.topics import topic_words
from governance.models import AIStop
from governance.services import goodwill, stops
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.people.permissions import can
from tickets.services import goodwill as giving
from tickets.views.base import member_of, ticket_or_404


class GoodwillForm(forms.Form):
    """How much, and a line about why."""

    amount = forms.DecimalField(
        label=gettext_lazy("How much"), min_value=Decimal("0.01"), max_value=10_000, decimal_places=2
    )
    why = forms.CharField(label=gettext_lazy("Why, in a line"), max_length=500)


@require_http_methods(["GET", "POST"])
@member_required("work")
def latitude(request: HttpRequest, number: int) -> HttpResponse:
    """Give something away, within what the rules allow."""
    ticket, member = ticket_or_404(request, number), member_of(request)
    form = GoodwillForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        micro = int(form.cleaned_data["amount"] * goodwill.MICRO)
        try:
            giving.give(ticket=ticket, member=member, micro=micro, why=form.cleaned_data["why"])
        except HelpdeskError as error:
            form.add_error(None, f"{error.message} {error.next_step}")
        else:
            messages.success(request, _("Noted on the ticket. Tell the customer in your answer."))
            return redirect("desk:ticket", ticket.number)
    limit = goodwill.limit_micro()
    given = goodwill.given_micro(subject_kind="ticket", subject_id=ticket.pk)
    context: dict[str, Any] = {
        "ticket": ticket,
        "goodwill_form": form,
        "limit": f"{limit / goodwill.MICRO:.2f}",
        "given": f"{given / goodwill.MICRO:.2f}",
        "left": f"{max(limit - given, 0) / goodwill.MICRO:.2f}",
        "currency": giving.currency(),
        "may_more": can(member, "manage_policy"),
        "topic": topic_words(ticket.topic) if ticket.topic else "",
        "is_stopped": bool(ticket.topic) and _stopped(ticket.topic),
    }
    return render(request, "desk/latitude.html", context, status=422 if form.errors else 200)


@require_POST
@member_required("stop_ai")
def topic_off(request: HttpRequest, number: int) -> HttpResponse:
    """No AI on this topic, from now on and for everybody; no reason needed. Twice is once."""
    ticket = ticket_or_404(request, number)
    if not ticket.topic:
        messages.error(request, _("This ticket has no topic yet. You can switch the AI off for the ticket."))
    elif _stopped(ticket.topic):
        messages.info(request, _("The AI keeps out of this topic already."))
    else:
        reason = request.POST.get("reason", "")
        stops.stop_ai(scope="topic", topic=ticket.topic, member=member_of(request), reason=reason)
        messages.success(
            request, _("The AI keeps out of this topic. An owner or ethics officer can let it in again.")
        )
    return redirect("desk:latitude", ticket.number)


def _stopped(topic: str) -> bool:
    return AIStop.objects.filter(scope="topic", topic=topic, lifted_at=None).exists()
