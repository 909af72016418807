"""Dates that close something when they pass: one list, mails 30, 14 and 3 days before, and "Still right" for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import effects, gate
from governance.core.clauses import Clauses
from governance.models import (
    AISystem,
    Attestation,
    BiasAudit,
    Certificate,
    ClockNotice,
    Course,
    EthicsPolicy,
    Finding,
    Incident,
    Record,
    Risk,
    Stage,
    Vendor,
)
from governance.services import policies, registers
from helpdesk.errors import InvalidState
from helpdesk.people.mail import post_on_commit
from helpdesk.people.models import Membership, Role
from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id

#: Days before a date on which a mail goes out.
NOTICES = (30, 14, 3)


@dataclass(frozen=True)
class Clock:
    """One date. `gate` closes on the day after `closes_on`; empty: nothing closes. `member`: whose own it is."""

    ref: str  # policy:3, as in ledger and history; a person's: certificate:7, reading:3:12
    title: str
    due_on: date
    closes_on: date | None = None
    gate: str = ""
    member: Membership | None = None

    @property
    def renewable(self) -> bool:
        """Whether "Still right" settles it; a course has to be taken, a finding decided."""
        return self.ref.split(":")[0] in _RENEWED

    def days_left(self, today: date) -> int:
        """Negative: that many days late."""
        return (self.due_on - today).days


def clocks(today: date | None = None) -> list[Clock]:
    """Every date of the organization, the nearest first. A constant number of queries."""
    policy = gate.policy_in_force()
    rules = Clauses.from_dict(policy.clauses) if policy else Clauses()
    found = (
        *_policy(policy, rules),
        *_risks(rules),
        *_vendors(),
        *_systems(),
        *_audits(rules),
        *_people(policy, rules),
        *_open_tasks(),
    )
    return sorted(found, key=lambda one: (one.due_on, one.ref))


def due_within(days: int, today: date | None = None) -> list[Clock]:
    """What is due in this many days, or late."""
    day = today or timezone.localdate()
    return [one for one in clocks(day) if one.days_left(day) <= days]


def still_right(*, ref: str, member: Membership) -> None:
    """The button: what this names was looked at and stays. Raises NotAllowed, InvalidState (nothing to renew)."""
    kind, _sep, number = ref.partition(":")
    renewed = _RENEWED.get(kind)
    if renewed is None or not number.isdigit():
        raise InvalidState(_("This cannot be settled with one button."), next_step=_("Open it and decide."))
    row = renewed[0].objects.filter(pk=int(number)).first()
    if row is None:
        raise InvalidState(_("This is not there any more."), next_step=_("Look at the list of dates."))
    renewed[1](row, member)


def renew_all(*, refs: Iterable[str], member: Membership) -> int:
    """One appointment a quarter: everything that is named at once, or nothing."""
    count = 0
    with transaction.atomic():
        for ref in dict.fromkeys(refs):
            still_right(ref=ref, member=member)
            count += 1
    return count


def remind(today: date | None = None) -> int:
    """Mail what has come within 30, 14 or 3 days and was not mailed for that: owners and officers, a person's own
    dates to that person. Run twice it mails once. Returns the number of mails."""
    day = today or timezone.localdate()
    with transaction.atomic():
        told: dict[str, list[Clock]] = {}
        for clock in due_within(NOTICES[0], day):
            if _note(clock, day):
                for address in _addresses(clock):
                    told.setdefault(address, []).append(clock)
        organization = Organization.objects.get(pk=current_organization_id())
        for address, mine in told.items():
            post_on_commit(_mail(address, mine, organization, day))
    return len(told)


def _note(clock: Clock, day: date) -> bool:
    """Keep that this notice is sent; False where it was. Late ones were told three days before."""
    left = clock.days_left(day)
    step = min((days for days in NOTICES if left <= days), default=None)
    if step is None:
        return False
    _row, new = ClockNotice.objects.get_or_create(object_ref=clock.ref, due_on=clock.due_on, days_before=step)
    return new


def _addresses(clock: Clock) -> list[str]:
    if clock.member is not None:
        return [clock.member.user.email]
    people = Membership.objects.filter(is_active=True, role__in=(Role.OWNER, Role.OFFICER))
    return sorted({one.user.email for one in people.select_related("user")})


def _mail(address: str, mine: list[Clock], organization: Organization, day: date) -> EmailMessage:
    with translation.override(organization.language):
        lines = [
            _("%(date)s: %(what)s") % {"date": date_format(one.due_on), "what": one.title} for one in mine
        ]
        body = "\n".join(
            [
                _("These dates come nearer. “Still right” is one click for most of them:"),
                "",
                *(f"- {line}" for line in lines),
                "",
                base_url(organization) + _where(mine),
                "",
                _("Where nobody looks in time, the AI waits; your own answers never do."),
            ]
        )
        subject = _("%(shop)s: look at this again") % {"shop": organization.name}
    return EmailMessage(subject=subject, body=body, to=[address])


def _where(mine: list[Clock]) -> str:
    """The page to do it on: everybody's rules where all that is due is to read them, else the appointments."""
    own = all(one.member is not None for one in mine)
    return reverse("rules") if own else reverse("admin:appointments")


