"""Demands on people: asked, trained, heard without fear, met in circles that decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from governance.demands.base import Evidence, demand, failing, little, none_of, waiting, working
from governance.demands.book import Book
from governance.demands.trials import trial
from governance.models import Certificate, Change, Course, Finding, LedgerEntry, Record

RECORDS = "admin:governance_record_changelist"
COURSES = "admin:governance_course_changelist"
#: Fewer opinions than this say nothing.
ENOUGH = 10
#: A concern is answered within this time.
ANSWER_WITHIN = timedelta(days=10)
ADVICE_WITHIN = timedelta(days=30)
SKILLS = {
    "empathy",
    "critical_thinking",
    "complex_problems",
    "emotional_intelligence",
    "hand_over",
    "tool_use",
}
FUTURE_SKILLS = {"literacy", "data", "ethics"}


@demand(
    30,
    _l("Customers are asked"),
    _l("answers on pages that customers opened, and their trend"),
    "admin:opinions",
)
def asked(book: Book) -> Iterator[Evidence]:
    answers = sum(book.surveys.values()) + book.outcomes["satisfied"]
    falling = [one for one in book.findings if one.source in ("survey", "trust") and one.state == "open"]
    if falling:
        yield waiting(_("What customers say has become worse: %(n)s findings wait.") % {"n": len(falling)})
    if answers < ENOUGH:
        yield little(_("%(n)s answers of customers in 90 days: too few to tell.") % {"n": answers})
    else:
        yield working(_("%(n)s answers of customers in 90 days.") % {"n": answers})


@demand(
    31,
    _l("What people say changes something"),
    _l("“You said, we changed”, against the change it names"),
    "admin:governance_change_changelist",
)
def changed(book: Book) -> Iterator[Evidence]:
    said = list(Change.objects.exclude(published_at=None).order_by("-pk")[:50])
    if not said:
        yield waiting(_("No change after feedback has been published yet."))
        return
    known = set(
        LedgerEntry.objects.filter(object_ref__in=[one.change_ref for one in said]).values_list(
            "object_ref", flat=True
        )
    )
    yield none_of(
        sum(one.change_ref not in known for one in said),
        len(said),
        failed=_("%(bad)s of %(n)s published changes name something that never happened."),
        none_yet="",
        good=_("%(n)s published changes, each tied to what was changed."),
    )


@demand(32, _l("People are trained"), _l("certificates of each person who answers"), COURSES)
def trained(book: Book) -> Iterator[Evidence]:
    yield trial(book, "untrained")
    yield from _skills(book, SKILLS)
    live = set(
        Course.objects.filter(state="live", key__in=book.rules.training_courses).values_list("pk", flat=True)
    )
    if not live:
        yield waiting(_("The course that your rules ask for is not offered."))
        return
    valid = Certificate.objects.filter(revoked_at=None, expires_on__gte=book.today, course_id__in=live)
    holders = set(valid.values_list("member_id", "course_id"))
    workers = [one for one in book.members if one.role != "auditor"]
    missing = sum((one.pk, course) not in holders for one in workers for course in live)
    late = [one for one in book.clocks if one.ref.startswith("course:") and _closed(book, one.closes_on)]
    if late:
        yield failing(_("%(n)s courses are so late that they stop approvals.") % {"n": len(late)})
    elif missing:
        yield waiting(_("%(n)s courses wait to be taken.") % {"n": missing})
    else:
        yield working(_("Each of %(n)s people holds a certificate that is in date.") % {"n": len(workers)})


def _closed(book: Book, day: object) -> bool:
    return day is not None and day < book.today  # type: ignore[operator]


def _skills(book: Book, wanted: set[str]) -> Iterator[Evidence]:
    taught: set[str] = set()
    for skills in Course.objects.filter(state="live").values_list("skills", flat=True):
        taught |= {str(one).replace("-", "_") for one in skills}
    missing = wanted - taught
    if missing:
        yield waiting(_("No course teaches %(n)s of %(of)s skills.") % {"n": len(missing), "of": len(wanted)})


@demand(
    54, _l("Ready for the work to come"), _l("courses on AI, data and ethics; the talk about jobs"), COURSES
)
def future(book: Book) -> Iterator[Evidence]:
    yield from _skills(book, FUTURE_SKILLS)
    if not any(one.key == "jobs" for one in book.risks):
        yield waiting(_("Nobody looks at what the AI does to people's work."))
    talks = book.records_of("talk", "consultation")
    if not talks:
        yield waiting(_("The team has not talked about its work with AI in a year."))
    elif not any(_followed(one) for one in talks):
        yield waiting(_("The team has talked about its work with AI and nobody wrote what follows."))
    else:
        yield working(_("Courses are offered, the team has talked, and something followed."))


@demand(35, _l("Listening, not only counting"), _l("talks with those concerned in the last year"), RECORDS)
def listened(book: Book) -> Iterator[Evidence]:
    talks = book.records_of("consultation", "talk", "committee")
    told = [one for one in talks if one.text.strip()]
    followed = [one for one in told if _followed(one)]
    if not talks:
        yield waiting(_("No talk with customers or colleagues is on record for a year."))
    elif not told:
        yield waiting(_("%(n)s talks are on record and none says what was said.") % {"n": len(talks)})
    elif not followed:
        yield waiting(_("%(n)s talks are on record and nobody wrote what follows.") % {"n": len(told)})
    else:
        said = {"n": len(told), "followed": len(followed)}
        yield working(_("%(n)s talks of the last year; something was decided after %(followed)s.") % said)


def _followed(record: Record) -> bool:
    """Whether somebody decided something after it: a text alone is not listening."""
    return record.decided_at is not None and bool(record.decision.strip())


@demand(55, _l("What if"), _l("scenarios with triggers on figures, and rehearsals"), RECORDS)
def scenarios(book: Book) -> Iterator[Evidence]:
    scenes = book.records_of("scenario")
    armed = [one for one in scenes if one.data.get("triggers") or one.data.get("trigger")]
    fired = [one for one in armed if one.data.get("fired_at") and one.state == "open"]
    if fired:
        yield waiting(_("%(n)s scenarios have come true and wait for a decision.") % {"n": len(fired)})
    elif not armed:
        yield waiting(_("No scenario is tied to a figure yet."))
    else:
        yield working(_("%(n)s scenarios are tied to figures; none has come true.") % {"n": len(armed)})


@demand(56, _l("Advice from outside"), _l("advice, and whether it was answered in 30 days"), RECORDS)
def advice(book: Book) -> Iterator[Evidence]:
    given = book.records_of("board")
    late = [
        one
        for one in given
        if one.state == "open" and _due(book, one.due, one.created_at.date() + ADVICE_WITHIN)
    ]
    unanswered = [one for one in given if one.state == "open" and not _followed(one)]
    said = {"n": len(given), "bad": len(late), "open": len(unanswered)}
    if not given:
        yield waiting(_("Nobody from outside has given advice yet: ask somebody who knows."))
    elif late:
        yield failing(_("%(bad)s of %(n)s pieces of advice were not answered in time.") % said)
    elif unanswered:
        yield waiting(_("%(open)s of %(n)s pieces of advice wait for your answer; none is late.") % said)
    else:
        yield working(_("%(n)s pieces of advice, each answered.") % said)


@demand(61, _l("Concerns are welcome"), _l("concerns, and whether they were answered in ten days"), RECORDS)
def concerns(book: Book) -> Iterator[Evidence]:
    raised = book.records_of("concern", "question")
    late = [
        one
        for one in raised
        if one.state == "open" and _due(book, one.due, one.created_at.date() + ANSWER_WITHIN)
    ]
    named = [one for one in raised if one.is_anonymous and one.reporter_id is not None]
    if named:
        yield failing(_("%(n)s concerns without a name point to a person.") % {"n": len(named)})
    unseen = len(late) - Finding.objects.filter(source="concern").exclude(state="closed").count()
    unanswered = [one for one in raised if one.state == "open"]
    said = {"n": len(raised), "bad": len(late), "open": len(unanswered)}
    if not raised:
        yield little(_("Nobody has raised a concern yet."))
    elif late:
        yield failing(_("%(bad)s of %(n)s concerns were not answered in time.") % said)
    elif unanswered:
        yield waiting(_("%(open)s of %(n)s concerns wait for an answer; none is late.") % said)
    else:
        yield working(_("%(n)s concerns, each answered.") % said)
    if unseen > 0:
        yield failing(_("%(n)s late concerns have opened no finding.") % {"n": unseen})


def _due(book: Book, due: object, otherwise: object) -> bool:
    day = due or otherwise
    return day < book.today  # type: ignore[operator]
