"""A ticket without a draft shows which article is missing; once it is there, a reply can be suggested again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from governance.tests.factories import make_decision
from helpdesk.people.tests.factories import make_customer
from tickets.models import Article, Ticket
from tickets.tests.desk import HTMX, Desk, make_desk
from tickets.tests.factories import make_article, make_inbound, make_outcome, make_reply, make_ticket

pytestmark = pytest.mark.django_db
ASKED = """Hello,

my name is Ada Lovelace, order 48213, write to ada@example.com. Do you also repair music boxes?

Best regards
Ada Lovelace"""


@pytest.fixture
def desk() -> Desk:
    """A desk with its people."""
    return make_desk()


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    """A question that got no draft."""
    with desk.scope():
        customer = make_customer("ada@example.com", name="Ada Lovelace")
        ticket = make_ticket(inbox=desk.inbox, customer=customer, subject="Repair?", language="en")
        message = make_inbound(ticket, text=ASKED)
        decision = make_decision(subject_id=message.pk)  # somebody looked, and found nothing
        at = timezone.now() - timedelta(minutes=5)
        make_outcome(message, decision=decision, reason="Nothing fits.", created_at=at)
    return ticket


def panel(desk: Desk, ticket: Ticket, member: Any = None) -> str:
    client = desk.client(member or desk.agent)
    return client.get(f"/tickets/{ticket.number}/ai/", headers=HTMX).content.decode()


def test_the_form_begins_with_the_question_and_the_answer_without_persons(desk: Desk, ticket: Ticket) -> None:
    answer = "Hello Ada Lovelace,\n\nyes, we repair music boxes within two weeks. Call +49 170 1234567.\n\nBest regards\nMarta"
    with desk.scope():
        make_reply(ticket, text="An older answer.", state="prepared", author=desk.agent)
        make_reply(ticket, text=answer, author=desk.agent)
    with desk.scope(), connection.cursor() as cursor:
        cursor.execute("UPDATE tickets_message SET state = 'sent' WHERE text = %s", [answer])
    assert "Write the missing article" in panel(desk, ticket)
    page = desk.client(desk.agent).get(f"/tickets/{ticket.number}/ai/article/").content.decode()
    assert 'value="Do you also repair music boxes?"' in page
    assert "we repair music boxes within two weeks" in page
    for secret in ("Lovelace", "ada@example.com", "48213", "1234567"):
        assert secret not in page.split("<form", 2)[-1].replace(f"#{ticket.number}", ""), secret


def test_without_an_answer_only_the_question_is_there(desk: Desk, ticket: Ticket) -> None:
    page = desk.client(desk.agent).get(f"/tickets/{ticket.number}/ai/article/").content.decode()
    assert 'value="Do you also repair music boxes?"' in page
    assert "two weeks" not in page


def test_once_it_is_published_the_ticket_comes_back_and_a_reply_can_be_suggested(
    desk: Desk, ticket: Ticket
) -> None:
    client = desk.client(desk.agent)
    fields = {
        "title": "Do you repair music boxes?",
        "slug": "",
        "body": "Yes, within two weeks.",
        "language": "en",
    }
    back = f"/tickets/{ticket.number}/"
    assert client.post("/articles/new/", {**fields, "then": "publish", "next": back}).url == back
    with desk.scope():
        assert Article.objects.get().status == "published"
    assert (
        client.post("/articles/new/", {**fields, "slug": "x", "next": "https://evil.example"}).url
        == "/articles/"
    )


def test_who_may_not_write_articles_is_not_offered_it(desk: Desk, ticket: Ticket) -> None:
    with desk.scope():
        make_article()
    page = panel(desk, ticket, desk.auditor)
    assert "Write the missing article" not in page
    assert desk.client(desk.auditor).get(f"/tickets/{ticket.number}/ai/article/").status_code == 403


def test_a_ticket_of_another_inbox_or_shop_is_not_there(desk: Desk, ticket: Ticket) -> None:
    with desk.scope():
        hidden = make_ticket(inbox=desk.other_inbox)
    assert desk.client(desk.agent).get(f"/tickets/{hidden.number}/ai/article/").status_code == 404
    other = make_desk()
    assert other.client(other.owner).get(f"/tickets/{ticket.number}/ai/article/").status_code == 404
