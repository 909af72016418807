"""A customer who is about to ask sees the articles that may answer, with and without script, and loses no word."""

from __future__ import annotations

import pytest

from governance.services.consents import answer_without_ai
from helpdesk.people.tests.factories import make_customer
from helpdesk.portal.tests.support import signed_in
from tickets import finding
from tickets.models import Ticket
from tickets.portal_suggest import MOST_A_MINUTE
from tickets.tests.desk import Desk, make_desk
from tickets.tests.factories import make_article

pytestmark = pytest.mark.django_db
ASKED = {"subject": "Return", "text": "How do I return my <boots>? They are too small."}


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A shop with one article; this room alone finds by words."""
    monkeypatch.setattr(finding, "_finders", [])
    desk = make_desk()
    with desk.scope():
        make_article(title="How do I return something?", body="Within 30 days.", slug="returns")
    return desk


def customer(desk: Desk):
    with desk.scope():
        return signed_in(desk.organization, make_customer())


def test_what_is_written_is_answered_before_it_is_sent(desk: Desk) -> None:
    page = customer(desk).post("/portal/tickets/new/answers/", ASKED).content.decode()
    assert "Does this answer it already?" in page
    assert "Within 30 days." in page
    assert (
        customer(desk).post("/portal/tickets/new/answers/", {"text": "quantum"}).content.decode().strip()
        == ""
    )


def test_without_script_a_button_does_it_and_keeps_what_was_written(desk: Desk) -> None:
    client = customer(desk)
    page = client.post("/portal/tickets/new/", {**ASKED, "then": "look"}).content.decode()
    assert "Within 30 days." in page
    assert "How do I return my &lt;boots&gt;? They are too small." in page
    assert (
        "No article answers this"
        in client.post("/portal/tickets/new/", {"text": "quantum", "then": "look"}).content.decode()
    )
    with desk.scope():
        assert not Ticket.objects.exists()
    assert client.post("/portal/tickets/new/", ASKED).status_code == 302
    with desk.scope():
        assert Ticket.objects.count() == 1


def test_who_said_no_to_ai_is_answered_without_a_model(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_finders", [lambda _question: pytest.fail("asked a model")])
    with desk.scope():
        person = make_customer()
        answer_without_ai(customer=person, method="portal")
        client = signed_in(desk.organization, person)
    assert "Within 30 days." in client.post("/portal/tickets/new/answers/", ASKED).content.decode()


def test_strangers_and_those_who_ask_too_often_get_nothing(desk: Desk) -> None:
    assert desk.client().post("/portal/tickets/new/answers/", ASKED).status_code == 302
    client = customer(desk)
    assert client.get("/portal/tickets/new/answers/").status_code == 405
    pages = [
        client.post("/portal/tickets/new/answers/", ASKED).content.decode() for _ in range(MOST_A_MINUTE + 1)
    ]
    assert pages[-2].strip()
    assert not pages[-1].strip()
