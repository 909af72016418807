"""A second look: what one has typed and wants looked at, and colleagues' texts that wait for a look."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.core.topics import topic_words
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.people.models import Membership
from tickets.models import ComposerDraft, MessageKind, Ticket
from tickets.services import second_look
from tickets.views.base import member_of, ticket_or_404


@require_http_methods(["GET", "POST"])
@member_required("work")
def page(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for a look, or give one. Nothing is sent from here."""
    ticket, member = ticket_or_404(request, number), member_of(request)
    if request.method == "POST":
        try:
            messages.success(request, _take(request, ticket, member))
        except HelpdeskError as error:
            messages.error(request, f"{error.message} {error.next_step}".strip())
        return redirect("desk:second_look", ticket.number)
    return render(request, "desk/second_look.html", _context(ticket, member))


def _take(request: HttpRequest, ticket: Ticket, member: Membership) -> str:
    number = request.POST.get("look", "")
    if not number:
        second_look.ask(ticket=ticket, member=member)
        return _("Your colleagues are told.")
    second_look.give(
        ticket=ticket,
        look_id=int(number) if number.isdecimal() else 0,
        member=member,
        is_fine=request.POST.get("verdict") == "fine",
        note=request.POST.get("note", ""),
    )
    return _("Noted. Whoever wrote it sees what you found.")


def _context(ticket: Ticket, member: Membership) -> dict[str, Any]:
    mine = ComposerDraft.objects.filter(ticket=ticket, author=member, kind=MessageKind.REPLY).first()
    text = mine.text if mine else ""
    waits = [one for one in second_look.waiting(ticket) if one.look.asked_by_id != member.pk]
    return {
        "ticket": ticket,
        "topics": [topic_words(one) for one in sorted(second_look.topics_that_need_one(ticket))],
        "mine": text,
        "look": second_look.of_text(ticket, text) if text.strip() else None,
        "waiting": waits,
    }
