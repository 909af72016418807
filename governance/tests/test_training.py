"""Courses: offered with the rules, taken by a person, asked for at approval after 14 days, and never a rating."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from governance import clocks, courses, facts
from governance.core import lessons
from governance.core.facts import GateRequest
from governance.core.judge import judge
from governance.core.starter import starter
from governance.core.vocabulary import Action, ActorKind, Outcome
from governance.models import Certificate, Course, CourseAttempt, LedgerEntry
from governance.selectors import training as selectors
from governance.services import policies, training
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
FIRST = "ai-basics"


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Iterator[Membership]:
    with organization_scope(shop.id):
        member = make_member(Role.OWNER, name="Marta")
        policies.adopt_starter(starter=starter(), member=member)
        yield member


@pytest.fixture
def agent(owner: Membership) -> Membership:
    return make_member(Role.AGENT, name="Jonas")


def first() -> Course:
    return Course.objects.get(key=FIRST)


def take(member: Membership, *, right: bool = True, key: str = FIRST) -> Certificate | None:
    course = Course.objects.get(key=key)
    found = None
    for number, lesson in enumerate(course.lessons):
        attempt = training.attempt_of(course=course, member=member)
        answers = {
            place: one["right"] if right else (one["right"] + 1) % len(one["choices"])
            for place, one in enumerate(lesson["quiz"])
        }
        found = training.answer(attempt=attempt, lesson=number, answers=answers)
    return found


def verdict_of(member: Membership) -> Outcome:
    """What the check at approval says of this person's training."""
    known, _policy = facts.load(None, member)
    request = GateRequest(action=Action.APPROVE, actor_kind=ActorKind.PERSON)
    return next(one.outcome for one in judge(request, known).verdicts if one.code == "G09")


def test_the_first_rules_bring_courses_on_all_nine_skills(owner: Membership) -> None:
    live = Course.objects.filter(state="live")
    assert {skill for one in live for skill in one.skills} == set(courses.SKILLS)
    assert live.filter(key=FIRST).exists()
    assert training.seed(member=owner) == 0


def test_a_changed_or_retired_course_is_left_as_it_is(owner: Membership) -> None:
    Course.objects.filter(key=FIRST).update(state="retired", title="Ours")
    training.seed(member=owner)
    assert (first().state, first().title) == ("retired", "Ours")


def test_right_answers_have_no_usual_place() -> None:
    for one in courses.shipped():
        places = [question["right"] for lesson in one["lessons"] for question in lesson["quiz"]]
        assert len(set(places)) == 3
        assert max(places.count(place) for place in set(places)) <= len(places) // 2 + 1


def test_passing_gives_a_certificate_that_the_check_reads(agent: Membership) -> None:
    assert verdict_of(agent) is Outcome.WARNED
    Course.objects.filter(key=FIRST).update(created_at=timezone.now() - timedelta(days=15))
    Membership.objects.filter(pk=agent.pk).update(created_at=timezone.now() - timedelta(days=15))
    assert verdict_of(agent) is Outcome.STOPPED
    certificate = take(agent)
    assert certificate is not None
    assert (certificate.score, certificate.policy_version) == (100, 1)
    assert certificate.expires_on == timezone.localdate() + timedelta(days=365)
    training_verdict = verdict_of(agent)
    assert training_verdict is not Outcome.STOPPED


def test_a_certificate_taken_back_or_run_out_stops_at_once(owner: Membership, agent: Membership) -> None:
    certificate = take(agent)
    assert certificate is not None
    training.revoke(certificate=certificate, member=owner)
    Course.objects.filter(key=FIRST).update(created_at=timezone.now() - timedelta(days=15))
    Membership.objects.filter(pk=agent.pk).update(created_at=timezone.now() - timedelta(days=15))
    assert verdict_of(agent) is Outcome.STOPPED
    today = timezone.localdate()
    Certificate.objects.filter(pk=certificate.pk).update(
        revoked_at=None, issued_on=today - timedelta(days=9), expires_on=today - timedelta(days=1)
    )
    assert verdict_of(agent) is Outcome.STOPPED


def test_wrong_answers_pass_nothing_and_lock_nobody_out(agent: Membership) -> None:
    assert take(agent, right=False) is None
    assert not Certificate.objects.filter(member=agent).exists()
    assert take(agent) is not None


def test_a_lesson_is_answered_once_and_whole(agent: Membership) -> None:
    attempt = training.attempt_of(course=first(), member=agent)
    with pytest.raises(InvalidState, match="no answer yet"):
        training.answer(attempt=attempt, lesson=0, answers={0: 1})
    with pytest.raises(InvalidState, match="no answer yet"):
        training.answer(attempt=attempt, lesson=0, answers={0: 1, 1: 1, 2: 99})
    training.answer(attempt=attempt, lesson=0, answers={0: 0, 1: 0, 2: 0})
    with pytest.raises(InvalidState, match="already"):
        training.answer(attempt=attempt, lesson=0, answers={0: 1, 1: 1, 2: 1})
    with pytest.raises(InvalidState, match="already"):
        training.answer(attempt=attempt, lesson=2, answers={0: 1, 1: 1, 2: 1})


