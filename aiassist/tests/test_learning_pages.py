"""The pages of what the AI learned, its test questions and what it is told: who may, what they say, what they cost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aiassist import learning_weekly
from aiassist.core.prompts import VERSION
from aiassist.core.wordings import EARLIER
from aiassist.models import Draft, DraftState, GoldenTicket, Lesson, PromptChoice, TopicProposal
from aiassist.tests.factories import make_draft
from aiassist.tests.factories_learning import (
    make_answer_fact,
    make_golden,
    make_golden_run,
    make_lesson,
    make_topic_proposal,
)
from governance.core.starter import starter
from governance.services import consents, policies
from helpdesk.people import weekly
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Ticket
from tickets.tests.factories import make_inbound, make_reply, make_ticket

pytestmark = pytest.mark.django_db
PAGES = ("/settings/ai-learned/", "/settings/ai-tests/", "/settings/ai-tests/new/", "/settings/ai-told/")
OLD = EARLIER[0].version
REASON = {"key": "unused", "share": 0.05, "n": 40}


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER)
        policies.adopt_starter(starter=starter(), member=owner)
    return owner


@pytest.fixture
def desk(shop: Organization, owner: Membership) -> Client:
    return browser_of(shop, owner)


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR])
@pytest.mark.parametrize("path", PAGES)
def test_only_owner_and_officer_see_them(
    shop: Organization, owner: Membership, role: Role, path: str
) -> None:
    with organization_scope(shop.id):
        member = make_member(role)
    assert browser_of(shop, member).get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_each_page_works_with_nothing_in_it(desk: Client, path: str) -> None:
    assert "<h1>" in text(desk.get(path))


def fill(n: int) -> None:
    for number in range(n):
        topic = f"topic {number}"
        for _answer in range(2):
            make_answer_fact(make_inbound(make_ticket(topic=topic)), topic=topic)
        make_lesson(passage=f"passage {number}")
        make_lesson(topic=topic, value=-1.0)
        make_topic_proposal(topic=topic, reasons=[REASON])
        row = make_golden(title=f"Question {number}")
        missed = {f"own-{row.pk}": ["must_say"]}
        make_golden_run(
            worse=["passed"],
            figures={"n": 2, "passed": 1, "criteria": {"must_say": [1, 2]}, "missed": missed},
        )
        PromptChoice.objects.create(prompt_hash=(OLD, VERSION)[number % 2])


@pytest.mark.parametrize("path", [one for one in PAGES if one != "/settings/ai-tests/new/"])
def test_the_number_of_queries_does_not_grow(
    shop: Organization,
    desk: Client,
    path: str,
    django_assert_max_num_queries: Any,
    django_assert_num_queries: Any,
) -> None:
    with organization_scope(shop.id):
        fill(2)
    desk.get(path)
    with django_assert_max_num_queries(25) as few:
        desk.get(path)
    with organization_scope(shop.id):
        fill_more = 8
        for number in range(2, 2 + fill_more):
            make_topic_proposal(topic=f"more {number}", reasons=[REASON])
            make_golden(title=f"More {number}")
            make_golden_run()
            make_lesson(passage=f"more {number}")
            PromptChoice.objects.create(prompt_hash=VERSION)
    with django_assert_num_queries(len(few.captured_queries)):
        desk.get(path)


def test_the_figures_say_their_count_or_why_there_is_none(shop: Organization, desk: Client) -> None:
    with organization_scope(shop.id):
        for _number in range(12):
            make_answer_fact(make_inbound(make_ticket(topic="returns")), changed=0.1)
    page = text(desk.get("/settings/ai-learned/"))
    assert "100 %" in page
    assert "n&nbsp;=&nbsp;12" in page
    assert "Not measured:" in page, "nobody answered alone, so no time was saved or lost"


def test_an_owner_decides_on_a_topic_and_takes_it_back(shop: Organization, desk: Client) -> None:
    with organization_scope(shop.id):
        row = make_topic_proposal(topic="returns", reasons=[REASON])
    assert "Only 5 % of 40 drafts were used" in text(desk.get("/settings/ai-learned/"))
    desk.post(f"/settings/ai-learned/topics/{row.pk}/", {"answer": "yes", "note": "Right."})
    with organization_scope(shop.id):
        row = TopicProposal.objects.select_related("policy").get(pk=row.pk)
        assert (row.state, row.note) == ("accepted", "Right.")
        assert row.policy is not None
        assert row.policy.status == "draft"
    assert f"/admin/governance/ethicspolicy/{row.policy.pk}/change/" in text(
        desk.get("/settings/ai-learned/")
    )
    desk.post(f"/settings/ai-learned/topics/{row.pk}/", {"answer": "back"})
    desk.post(f"/settings/ai-learned/topics/{row.pk}/", {"answer": "no"})
    with organization_scope(shop.id):
        assert TopicProposal.objects.get(pk=row.pk).state == "declined"


def test_the_weekly_mail_tells_of_what_waits_and_is_silent_otherwise(
    shop: Organization, owner: Membership
) -> None:
    with organization_scope(shop.id):
        week = weekly.week_before(date(2026, 11, 23), "Europe/Berlin")
        assert learning_weekly.sentences(week) == []
        assert learning_weekly.todo(week) is None
        make_topic_proposal()
        PromptChoice.objects.all().delete()
        PromptChoice.objects.create(prompt_hash=OLD)
        topic, wording = learning_weekly.sentences(week)
        assert "On 1 topic the AI does worse" in topic
        assert "waits" in wording
        todo = learning_weekly.todo(week)
        assert todo is not None
        assert todo.path == "/settings/ai-learned/"


def test_lessons_are_forgotten_and_taken_back(shop: Organization, desk: Client) -> None:
    with organization_scope(shop.id):
        make_lesson()
    assert "Lessons: 1, from requests of 1 customer" in text(desk.get("/settings/ai-learned/"))
    desk.post("/settings/ai-learned/forget/")
    page = text(desk.get("/settings/ai-learned/"))
    assert "None yet." in page
    assert "Take back what was forgotten (1 lesson)" in page
    desk.post("/settings/ai-learned/forget/", {"back": "1"})
    with organization_scope(shop.id):
        assert Lesson.objects.filter(forgotten_at=None).count() == 1


def solved(shop: Organization) -> Ticket:
    with organization_scope(shop.id):
        customer = make_customer("marta@example.com", name="Marta Oliveira")
        ticket = make_ticket(customer=customer, subject="A coat", topic="returns", status="solved")
        make_draft(make_inbound(ticket, text="I am Marta Oliveira. How long do I have to return a coat?"))
        make_reply(ticket, state="sent", sent_at=timezone.now())
    return ticket


QUESTION = {
    "title": "Coat", "question": "How long do I have?", "subject": "", "language": "en", "answer": "on",
    "must_say": "30 days | thirty days\n\nfree", "must_not_say": "", "sources": "Returns", "still_open": "",
}  # fmt: skip


def test_a_test_question_from_a_solved_ticket_has_the_customers_words_only_with_their_yes(
    shop: Organization, desk: Client
) -> None:
    ticket = solved(shop)
    panel = text(desk.get(f"/tickets/{ticket.number}/ai/", headers={"HX-Request": "true"}))
    assert f"/settings/ai-tests/new/?ticket={ticket.number}" in panel
    page = text(desk.get(f"/settings/ai-tests/new/?ticket={ticket.number}"))
    assert "has not agreed" in page
    assert "How long do I have to return a coat?" not in page
    refused = desk.post(f"/settings/ai-tests/new/?ticket={ticket.number}", {**QUESTION, "words": "1"})
    assert refused.status_code == 422, "the form's word is not the customer's"
    with organization_scope(shop.id):
        consents.record_choice(customer=ticket.customer, purpose="improve", state="granted", method="portal")
    page = text(desk.get(f"/settings/ai-tests/new/?ticket={ticket.number}"))
    assert "How long do I have to return a coat?" in page
    assert "Oliveira" not in page.split('name="question"')[1]
    desk.post(f"/settings/ai-tests/new/?ticket={ticket.number}", {**QUESTION, "words": "1"})
    with organization_scope(shop.id):
        row = GoldenTicket.objects.get()
        assert row.customer_id == ticket.customer_id
        assert row.must_say == ["30 days | thirty days", "free"]


def test_bad_input_is_said_and_nothing_is_stored(shop: Organization, desk: Client) -> None:
    for bad in (
        {"question": ""},
        {"must_say": "", "sources": ""},
        {"must_say": "x\n" * 30},
        {"language": "tlh"},
    ):
        assert desk.post("/settings/ai-tests/new/", {**QUESTION, **bad}).status_code == 422, bad
    assert desk.get("/settings/ai-tests/new/?ticket=999999").status_code == 404
    assert desk.get("/settings/ai-told/?show=nonsense").status_code == 404
    with organization_scope(shop.id):
        assert not GoldenTicket.objects.exists()


def test_a_question_is_changed_removed_and_put_back(shop: Organization, desk: Client) -> None:
    desk.post("/settings/ai-tests/new/", QUESTION)
    with organization_scope(shop.id):
        row = GoldenTicket.objects.get()
    desk.post(f"/settings/ai-tests/{row.pk}/", {**QUESTION, "title": "Coats"})
    assert "Coats" in text(desk.get("/settings/ai-tests/"))
    assert "Put it back" in text(desk.post(f"/settings/ai-tests/{row.pk}/remove/"))
    assert "Coats" not in text(desk.get("/settings/ai-tests/"))
    desk.post(f"/settings/ai-tests/{row.pk}/remove/", {"back": "1"})
    assert "Coats" in text(desk.get("/settings/ai-tests/"))


def test_a_run_is_asked_for_and_shown(
    shop: Organization, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "aiassist.golden_views.enqueue_on_commit", lambda _task, **arguments: asked.append(arguments)
    )
    desk.post("/settings/ai-tests/run/")
    desk.post("/settings/ai-tests/run/", {"version": OLD})
    assert [one["version"] for one in asked] == ["", OLD]
    with organization_scope(shop.id):
        row = make_golden(title="Coat")
        missed, rows = {f"own-{row.pk}": ["must_say"]}, {f"own-{row.pk}": ["-", {"must_say": False}]}
        criteria = {"must_say": [0, 1]}
        figures = {"n": 1, "passed": 0, "criteria": criteria, "missed": missed, "rows": rows}
        make_golden_run(
            figures=figures, worse=["passed", f"question:own-{row.pk}"], than="built-in/builtin-1 x"
        )
    page = text(desk.get("/settings/ai-tests/"))
    assert "0 of 1 answered well" in page
    assert f"your question {row.pk}" in page
    assert "not good" in page
    assert "worse than what serves" in page


def test_the_wording_is_compared_chosen_and_gone_back_from(shop: Organization, desk: Client) -> None:
    page = text(desk.get(f"/settings/ai-told/?show={OLD}"))
    assert "<del>" in page
    assert "(your notes on tone)" in page
    desk.post("/settings/ai-told/choose/", {"version": OLD, "reason": "It was calmer."})
    page = text(desk.get("/settings/ai-told/"))
    assert "It was calmer." in page
    with organization_scope(shop.id):
        make_golden_run(prompt_hash=VERSION, worse=["passed"])
    desk.post("/settings/ai-told/choose/", {"version": VERSION})
    with organization_scope(shop.id):
        assert PromptChoice.objects.latest("pk").prompt_hash == OLD, "worse, and nobody said why"
    desk.post("/settings/ai-told/choose/", {"version": VERSION, "reason": "It is clearer."})
    with organization_scope(shop.id):
        assert PromptChoice.objects.latest("pk").prompt_hash == VERSION


def test_a_reason_is_one_tap_after_the_click_and_never_asked_for_twice(
    shop: Organization, desk: Client
) -> None:
    with organization_scope(shop.id):
        ticket = make_ticket()
        make_draft(make_inbound(ticket), state=DraftState.REJECTED)
    url = f"/tickets/{ticket.number}/ai/reason/"
    panel = text(desk.get(f"/tickets/{ticket.number}/ai/", headers={"HX-Request": "true"}))
    assert url in panel
    assert "wrong source" in panel
    desk.post(url, {"reason": "made up"})
    with organization_scope(shop.id):
        assert Draft.objects.get().reject_reason == ""
    assert "Thank you, noted." in text(desk.post(url, {"reason": "wrong_source"}))
    with organization_scope(shop.id):
        assert Draft.objects.get().reject_reason == "wrong_source"
        Draft.objects.update(state=DraftState.PROPOSED, reject_reason="")
    desk.post(url, {"reason": "tone"})
    with organization_scope(shop.id):
        assert Draft.objects.get().reject_reason == "", "only of a draft that is rejected"
