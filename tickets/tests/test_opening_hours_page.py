"""The page "Opening hours", snoozing and stepping through the list, as members and strangers use them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from helpdesk.tenancy.models import Organization
from tickets.models import AnswerTarget, ClosedDays, OpeningHours, Ticket
from tickets.tests.desk import HTMX, Desk, make_desk
from tickets.tests.factories import make_closed_days, make_ticket

pytestmark = pytest.mark.django_db
WEEK = {f"day{n}": "9-12:30, 13:30-17:00" for n in range(5)}


@pytest.fixture(name="desk")
def _desk() -> Desk:
    return make_desk()


def test_an_owner_sets_the_week_and_reads_it_in_words(desk: Desk) -> None:
    owner = desk.client(desk.owner)
    asked = {"what": "hours", "timezone": "Europe/Berlin", "country": "DE", "region": "", **WEEK}
    assert owner.post("/hours/", asked).status_code == 302
    with desk.scope():
        stored = OpeningHours.objects.get(inbox=None)
        assert stored.week == [[[540, 750], [810, 1020]]] * 5 + [[], []]
    assert Organization.objects.get(pk=desk.organization.pk).timezone == "Europe/Berlin"
    page = owner.get("/hours/").content.decode()
    assert "9:00–12:30, 13:30–17:00" in page
    assert "Bayern" in page
    assert "Opening hours" in owner.get("/settings/").content.decode()


@pytest.mark.parametrize("wrong", ["nine to five", "17-9", "9-13, 12-17", "9-25", "9:70-10", "9", "-"])
def test_times_that_are_none_are_refused_with_words(desk: Desk, wrong: str) -> None:
    asked = {"what": "hours", "timezone": "UTC", "country": "", "day2": wrong}
    response = desk.client(desk.owner).post("/hours/", asked)
    assert response.status_code == 422
    with desk.scope():
        assert not OpeningHours.objects.exists()


def test_targets_and_closed_days_of_an_inbox(desk: Desk) -> None:
    owner, place = desk.client(desk.owner), f"/hours/?inbox={desk.inbox.pk}"
    assert owner.post(place, {"what": "targets", "f0": "4", "n0": "8", "f4": "0.5"}).status_code == 302
    dates = {"first": "2026-12-24", "last": "2027-01-03"}
    assert (
        owner.post(place, {"what": "closed", "name": "Break", "text_de": "Frohes Fest", **dates}).status_code
        == 302
    )
    assert (
        owner.post(
            place, {"what": "closed", "name": "x", "first": "2026-12-24", "last": "2026-12-01"}
        ).status_code
        == 422
    )
    with desk.scope():
        found = {
            (one.priority, one.first_minutes, one.next_minutes)
            for one in AnswerTarget.objects.filter(inbox=desk.inbox)
        }
        assert found == {(None, 240, 480), (4, 30, None)}
        days = ClosedDays.objects.get()
        assert days.texts == {"de": "Frohes Fest"}
    assert owner.post(f"/hours/closed/{days.pk}/remove/").status_code == 302
    with desk.scope():
        assert not ClosedDays.objects.exists()


def test_only_owners_and_nothing_of_another_shop(desk: Desk) -> None:
    other = make_desk()
    with other.scope():
        days = make_closed_days()
    assert desk.client(desk.agent).get("/hours/").status_code == 403
    owner = desk.client(desk.owner)
    assert owner.get(f"/hours/?inbox={other.inbox.pk}").status_code == 404
    assert owner.get("/hours/?inbox=x").status_code == 404
    assert owner.post(f"/hours/closed/{days.pk}/remove/").status_code == 404


@pytest.mark.parametrize("until", ["later", "tomorrow", "monday", "day"])
def test_an_agent_snoozes_and_takes_it_back(desk: Desk, until: str) -> None:
    with desk.scope():
        ticket = make_ticket(inbox=desk.inbox, status="open")
    agent = desk.client(desk.agent)
    day = (timezone.now() + timedelta(days=9)).date().isoformat()
    asked = {"day": day} if until == "day" else {"until": until}
    response = agent.post(f"/tickets/{ticket.number}/snooze/", asked, headers=HTMX)
    assert "Snoozed until" in response.content.decode()
    with desk.scope():
        assert Ticket.objects.get(pk=ticket.pk).snoozed_until is not None
    assert "Wake it now" in agent.get(f"/tickets/{ticket.number}/").content.decode()
    agent.post(f"/tickets/{ticket.number}/wake/")
    with desk.scope():
        assert Ticket.objects.get(pk=ticket.pk).snoozed_until is None


@pytest.mark.parametrize("asked", [{}, {"until": "never"}, {"day": "2026-02-30"}, {"day": "9999-12-31"}])
def test_nonsense_is_no_sleep(desk: Desk, asked: dict[str, Any]) -> None:
    with desk.scope():
        ticket = make_ticket(inbox=desk.inbox, status="open")
    assert (
        desk.client(desk.agent).post(f"/tickets/{ticket.number}/snooze/", asked, headers=HTMX).status_code
        == 200
    )
    with desk.scope():
        assert Ticket.objects.get(pk=ticket.pk).snoozed_until is None


def test_next_and_previous_stay_in_the_view_and_in_sight(desk: Desk) -> None:
    with desk.scope():
        first, hidden, last = (
            make_ticket(inbox=inbox, status="open") for inbox in (desk.inbox, desk.other_inbox, desk.inbox)
        )
    agent = desk.client(desk.agent)
    found = agent.get(f"/tickets/{last.number}/next/?view=open&sort=due")
    assert found["Location"] == f"/tickets/{first.number}/?view=open&sort=due"
    assert agent.get(f"/tickets/{first.number}/previous/")["Location"].startswith(f"/tickets/{last.number}/")
    assert agent.get(f"/tickets/{first.number}/next/")["Location"].startswith(f"/tickets/{first.number}/")
    assert agent.get(f"/tickets/{hidden.number}/next/").status_code == 404


def test_the_list_says_what_is_due_and_late(desk: Desk) -> None:
    now = timezone.now()
    with desk.scope():
        make_ticket(inbox=desk.inbox, status="open", due_at=now + timedelta(hours=2, minutes=5))
        make_ticket(inbox=desk.inbox, status="open", due_at=now - timedelta(hours=1, minutes=5))
    page = desk.client(desk.agent).get("/?view=open&sort=due").content.decode()
    assert page.index("late by 1 h") < page.index("due in 2 h")
    assert "Newest first" in page