def test_an_outside_course_counts_with_its_proof_and_another_person(
    owner: Membership, agent: Membership
) -> None:
    today = timezone.localdate()
    asked: dict[str, Any] = {
        "course": first(),
        "source": "Chamber of commerce",
        "link": "https://example.org/proof",
        "issued_on": today,
        "expires_on": today + timedelta(days=100),
    }
    with pytest.raises(NotAllowed):
        training.certify_outside(holder=agent, member=agent, **asked)
    with pytest.raises(InvalidState):
        training.certify_outside(holder=agent, member=owner, **{**asked, "link": " "})
    with pytest.raises(InvalidState):
        training.certify_outside(
            holder=agent, member=owner, **{**asked, "issued_on": today + timedelta(days=1)}
        )
    assert training.certify_outside(holder=agent, member=owner, **asked).approved_by == owner
    make_member(Role.OFFICER)
    with pytest.raises(NotAllowed):
        training.certify_outside(holder=owner, member=owner, **asked)


def test_who_is_due_names_no_score(owner: Membership, agent: Membership) -> None:
    assert {one.member for one in selectors.due()} == {owner, agent}
    take(agent)
    assert {one.member for one in selectors.due()} == {owner}
    assert not hasattr(selectors.due()[0], "score")
    assert any(one.ref.startswith("course:") and one.member == owner for one in clocks.clocks())


def test_queries_do_not_grow_with_people(owner: Membership, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        make_member(Role.AGENT)
    with django_assert_num_queries(4):
        selectors.due()
    for _ in range(5):
        make_member(Role.AGENT)
    with django_assert_num_queries(4):
        selectors.due()


def test_the_course_is_taken_on_the_desk(shop: Organization, agent: Membership) -> None:
    client: Client = browser_of(shop, agent)
    page = client.get("/training/")
    assert "1 course waits" in page.content.decode()
    assert "Who is due" not in page.content.decode()
    assert CourseAttempt.objects.count() == 0  # looking begins nothing
    for number, lesson in enumerate(first().lessons):
        assert lesson["title"] in client.get(f"/training/{FIRST}/").content.decode()
        answers = {f"q{place}": str(one["right"]) for place, one in enumerate(lesson["quiz"])}
        assert client.post(f"/training/{FIRST}/{number}/", answers).status_code == 302
    assert "100 %" in client.get(f"/training/{FIRST}/").content.decode()
    assert Certificate.objects.filter(member=agent).count() == 1


def test_the_owner_sees_who_is_due_and_no_answers(
    shop: Organization, owner: Membership, agent: Membership
) -> None:
    take(agent, right=False)
    page = browser_of(shop, owner).get("/training/").content.decode()
    assert "Who is due" in page
    assert "Jonas" in page
    assert "%" not in page.split("Who is due")[1].split("</section>")[0]


def test_bad_input_is_said_and_changes_nothing(shop: Organization, agent: Membership) -> None:
    client: Client = browser_of(shop, agent)
    for data in ({}, {"q0": "x"}, {"q0": "7", "q1": "0", "q2": "0"}, {"qq": "1"}, {"q0": "-1"}):
        assert client.post(f"/training/{FIRST}/0/", data).status_code == 302
    assert not CourseAttempt.objects.exclude(answers={}).exists()
    assert client.get("/training/nothing/").status_code == 404
    assert client.post("/training/nothing/0/").status_code == 404


def test_another_shops_course_does_not_exist(agent: Membership) -> None:
    other = make_organization()
    with organization_scope(other.id):
        stranger = make_member(Role.OWNER)
    assert browser_of(other, stranger).get(f"/training/{FIRST}/").status_code == 404


def test_the_record_holds_no_score(agent: Membership) -> None:
    from governance import ledger

    take(agent)
    ledger.append_pending()
    entry = LedgerEntry.objects.get(event="certificate_issued")
    assert (entry.actor, entry.policy_version) == (f"membership:{agent.pk}", "1")


def test_lessons_are_written_as_text_and_read_back() -> None:
    for one in courses.shipped():
        assert lessons.read(lessons.written(one["lessons"])) == one["lessons"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello", "Begin with"),
        ("# One\n? Which\n- a", "two choices"),
        ("# One\n? Which\n- a\n- b", "Mark the right"),
        ("# One\n? Which\n+ a\n+ b", "two right"),
    ],
)
def test_lessons_that_cannot_be_read_say_why(text: str, said: str) -> None:
    with pytest.raises(lessons.LessonError, match=said):
        lessons.read(text)


def test_the_owner_changes_a_course_and_counts_one_of_others(
    shop: Organization, owner: Membership, agent: Membership
) -> None:
    client, page = browser_of(shop, owner), f"/admin/governance/course/{first().pk}/change/"
    form = {
        "title": "Ours",
        "key": FIRST,
        "about": "",
        "state": "live",
        "skills": ["ethics"],
        "text": "# One\nRead.\n? Which\n- a\n+ b\n= Because.",
        "minutes": "5",
        "pass_percent": "80",
        "valid_days": "365",
    }
    assert client.post(page, {**form, "text": ""}).status_code == 200
    assert client.post(page, form).status_code == 302
    assert (first().title, len(first().lessons)) == ("Ours", 1)
    today = timezone.localdate()
    asked = {
        "member": agent.pk,
        "course": first().pk,
        "source": "Chamber",
        "link": "https://example.org/x",
        "issued_on": str(today),
        "expires_on": str(today),
    }
    assert client.post("/admin/governance/certificate/add/", asked).status_code == 302
    found = Certificate.objects.get(member=agent)
    assert found.approved_by == owner
    assert client.post(f"/admin/governance/certificate/{found.pk}/revoke/").status_code == 302
    found.refresh_from_db()
    assert found.revoked_at is not None
