"""The weekly mail to owners: rooms register their part of it, this puts the parts together and says when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from helpdesk.people import checklist
from helpdesk.people.mail import post_on_commit
from helpdesk.people.models import Membership, Role, WeeklyMail
from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

HOUR = 7  # of Monday, where the shop is
LATEST = timedelta(days=2)  # a stopped installation still writes on Tuesday, not on Friday
_SALT = "weekly mail off"


@dataclass(frozen=True)
class Week:
    """The seven days that the mail tells about: from Monday to Monday, where the shop is."""

    monday: date  # the day the mail is written on; the first that it does not tell about
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Todo:
    """One thing to do. The heaviest of all rooms' stands in the mail."""

    text: str
    path: str
    weight: int


@dataclass(frozen=True)
class Section:
    """A room's part: sentences about the week, and what it would have done next. A few queries each."""

    key: str
    heading: str | Promise
    order: int
    sentences: Callable[[Week], list[str]]
    todo: Callable[[Week], Todo | None] = lambda _week: None


@dataclass(frozen=True)
class Letter:
    """What the mail says, before it is a mail."""

    week: Week
    parts: list[tuple[str, list[str]]]
    todo: Todo | None


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Add a part; called in `AppConfig.ready`. Registering twice is no error."""
    _sections[section.key] = section


def week_before(monday: date, zone: str) -> Week:
    """The week that ended on the morning of this Monday."""
    midnight = datetime.combine(monday, time(), ZoneInfo(zone))
    return Week(monday, datetime.combine(monday - timedelta(days=7), time(), ZoneInfo(zone)), midnight)


def last_monday(organization: Organization, now: datetime) -> date:
    """The Monday of this week, where the shop is."""
    local = now.astimezone(ZoneInfo(organization.timezone))
    return local.date() - timedelta(days=local.weekday())


def due(organization: Organization, now: datetime) -> date | None:
    """The Monday whose mail should be out by now; None before its morning, from Wednesday on, and in the first week."""
    monday = last_monday(organization, now)
    morning = datetime.combine(monday, time(HOUR), ZoneInfo(organization.timezone))
    begun = organization.created_at < week_before(monday, organization.timezone).end
    return monday if begun and morning <= now < morning - timedelta(hours=HOUR) + LATEST else None


def compose(week: Week) -> Letter:
    """The letter in the language in force. Asked in the scope."""
    ordered = sorted(_sections.values(), key=lambda one: (one.order, one.key))
    parts = [(str(one.heading), sentences) for one in ordered if (sentences := one.sentences(week))]
    wanted = [found for one in ordered if (found := one.todo(week)) is not None]
    return Letter(week, parts, max(wanted, key=lambda one: one.weight, default=_first_open_step()))


def _first_open_step() -> Todo | None:
    step = next((one for one in checklist.states() if not one.done), None)
    return Todo(str(step.label), step.url, 0) if step else None


def write(*, organization_id: str, monday: date) -> int:
    """Mail the week to every owner who wants it; how many. Once a week, however often and at once it is called."""
    organization = Organization.objects.get(pk=organization_id)
    with (
        organization_scope(organization_id),
        translation.override(organization.language),
        timezone.override(organization.timezone),
    ):
        _row, is_first = WeeklyMail.objects.get_or_create(week=monday)
        if not is_first:
            return 0
        letter = compose(week_before(monday, organization.timezone))
        readers = list(_readers())
        for member in readers:
            post_on_commit(_mail(organization, letter, member))
    return len(readers)


def _readers() -> list[Membership]:
    owners = Membership.objects.filter(role=Role.OWNER, is_active=True, gets_weekly_mail=True)
    return list(owners.select_related("user").order_by("pk"))


def _mail(organization: Organization, letter: Letter, member: Membership) -> EmailMessage:
    base = base_url(organization)
    off = base + reverse("weekly-off", args=[off_token(member)], urlconf="helpdesk.urls")
    context = {"organization": organization, "letter": letter, "base": base, "off": off, "member": member}
    subject = _("Your week at %(organization)s") % {"organization": organization.name}
    body = render_to_string("people/email/weekly.txt", context)
    return EmailMessage(
        subject=subject, body=body, to=[member.user.email], headers={"List-Unsubscribe": f"<{off}>"}
    )


def off_token(member: Membership) -> str:
    """What the link in the mail carries; it switches off this member's mail and nothing else."""
    return signing.dumps([str(member.organization_id), member.pk], salt=_SALT)


def member_of_token(token: str) -> Membership | None:
    """The member whose mail the link is about; None for a link that is not ours, or of another organization."""
    try:
        organization_id, pk = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Membership.objects.filter(organization_id=organization_id, pk=pk).first()


def switch(*, member: Membership, wanted: bool) -> None:
    """Whether this member gets the weekly mail."""
    Membership.objects.filter(pk=member.pk).update(gets_weekly_mail=wanted)
