"""The desk's page "Training": one's own courses, lesson by lesson; who manages the rules sees who is due."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from governance.models import Course, CourseAttempt
from governance.selectors import training as selectors
from governance.services import training
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.people.middleware import member_of
from helpdesk.people.permissions import can


@require_GET
@member_required()
def courses(request: HttpRequest) -> HttpResponse:
    """Where I stand; and, for who manages the rules, what waits for whom."""
    member = member_of(request)
    found = selectors.standings(member)
    context = {
        "standings": found,
        "waiting": [
            one for one in found if one.state in ("due", "late", "soon") and not one.course.is_outside
        ],
        "due": selectors.due() if can(member, "manage_policy") else None,
    }
    return render(request, "desk/training.html", context)


@require_GET
@member_required()
def course(request: HttpRequest, key: str) -> HttpResponse:
    """The lesson where I am, after what the last one's answers were; a finished course says how it went."""
    found, member = _course(key), member_of(request)
    newest = CourseAttempt.objects.filter(member=member, course=found).order_by("-pk").first()
    done = newest if newest is not None and newest.finished_at and "again" not in request.GET else None
    number = 0 if newest is None or newest.finished_at else min(newest.lesson, len(found.lessons) - 1)
    context: dict[str, Any] = {
        "course": found,
        "number": number,
        "lesson": None if done else found.lessons[number],
        "done": done,
        "passed": bool(done and done.score is not None and done.score >= found.pass_percent),
        "until": _until(found, member) if done else None,
        "looked_at": _looked_at(found, newest, number if not done else len(found.lessons)),
    }
    return render(request, "desk/training_course.html", context)


@require_POST
@member_required()
def answer(request: HttpRequest, key: str, lesson: int) -> HttpResponse:
    """Keep the answers to one lesson and go on; what cannot be kept is said, and nothing is lost."""
    found = _course(key)
    given = {
        int(name[1:]): int(str(value)) for name, value in request.POST.items() if _is_answer(name, value)
    }
    try:
        attempt = training.attempt_of(course=found, member=member_of(request))
        certificate = training.answer(attempt=attempt, lesson=lesson, answers=given)
    except HelpdeskError as error:
        messages.error(request, f"{error.message} {error.next_step}")
    else:
        if certificate is not None:
            until = date_format(certificate.expires_on)
            messages.success(request, _("Passed. Your certificate counts until %(day)s.") % {"day": until})
    return redirect("training-course", key)


def _is_answer(name: str, value: object) -> bool:
    text = str(value)
    return name[:1] == "q" and name[1:].isdecimal() and len(name) < 5 and text.isdecimal() and len(text) < 4


def _course(key: str) -> Course:
    found = get_object_or_404(Course, key=key, state="live", is_outside=False)
    if not found.lessons:
        raise Http404
    return found


def _until(course: Course, member: Any) -> Any:
    return next((one.until for one in selectors.standings(member) if one.course == course), None)


def _looked_at(course: Course, attempt: CourseAttempt | None, number: int) -> list[dict[str, Any]]:
    """The questions of the lesson before, with what was chosen, what is right, and why."""
    given = attempt.answers.get(str(number - 1)) if attempt is not None and number else None
    if not given or number > len(course.lessons):
        return []
    found = []
    for place, one in enumerate(course.lessons[number - 1].get("quiz", [])):
        chosen = given[place] if place < len(given) else None
        found.append(
            {
                "question": one["question"],
                "is_right": chosen == one["right"],
                "right": one["choices"][one["right"]],
                "why": one.get("why", ""),
            }
        )
    return found
