"""Mail what a member has not looked at: one mail with all of it, each thing once, and no word of a customer in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.live.events import last_active
from helpdesk.people.mail import post_on_commit
from helpdesk.people.models import Membership
from helpdesk.people.notice_choices import AWAY_CHOICES, choices_of
from helpdesk.people.permissions import can
from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id
from tickets.models import Notice
from tickets.notice_words import sentence

#: A member gets at most one mail in this time, whatever happens.
PAUSE: Final = timedelta(minutes=15)
#: What is older than this when the sweep finds it (mail was down for days) is not mailed any more.
TOO_OLD: Final = timedelta(days=2)
MOST_LINES: Final = 20


def mail_due(now: datetime | None = None) -> int:
    """Mail every member what waits for them, where it is due; returns how many mails. In a scope; safe to repeat."""
    now = now or timezone.now()
    waiting = Notice.objects.filter(seen_at=None, mail_done_at=None)
    soonest = now - timedelta(minutes=min(AWAY_CHOICES))
    due = waiting.filter(created_at__lt=soonest).order_by("member_id").values_list("member_id", flat=True)
    return sum(_mail(pk, now) for pk in list(due.distinct()[:500]))


@transaction.atomic
def _mail(member_id: int, now: datetime) -> bool:
    """Whether a mail goes to the member. Locks them, so that two sweeps write one mail."""
    member = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=member_id)
    mine = Notice.objects.filter(member=member)
    waiting = mine.filter(seen_at=None, mail_done_at=None)
    if _is_here(member, now) or _just_mailed(mine, now):
        return False
    rows = list(waiting.select_related("ticket", "actor__user").order_by("-pk")[:200])
    away = now - timedelta(minutes=choices_of(member).away_minutes)
    if not any(row.created_at < away for row in rows):
        return False
    wanted = [row for row in rows if _is_for_mail(row, member, now)]
    waiting.update(mail_done_at=now)
    if wanted:
        post_on_commit(_message(member, wanted))
    return bool(wanted)


def _is_here(member: Membership, now: datetime) -> bool:
    seen = last_active(member.organization_id, member.pk)
    return seen is not None and now - seen < timedelta(minutes=choices_of(member).away_minutes)


def _just_mailed(mine: object, now: datetime) -> bool:
    last = mine.aggregate(last=Max("mail_done_at"))["last"]  # type: ignore[attr-defined]
    return last is not None and now - last < PAUSE


def _is_for_mail(notice: Notice, member: Membership, now: datetime) -> bool:
    if not member.is_active or not member.user.is_active or now - notice.created_at > TOO_OLD:
        return False
    return choices_of(member).mails(notice.kind) and (
        notice.ticket is None or can(member, "read", notice.ticket)
    )


def _message(member: Membership, notices: list[Notice]) -> EmailMessage:
    """Links and colleagues' names only: what a customer wrote stays behind the sign-in."""
    organization = Organization.objects.get(pk=current_organization_id())
    with translation.override(organization.language):
        count = len(notices)
        subject = ngettext(
            "%(count)s thing waits for you at %(where)s", "%(count)s things wait for you at %(where)s", count
        )
        lines = list(_lines(organization, notices[:MOST_LINES]))
        context = {
            "organization": organization,
            "lines": lines,
            "more": max(count - MOST_LINES, 0),
            "all_url": base_url(organization) + reverse("desk:notices", urlconf="helpdesk.urls"),
            "choices_url": base_url(organization) + reverse("profile", urlconf="helpdesk.urls") + "#told",
        }
        body = render_to_string("desk/email/notices.txt", context)
        subject = subject % {"count": count, "where": organization.name}
    return EmailMessage(
        " ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [member.user.email], headers=_AUTOMATIC
    )


_AUTOMATIC: Final = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def _lines(organization: Organization, notices: Iterable[Notice]) -> Iterable[dict[str, str]]:
    """One line a ticket and kind, newest first."""
    for _key, same in groupby(notices, key=lambda one: (one.ticket_id, one.kind)):
        notice = next(same)
        path = reverse("desk:home", urlconf="helpdesk.urls")
        if notice.ticket is not None:
            path = reverse("desk:ticket", args=[notice.ticket.number], urlconf="helpdesk.urls")
        number = f"#{notice.ticket.number}" if notice.ticket else _("The AI")
        yield {"text": f"{number}: {sentence(notice)}", "url": base_url(organization) + path}
