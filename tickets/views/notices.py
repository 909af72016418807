"""For you: what a member was told, how they want to be told, and colleagues to name in a note."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helpdesk.people import notice_choices
from helpdesk.people.decorators import member_required
from helpdesk.people.notice_choices import AWAY_CHOICES, NoticeChoices, choices_of
from tickets.models import Notice, NoticeKind
from tickets.notice_words import sentence
from tickets.selectors import notices as reads
from tickets.selectors.ticket_page import people
from tickets.services import noticing
from tickets.views.base import member_of, ticket_or_404, varying

PAGE = 50


@require_GET
@member_required()
def notices(request: HttpRequest) -> HttpResponse:
    """What concerns the member, newest first, a keyset page."""
    before = request.GET.get("before", "")
    asked = int(before) if before.isdecimal() and len(before) < 19 else None
    rows = list(reads.newest(member_of(request), before=asked, limit=PAGE + 1))
    context = {
        "notices": [_row(one) for one in rows[:PAGE]],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "choices_url": f"{reverse('profile')}#told",
    }
    return varying(render(request, "desk/notices.html", context))


def _row(notice: Notice) -> dict[str, Any]:
    ticket = notice.ticket
    url = reverse("desk:ticket", args=[ticket.number]) if ticket else reverse("desk:home")
    if ticket is not None and notice.message_id is not None:
        url = f"{url}#message-{notice.message_id}"
    return {
        "url": url,
        "text": sentence(notice),
        "number": ticket.number if ticket else None,
        "subject": ticket.subject if ticket else "",
        "at": notice.created_at,
        "unseen": notice.seen_at is None,
    }


@require_GET
@member_required()
def link(request: HttpRequest) -> HttpResponse:
    """The link in the menu with its count, as it is now."""
    return varying(render(request, "desk/_notices_link.html"))


@require_POST
@member_required()
def seen(request: HttpRequest) -> HttpResponse:
    """Everything is seen."""
    noticing.seen_all(member_of(request))
    return redirect("desk:notices")


@require_POST
@member_required()
def choose(request: HttpRequest) -> HttpResponse:
    """Keep how the member wants to be told."""
    data, kinds = request.POST, set(NoticeKind.values)
    minutes = data.get("away_minutes", "")
    chosen = NoticeChoices(
        muted=frozenset(kinds - set(data.getlist("told"))),
        by_mail=frozenset(kinds & set(data.getlist("by_mail"))),
        away_minutes=int(minutes) if minutes in map(str, AWAY_CHOICES) else NoticeChoices.away_minutes,
        sound=data.get("sound") == "1",
    )
    notice_choices.choose(member=member_of(request), choices=chosen)
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('profile')}#told")


def choices_context(request: HttpRequest) -> dict[str, Any]:
    """What desk/_notice_choices.html shows."""
    chosen = choices_of(member_of(request))
    kinds = [
        {
            "value": kind.value,
            "label": kind.label,
            "told": chosen.tells(kind),
            "by_mail": kind.value in chosen.by_mail,
        }
        for kind in NoticeKind
    ]
    minutes = [{"value": one, "selected": one == chosen.away_minutes} for one in AWAY_CHOICES]
    return {"kinds": kinds, "minutes": minutes, "sound": chosen.sound}


@require_GET
@member_required("work")
def colleagues(request: HttpRequest, number: int) -> JsonResponse:
    """Who can be named in a note on this ticket: those who work in its inbox, but not the writer."""
    ticket, member = ticket_or_404(request, number), member_of(request)
    found = people(ticket.inbox_id).values()
    names = [one.name for one in found if one.works_here and one.is_active and one.pk != member.pk]
    response = JsonResponse({"names": names[:200]})
    response["Cache-Control"] = "no-store"
    return response
