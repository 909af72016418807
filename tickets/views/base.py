"""What every view of the desk begins with: who asks, and the ticket they may see."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from helpdesk.people.models import Membership
from tickets.models import Ticket
from tickets.selectors.ticket_page import find_ticket
from tickets.views.frame import frame_of


def member_of(request: HttpRequest) -> Membership:
    """The member who asks; `member_required` has made sure that there is one."""
    member: Membership = request.member  # type: ignore[attr-defined]
    return member


def ticket_or_404(request: HttpRequest, number: int) -> Ticket:
    """The ticket; one of another organization or of an inbox that is not theirs does not exist for them."""
    ticket = find_ticket(number, frame_of(request).sight)
    if ticket is None:
        raise Http404
    return ticket


def next_of(request: HttpRequest) -> str:
    """Where the page that led here wants to have its reader back: an address of this host, or empty."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    inside = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if inside else ""


def is_fragment(request: HttpRequest, target: str = "") -> bool:
    """Whether htmx asks for a part of the page (into the element with this id)."""
    wanted = request.headers.get("HX-Target", "")
    return bool(request.headers.get("HX-Request")) and (not target or wanted == target)


def toasts(request: HttpRequest) -> str:
    """What `messages` holds, to be sent out of band after a fragment."""
    if not len(messages.get_messages(request)):
        return ""
    return render_to_string("components/messages.html", {"oob": True}, request=request)


def varying(response: HttpResponse) -> HttpResponse:
    """Says to caches that the same address answers pages and fragments."""
    response["Vary"] = "HX-Request, HX-Target, Cookie"
    response["Cache-Control"] = "no-store"
    return response
