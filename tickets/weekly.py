"""This room's part of the weekly mail: what was answered, what waits, and how much of it the AI had a hand in."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helpdesk.people import weekly
from tickets import keeping
from tickets.models import AIInvolvement, Message, MessageKind, MessageState, Ticket

#: A ticket that waits longer than this is the thing to do.
LONG_DAYS = 2


def sentences(week: weekly.Week) -> list[str]:
    """Five sentences at most. Five queries at most."""
    opened = Ticket.objects.filter(created_at__gte=week.start, created_at__lt=week.end).count()
    sent = Message.objects.filter(
        kind=MessageKind.REPLY,
        state=MessageState.SENT,
        sent_at__gte=week.start,
        sent_at__lt=week.end,
        raw_mail=None,  # answers that came with older mail were sent elsewhere
    ).aggregate(n=Count("pk"), with_ai=Count("pk", filter=~Q(ai_involvement=AIInvolvement.NONE)))
    waiting = Ticket.objects.open().aggregate(n=Count("pk"), oldest=Min("created_at"))  # type: ignore[attr-defined]
    if not (opened or sent["n"] or waiting["n"]):
        return [_("Nobody wrote, and nobody waits."), *_going(week)]
    said = [
        ngettext("%(n)s new ticket.", "%(n)s new tickets.", opened) % {"n": opened},
        ngettext("%(n)s answer went out.", "%(n)s answers went out.", sent["n"]) % {"n": sent["n"]},
    ]
    if sent["with_ai"]:
        words = ngettext(
            "%(n)s of them began as an AI draft; a person approved it.",
            "%(n)s of them began as AI drafts; a person approved each.",
            sent["with_ai"],
        )
        said.append(words % {"n": sent["with_ai"]})
    return [*said, _waiting(waiting["n"], waiting["oldest"]), *_going(week)]


def _going(week: weekly.Week) -> list[str]:
    """What the rules delete in the seven days to come; nothing where they keep everything."""
    count = keeping.going(until=week.end + timedelta(days=7))
    if not count:
        return []
    words = ngettext(
        "%(n)s finished request will be deleted in the coming seven days, as your rules say.",
        "%(n)s finished requests will be deleted in the coming seven days, as your rules say.",
        count,
    )
    return [words % {"n": count}]


def _waiting(count: int, oldest: object) -> str:
    if not count:
        return _("Nobody waits.")
    words = ngettext(
        "%(n)s ticket waits, since %(since)s.", "%(n)s tickets wait, the oldest since %(since)s.", count
    )
    return words % {"n": count, "since": timesince(oldest, depth=1)}  # type: ignore[arg-type]


def todo(week: weekly.Week) -> weekly.Todo | None:
    """The ticket that waits longest, where it waits too long. One query."""
    long_ago = timezone.now() - timedelta(days=LONG_DAYS)
    oldest = Ticket.objects.open().filter(created_at__lt=long_ago).order_by("created_at").first()  # type: ignore[attr-defined]
    if oldest is None:
        return None
    said = _("Answer ticket %(number)s: it waits since %(since)s.")
    since = timesince(oldest.created_at, depth=1)
    return weekly.Todo(
        said % {"number": oldest.number, "since": since}, reverse("ticket", args=[oldest.number]), 50
    )


def register() -> None:
    """Called once, in AppConfig.ready."""
    weekly.register(weekly.Section("tickets", gettext_lazy("Your customers"), 10, sentences, todo))