def _policy(policy: EthicsPolicy | None, rules: Clauses) -> Iterator[Clock]:
    if policy is not None and policy.review_due is not None:
        closes = policy.review_due + timedelta(days=rules.review_grace_days)
        yield Clock(f"policy:{policy.pk}", _("Your rules"), policy.review_due, closes, "G02")


def _risks(rules: Clauses) -> Iterator[Clock]:
    for risk in Risk.objects.exclude(status="closed"):
        title = _("Risk: %(title)s") % {"title": risk.title}
        appetite = rules.risk_appetite if risk.appetite is None else risk.appetite
        above = effects.score(risk) > appetite
        if above and risk.status == "accepted":
            end = risk.accepted_until or risk.review_due
            if end is not None:
                yield Clock(registers.ref(risk), title, end, end, "G04")
        elif above:
            end = risk.decide_by or risk.created_at.date() + timedelta(days=30)
            yield Clock(f"decide:{risk.pk}", title, end, end, "G04")
        elif risk.review_due is not None:
            yield Clock(registers.ref(risk), title, risk.review_due)


def _vendors() -> Iterator[Clock]:
    for vendor in Vendor.objects.filter(state="approved"):
        if vendor.expires_on is None:
            continue
        title = _("AI service: %(name)s") % {"name": vendor.name}
        yield Clock(registers.ref(vendor), title, vendor.expires_on, vendor.expires_on, "G10")


def _systems() -> Iterator[Clock]:
    """Their cards are looked at again; nothing closes on that day."""
    for system in AISystem.objects.exclude(stage=Stage.RETIRED).exclude(review_due=None):
        if system.review_due is not None:
            yield Clock(registers.ref(system), _("AI: %(name)s") % {"name": system.name}, system.review_due)


def _audits(rules: Clauses) -> Iterator[Clock]:
    newest: dict[tuple[str, str], BiasAudit] = {}
    for audit in BiasAudit.objects.order_by("pk"):
        newest[audit.key or str(audit.pk), audit.system] = audit
    for audit in newest.values():
        end = audit.expires_on or audit.created_at.date() + timedelta(days=rules.audit_days)
        if audit.verdict == "fail" and audit.decision_until is not None:
            end = min(end, audit.decision_until)
        title = _("Fairness check: %(title)s") % {"title": audit.title}
        yield Clock(f"check:{audit.pk}", title, end, end, "G05")


def _people(policy: EthicsPolicy | None, rules: Clauses) -> Iterator[Clock]:
    """A person's own dates: certificates that end, courses and a reading that wait."""
    members = list(
        Membership.objects.filter(is_active=True).exclude(role=Role.AUDITOR).select_related("user")
    )
    courses = list(Course.objects.filter(state="live", key__in=rules.training_courses))
    held: dict[tuple[int, int], Certificate] = {}
    for one in Certificate.objects.filter(revoked_at=None).order_by("expires_on"):
        held[one.member_id, one.course_id] = one
    for member in members:
        for course in courses:
            certificate = held.get((member.pk, course.pk))
            begin = max(course.created_at, member.created_at).date()
            end = certificate.expires_on if certificate else begin + timedelta(days=rules.training_grace_days)
            title = _("Your course: %(title)s") % {"title": course.title}
            yield Clock(f"course:{course.pk}:{member.pk}", title, end, end, "G09", member)
    yield from _readings(policy, rules, members)


def _readings(policy: EthicsPolicy | None, rules: Clauses, members: list[Membership]) -> Iterator[Clock]:
    if policy is None:
        return
    known = EthicsPolicy.objects.filter(is_major=True, status__in=("published", "replaced"))
    major = known.order_by("-version").first()
    if major is None or major.published_at is None:
        return
    read = set(
        Attestation.objects.filter(policy__version__gte=major.version).values_list("member_id", flat=True)
    )
    for member in members:
        if member.pk not in read:
            begin = max(major.published_at, member.created_at).date()
            end = begin + timedelta(days=rules.reading_grace_days)
            title = _("Read the rules, version %(version)s") % {"version": major.version}
            yield Clock(f"reading:{major.pk}:{member.pk}", title, end, end, "G09", member)


def _open_tasks() -> Iterator[Clock]:
    for incident in Incident.objects.filter(reported_at=None, not_reported_because="").exclude(
        state="closed"
    ):
        if incident.report_due_at is not None:
            title = _("Report the incident: %(title)s") % {"title": incident.title}
            yield Clock(registers.ref(incident), title, incident.report_due_at.date())
    for finding in Finding.objects.exclude(state="closed").exclude(retest_due=None):
        title = _("Check again: %(title)s") % {"title": finding.title}
        if finding.retest_due is not None:
            yield Clock(registers.ref(finding), title, finding.retest_due)
    for record in Record.objects.filter(state="open").exclude(due=None):
        if record.due is not None:
            yield Clock(registers.ref(record), record.title, record.due)


def _renew_row(row: Any, member: Membership) -> None:
    registers.renew(row=row, member=member)


_RENEWED: dict[str, tuple[type[Any], Callable[[Any, Membership], None]]] = {
    "policy": (EthicsPolicy, lambda row, member: policies.still_right(policy=row, member=member)),
    "risk": (Risk, _renew_row),
    "vendor": (Vendor, _renew_row),
    "system": (AISystem, _renew_row),
}
