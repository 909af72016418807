"""The first-minute tour: six steps, left and gone on with, offered until it was taken or skipped, each member's own."""

from __future__ import annotations

import pytest

from helpdesk.people.tour import STEPS
from tickets.tests.desk import Desk, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


def test_it_opens_where_it_was_left(desk: Desk) -> None:
    client = desk.client(desk.agent)
    first = client.get("/tour/").content.decode()
    assert first.count("<div data-tour-step") == STEPS == 6
    assert 'data-step="0"' in first
    assert client.post("/tour/", {"step": "3"}).status_code == 204
    assert 'data-step="3"' in client.get("/tour/").content.decode()
    assert 'data-step="0"' in desk.client(desk.owner).get("/tour/").content.decode()


def test_it_is_offered_until_it_ended_and_stays_in_the_menu(desk: Desk) -> None:
    client = desk.client(desk.agent)
    for page in ("/", "/people/"):
        assert "data-tour-offer" in client.get(page).content.decode()
    client.post("/tour/", {"step": "2", "end": "1"})
    for page in ("/", "/people/"):
        shown = client.get(page).content.decode()
        assert "data-tour-offer" not in shown
        assert "data-tour-start" in shown
    assert 'data-step="0"' in client.get("/tour/").content.decode(), "taken again, it begins at the beginning"


@pytest.mark.parametrize("step", ["", "-1", "6", "x", "9" * 30])
def test_nonsense_is_not_kept(desk: Desk, step: str) -> None:
    client = desk.client(desk.agent)
    client.post("/tour/", {"step": step, "end": "1"})
    with desk.scope():
        desk.agent.refresh_from_db()
    assert (desk.agent.tour_step, desk.agent.tour_ended_at) == (0, None)


def test_strangers_have_none(desk: Desk) -> None:
    assert desk.client().get("/tour/").status_code == 302
