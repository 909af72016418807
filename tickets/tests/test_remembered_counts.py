"""Counts are remembered until a ticket changes: never older than that, never somebody else's, never needed."""

from __future__ import annotations

import time
from typing import Any

import pytest

from helpdesk.live import events
from helpdesk.people.permissions import grant_inbox
from tickets.models import Status
from tickets.selectors.counts import Counts, remembered_counts
from tickets.selectors.inboxes import sight_of
from tickets.services import changing
from tickets.tests.desk import Desk, make_desk
from tickets.tests.factories import make_ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _remember(settings: Any) -> None:
    settings.COUNTS_SECONDS = 30


@pytest.fixture
def desk() -> Desk:
    """With one new ticket in the agent's inbox and one that is not theirs to see."""
    desk = make_desk()
    with desk.scope():
        make_ticket(inbox=desk.inbox)
        make_ticket(inbox=desk.other_inbox)
    return desk


def seen(desk: Desk, member: Any) -> Counts:
    """What the member's next page says."""
    with desk.scope():
        return remembered_counts(member, sight_of(member))


def test_nothing_changed_nothing_is_counted(desk: Desk, django_assert_num_queries: Any) -> None:
    first = seen(desk, desk.agent)
    with desk.scope():
        sight = sight_of(desk.agent)
        with django_assert_num_queries(0):
            assert remembered_counts(desk.agent, sight) == first
    assert first.views["open"] == 1
    assert first.inboxes == {desk.inbox.pk: 1}


def test_a_change_by_anyone_counts_at_once(desk: Desk) -> None:
    assert seen(desk, desk.owner).views["open"] == 2
    with desk.scope():
        ticket = make_ticket(inbox=desk.inbox)
        changing.set_status(ticket=ticket, status=Status.PENDING, member=desk.agent)
    found = seen(desk, desk.owner)
    assert (found.views["open"], found.views["pending"]) == (2, 1)


def test_a_change_that_was_undone_changes_nothing(desk: Desk) -> None:
    seen(desk, desk.owner)
    with pytest.raises(ZeroDivisionError), desk.scope():
        changing.set_status(ticket=make_ticket(inbox=desk.inbox), status=Status.PENDING, member=desk.owner)
        raise ZeroDivisionError
    assert seen(desk, desk.owner).views["pending"] == 0


def test_a_page_that_changes_tickets_shows_its_own_change(desk: Desk) -> None:
    client = desk.client(desk.agent)
    with desk.scope():
        number = make_ticket(inbox=desk.inbox).number
    assert "2 tickets" in client.get("/").content.decode()
    page = client.post("/bulk/", {"tickets": [number], "action": "solve"}, headers={"HX-Request": "true"})
    assert "1 ticket<" in page.content.decode().replace("\n", ""), "in the answer itself"
    assert "1 ticket<" in client.get("/").content.decode().replace("\n", "")


def test_each_sees_their_own_and_a_new_grant_counts_at_once(desk: Desk) -> None:
    assert seen(desk, desk.owner).views["open"] == 2
    assert seen(desk, desk.agent).views["open"] == 1
    with desk.scope():
        grant_inbox(desk.agent, desk.other_inbox)
    assert seen(desk, desk.agent).views["open"] == 2


def test_another_organizations_counts_are_its_own(desk: Desk) -> None:
    other = make_desk()
    seen(desk, desk.owner)
    with other.scope():
        assert remembered_counts(desk.owner, sight_of(other.owner)).views["open"] == 0


def test_without_valkey_they_are_counted_and_nobody_waits(desk: Desk, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    events.client.cache_clear()
    begun = time.monotonic()
    try:
        assert seen(desk, desk.owner).views["open"] == 2
    finally:
        events.client.cache_clear()
    assert time.monotonic() - begun < 0.5
