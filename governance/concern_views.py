"""The desk's page "Concerns": anyone may raise one, with or without a name; everybody reads the answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from governance.models import Record, RecordKind
from governance.services import records
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.people.middleware import member_of
from helpdesk.people.permissions import can

PER_PAGE = 25


@require_http_methods(["GET", "POST"])
@member_required()
def concerns(request: HttpRequest) -> HttpResponse:
    """Say something, read what was answered; owner and officer also see what waits."""
    member, text = member_of(request), request.POST.get("text", "")
    status = 200
    if request.method == "POST":
        try:
            records.raise_concern(text=text[:5000], member=member if request.POST.get("named") else None)
        except HelpdeskError as error:
            messages.error(request, f"{error.message} {error.next_step}")
            status = 422
        else:
            messages.success(request, _("Thank you. Somebody answers within ten days, on this page."))
            return redirect("concerns")
    rows = Record.objects.filter(kind=RecordKind.CONCERN)
    may_answer = can(member, "manage_policy")
    answered = (
        rows.filter(state="answered").select_related("answered_by__user").order_by("-answered_at", "-pk")
    )
    context: dict[str, Any] = {
        "answered": Paginator(answered, PER_PAGE).get_page(request.GET.get("page")),
        "open_count": rows.filter(state="open").count(),
        "waiting": list(
            rows.filter(state="open").select_related("reporter__user").order_by("due", "pk")[:PER_PAGE]
        )
        if may_answer
        else None,
        "today": timezone.localdate(),
        "text": text,
    }
    return render(request, "desk/concerns.html", context, status=status)


@require_POST
@member_required("manage_policy")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one."""
    found = get_object_or_404(Record, pk=pk, kind=RecordKind.CONCERN)
    try:
        records.answer_concern(
            record=found, member=member_of(request), text=request.POST.get("answer", "")[:5000]
        )
    except HelpdeskError as error:
        messages.error(request, f"{error.message} {error.next_step}")
    else:
        messages.success(request, _("Answered. Everybody here can read it."))
    return redirect("concerns")
