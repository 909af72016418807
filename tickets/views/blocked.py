"""Blocked senders: the list in the settings, and letting one in again."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from helpdesk.people.decorators import member_required
from tickets.models import BlockedSender, RawMail
from tickets.services.blocking import unblock_sender


@require_GET
@member_required("work")
def senders(request: HttpRequest) -> HttpResponse:
    """Whose mail is kept aside, by whom it was blocked, and how much waits. Two queries."""
    rows = list(BlockedSender.objects.select_related("blocked_by__user").order_by("address")[:500])
    kept = dict(
        RawMail.objects.filter(blocked__in=[one.pk for one in rows])
        .values_list("blocked")
        .annotate(number=Count("pk"))
    )
    shown = [{"sender": one, "kept": kept.get(one.pk, 0)} for one in rows]
    return render(request, "desk/blocked.html", {"senders": shown})


@require_POST
@member_required("work")
def unblock(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a sender in again, with all that waited."""
    found = get_object_or_404(BlockedSender, pk=pk)
    number = unblock_sender(blocked=found)
    words = ngettext("%(n)s mail comes in now.", "%(n)s mails come in now.", number) % {"n": number}
    messages.success(
        request, f"{_('Not blocked any more.')} {words}" if number else _("Not blocked any more.")
    )
    return redirect("desk:blocked")
