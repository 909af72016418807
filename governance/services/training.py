"""Courses: offered with the first rules, taken lesson by lesson, passed with a certificate that ends on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import courses, gate, ledger
from governance.models import Certificate, Course, CourseAttempt
from governance.services import registers
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

#: What a shipped course brings along.
_FIELDS = ("key", "title", "about", "lessons", "skills", "minutes")


def seed(*, member: Membership | None = None) -> int:
    """Offer the courses that ship, those that are missing; what an owner changed or retired stays. Returns how many."""
    known = set(Course.objects.values_list("key", flat=True))
    missing = [one for one in courses.shipped() if one["key"] not in known]
    for one in missing:
        course = Course(**{name: one[name] for name in _FIELDS}, state="live", accountable=member)
        course.save()
        registers.note(row=course, member=member, action="created")
    return len(missing)


def attempt_of(*, course: Course, member: Membership) -> CourseAttempt:
    """The try that is under way, a new one where there is none. Raises InvalidState for a course nobody offers."""
    if course.state != "live" or course.is_outside:
        raise InvalidState(_("This course is not offered here."), next_step=_("Choose one from the list."))
    with transaction.atomic():
        list(Membership.objects.select_for_update().filter(pk=member.pk).values_list("pk"))
        mine = CourseAttempt.objects.filter(member=member, course=course, finished_at=None)
        return mine.order_by("-pk").first() or CourseAttempt.objects.create(member=member, course=course)


def answer(*, attempt: CourseAttempt, lesson: int, answers: Mapping[int, int]) -> Certificate | None:
    """Keep the answers to one lesson's questions; after the last one the try is over.

    `answers`: number of the question to number of the choice. Returns the certificate if the course was passed.
    Raises InvalidState for a lesson out of turn or a question without an answer. Locks the try.
    """
    with transaction.atomic():
        rows = CourseAttempt.objects.select_for_update(of=("self",)).select_related("course", "member")
        row = rows.get(pk=attempt.pk)
        lessons = row.course.lessons
        if row.finished_at is not None or lesson != row.lesson or lesson >= len(lessons):
            raise InvalidState(_("This lesson was answered already."), next_step=_("Go on where you are."))
        asked = lessons[lesson].get("quiz", [])
        if any(answers.get(number) not in range(len(one["choices"])) for number, one in enumerate(asked)):
            raise InvalidState(_("A question has no answer yet."), next_step=_("Choose one for each."))
        row.answers = {**row.answers, str(lesson): [answers[number] for number in range(len(asked))]}
        row.lesson = lesson + 1
        passed = row.lesson >= len(lessons) and _finish(row)
        row.save()
        return _certify(row) if passed else None


def score(course: Course, answers: Mapping[str, Any]) -> int:
    """Right answers of all questions, in whole percent rounded down; a course without questions is read, so 100."""
    right = total = 0
    for number, lesson in enumerate(course.lessons):
        given = answers.get(str(number), [])
        for place, one in enumerate(lesson.get("quiz", [])):
            total += 1
            right += place < len(given) and given[place] == one["right"]
    return right * 100 // total if total else 100


def certify_outside(
    *,
    course: Course,
    holder: Membership,
    member: Membership,
    source: str,
    link: str,
    issued_on: date,
    expires_on: date,
) -> Certificate:
    """Count a course that somebody took elsewhere, with where its proof can be read. Nobody vouches for themselves.

    Raises NotAllowed, InvalidState.
    """
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer can count a course of others."),
            next_step=_("Ask one of them."),
        )
    if holder.pk == member.pk and _others_may(member):
        raise NotAllowed(
            _("Somebody else looks at the proof of your own course."),
            next_step=_("Ask another owner or ethics officer."),
        )
    if not source.strip() or not link.strip():
        raise InvalidState(
            _("Say who gave the course and where its proof can be read."), next_step=_("Fill in both.")
        )
    if not issued_on <= timezone.localdate() <= expires_on:
        raise InvalidState(_("The certificate does not count today."), next_step=_("Check its two dates."))
    with transaction.atomic():
        found = Certificate.objects.create(
            member=holder,
            course=course,
            policy_version=_version(),
            source=source.strip(),
            link=link.strip(),
            approved_by=member,
            issued_on=issued_on,
            expires_on=expires_on,
        )
        _note(found, member)
    return found


def revoke(*, certificate: Certificate, member: Membership) -> None:
    """It does not count any more; the checks know at once. Twice is once. Raises NotAllowed."""
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer can take a certificate back."), next_step=_("Ask one of them.")
        )
    with transaction.atomic():
        if Certificate.objects.filter(pk=certificate.pk, revoked_at=None).update(revoked_at=timezone.now()):
            ledger.record(
                "certificate_revoked",
                actor=ledger.actor_name(member),
                object_ref=f"certificate:{certificate.pk}",
                payload={},
            )


def _others_may(member: Membership) -> bool:
    people = Membership.objects.filter(is_active=True, role__in=("owner", "officer"))
    return people.exclude(pk=member.pk).exists()


def _finish(row: CourseAttempt) -> bool:
    row.score, row.finished_at = score(row.course, row.answers), timezone.now()
    return row.score >= row.course.pass_percent


def _certify(row: CourseAttempt) -> Certificate:
    today = timezone.localdate()
    found = Certificate.objects.create(
        member=row.member,
        course=row.course,
        policy_version=_version(),
        score=row.score,
        issued_on=today,
        expires_on=today + timedelta(days=row.course.valid_days),
    )
    _note(found, row.member)
    return found


def _note(certificate: Certificate, member: Membership) -> None:
    version = certificate.policy_version
    ledger.record(
        "certificate_issued",
        actor=ledger.actor_name(member),
        object_ref=f"certificate:{certificate.pk}",
        payload={"course": certificate.course.key, "until": certificate.expires_on.isoformat()},
        policy_version="" if version is None else str(version),
    )


def _version() -> int | None:
    policy = gate.policy_in_force()
    return policy.version if policy else None
