"""Where each person stands with the courses, and who is due. Scores stay with the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from governance import gate
from governance.core.clauses import Clauses
from governance.models import Certificate, Course, CourseAttempt
from helpdesk.people.models import Membership, Role

#: A certificate that ends within this time can be renewed by taking the course again.
SOON = timedelta(days=30)


@dataclass(frozen=True)
class Standing:
    """A course as one person sees it. `state`: done, soon, due, late, begun, open (offered, not asked for)."""

    course: Course
    is_asked: bool
    state: str
    until: date | None = None  # of the certificate
    due_on: date | None = None
    lesson: int = 0

    @property
    def lessons(self) -> int:
        """How many there are."""
        return len(self.course.lessons)


@dataclass(frozen=True)
class Due:
    """What one person still has to take, as the owner sees it: no scores, no tries."""

    member: Membership
    course: Course
    due_on: date
    is_late: bool


def standings(member: Membership, today: date | None = None) -> list[Standing]:
    """Every course that is offered, those the rules ask for first. Four queries."""
    day, rules = today or timezone.localdate(), _rules()
    live = [
        one for one in Course.objects.filter(state="live").order_by("pk") if one.lessons or one.is_outside
    ]
    held = _held([member.pk])
    tries = CourseAttempt.objects.filter(member=member, finished_at=None).order_by("pk")
    begun = dict(tries.values_list("course_id", "lesson"))
    found = []
    for one in live:
        until = held.get((member.pk, one.pk))
        asked = one.key in rules.training_courses and member.role != Role.AUDITOR
        end = _due_on(one, rules, member, until) if asked else None
        lesson = begun.get(one.pk, 0)
        found.append(Standing(one, asked, _state(until, end, lesson, day), until, end, lesson))
    return sorted(found, key=lambda one: (not one.is_asked, one.course.pk))


def due(today: date | None = None) -> list[Due]:
    """Who has not done what the rules ask for, the latest first. Four queries, whatever the number of people."""
    day, rules = today or timezone.localdate(), _rules()
    asked = list(Course.objects.filter(state="live", key__in=rules.training_courses))
    people = list(Membership.objects.filter(is_active=True).exclude(role=Role.AUDITOR).select_related("user"))
    held = _held([one.pk for one in people])
    found = []
    for member in people:
        for course in asked:
            until = held.get((member.pk, course.pk))
            if until is None or until < day + SOON:
                end = _due_on(course, rules, member, until)
                found.append(Due(member, course, end, end < day))
    return sorted(found, key=lambda one: (one.due_on, one.member.pk))


def _held(members: list[int]) -> dict[tuple[int, int], date]:
    rows = Certificate.objects.filter(revoked_at=None, member_id__in=members).order_by("expires_on")
    return {
        (one, course): until
        for one, course, until in rows.values_list("member_id", "course_id", "expires_on")
    }


def _due_on(course: Course, rules: Clauses, member: Membership, until: date | None) -> date:
    if until is not None:
        return until
    begin = max(course.created_at, member.created_at).date()
    return begin + timedelta(days=rules.training_grace_days)


def _state(until: date | None, end: date | None, lesson: int, day: date) -> str:
    """`until`: of the certificate; `end`: by when the rules ask for it, None where they do not."""
    if until is not None and until >= day:
        return "soon" if until < day + SOON else "done"
    if end is not None:
        return "late" if end < day else "due"
    return "begun" if lesson else "open"


def _rules() -> Clauses:
    policy = gate.policy_in_force()
    return Clauses.from_dict(policy.clauses) if policy else Clauses()
