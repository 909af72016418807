"""The page "How are we doing": who sees it, known answers, days of the shop's zone, what waits, bad addresses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from governance.models import OutcomeFact
from helpdesk.people.models import Role
from helpdesk.people.tests.factories import make_member
from helpdesk.tenancy.models import Organization
from tickets.models import Ticket
from tickets.selectors.doing import Figures, doing
from tickets.selectors.inboxes import sight_of
from tickets.tests.desk import Desk, make_desk
from tickets.tests.factories import make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/how-are-we-doing/"


@pytest.fixture(name="desk")
def _desk() -> Desk:
    return make_desk()


def fact(ticket: Ticket, event: str, value: float | None = None, at: datetime | None = None) -> None:
    one = OutcomeFact.objects.create(subject_id=ticket.pk, event=event, value=value)
    if at is not None:
        OutcomeFact.objects.filter(pk=one.pk).update(created_at=at)


def read(desk: Desk, *, days: int = 1) -> dict[int | None, Figures]:
    now = timezone.now()
    with desk.scope():
        return doing(now - timedelta(days=days), now + timedelta(minutes=1), sight_of(desk.owner))


def test_known_answers_by_inbox_and_together(desk: Desk) -> None:
    late, soon = timezone.now() - timedelta(hours=1), timezone.now() + timedelta(hours=1)
    with desk.scope():
        ours = [make_ticket(inbox=desk.inbox) for _ in range(3)]
        theirs = make_ticket(inbox=desk.other_inbox)
        for one in (*ours, theirs):
            fact(one, "opened")
        for one, seconds in zip((*ours, theirs), (60, 3600, 7200, 86400), strict=True):
            fact(one, "first_reply", seconds)
        fact(ours[0], "solved", 90)
        fact(theirs, "solved", 90)
        fact(ours[0], "reopened")
        fact(ours[0], "satisfied", 1)
        fact(theirs, "satisfied", 0)
        Ticket.objects.filter(pk=ours[0].pk).update(waiting_since=late, due_at=late)
        Ticket.objects.filter(pk=ours[1].pk).update(waiting_since=soon, due_at=soon)
        Ticket.objects.filter(pk=ours[2].pk).update(waiting_since=late, due_at=late, status="solved")
    found = read(desk)
    shop, whole = found[desk.inbox.pk], found[None]
    assert (shop.opened, shop.answered, shop.median, shop.solved, shop.reopened) == (3, 3, 3600, 1, 1)
    assert (shop.asked, shop.right, shop.waiting, shop.late, shop.since) == (1, 1, 2, 1, late)
    assert (whole.opened, whole.median, whole.solved, whole.reopened) == (4, 5400, 2, 1)
    assert (whole.asked, whole.right, whole.waiting) == (2, 1, 2)
    assert found[desk.other_inbox.pk].waiting == 0


def test_what_happened_elsewhere_or_before_does_not_count(desk: Desk) -> None:
    with desk.scope():
        fact(make_ticket(inbox=desk.inbox), "opened", at=timezone.now() - timedelta(days=2))
        OutcomeFact.objects.create(subject_kind="message", subject_id=1, event="opened")
    other = make_desk()
    with other.scope():
        fact(make_ticket(inbox=other.inbox), "opened")
    assert read(desk)[None] == Figures()
    assert read(desk, days=3)[None].opened == 1


def test_a_day_is_the_shops_day(desk: Desk) -> None:
    """Auckland's 5 March begins at 11:00 UTC of the day before."""
    Organization.objects.filter(pk=desk.organization.pk).update(timezone="Pacific/Auckland")
    with desk.scope():
        ticket = make_ticket(inbox=desk.inbox)
        fact(ticket, "opened", at=datetime(2026, 3, 4, 10, 59, tzinfo=UTC))
        fact(ticket, "opened", at=datetime(2026, 3, 4, 11, 0, tzinfo=UTC))
    client = desk.client(desk.owner)
    page = client.get(f"{URL}?since=2026-03-05&until=2026-03-05")
    assert "1 request came in." in page.content.decode()
    assert "as many days before: 1" in page.content.decode()


def test_the_page_says_it_in_a_sentence_and_in_one_inbox(desk: Desk, django_assert_num_queries: Any) -> None:
    with desk.scope():
        for n in range(4):
            ticket = make_ticket(inbox=desk.inbox)
            fact(ticket, "opened")
            fact(ticket, "first_reply", 3600 * (n + 1))
    client = desk.client(desk.owner)
    page = client.get(URL).content.decode()
    assert "4 requests came in. Half of the first answers went out within 2 h. Nobody waits" in page
    assert "of 4 first answers, too few to tell much" in page
    assert "Wholesale" in page
    one = client.get(f"{URL}?inbox={desk.other_inbox.pk}").content.decode()
    assert "0 requests came in." in one
    assert "Nothing happened in these days" in one


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since=2026-03-05&until=2026-03-04", "The first day is after the last."),
        ("since=2020-01-01&until=2026-03-04", "At most 400 days."),
        ("until=0001-01-02", "Nothing was written down so long ago."),
        ("since=yesterday", "Enter a valid date."),
        ("inbox=999999", "Select a valid choice."),
    ],
)
def test_a_bad_address_says_what_is_wrong(desk: Desk, query: str, said: str) -> None:
    page = desk.client(desk.owner).get(f"{URL}?{query}")
    assert page.status_code == 422
    assert said in page.content.decode()


def test_only_who_leads_sees_it(desk: Desk) -> None:
    with desk.scope():
        officer = make_member(Role.OFFICER)
    assert desk.client(officer).get(URL).status_code == 200
    assert desk.client(desk.agent).get(URL).status_code == 403
    assert b"How are we doing" not in desk.client(desk.agent).get("/").content
    assert desk.client().get(URL).status_code == 302
