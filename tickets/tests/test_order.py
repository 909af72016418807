"""What is due first, what sleeps, and the tickets before and after one: the list's other orders."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Status, Ticket
from tickets.selectors.counts import counts_of
from tickets.selectors.inboxes import sight_of
from tickets.selectors.listing import Filters, beside, tickets_page
from tickets.tests.factories import make_inbox, make_ticket

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(name="owner")
def _owner() -> Any:
    with organization_scope(make_organization().id):
        make_inbox()
        yield make_member(Role.OWNER)


def due(hours: float | None, **fields: Any) -> Ticket:
    return make_ticket(due_at=None if hours is None else NOW + timedelta(hours=hours), **fields)


def pages(owner: Membership, limit: int, **asked: Any) -> list[int]:
    filters, after, found = Filters(**asked), "", []
    for _ in itertools.count():
        page = tickets_page(filters, owner, sight_of(owner), after=after, limit=limit)
        found += [row.number for row in page.rows]
        if not page.older:
            return found
        after = page.older
    raise AssertionError


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
def test_what_is_due_comes_first_then_the_newest_on_any_page(owner: Membership, limit: int) -> None:
    wanted = [due(2), due(None), due(-5), due(2), due(None), due(30)]
    first, plain, late, same, newest, last = (one.number for one in wanted)
    expected = [late, first, same, last, newest, plain]
    assert pages(owner, limit, sort="due") == expected
    assert pages(owner, limit) == [one.number for one in reversed(wanted)]


def test_the_next_and_the_one_before_follow_the_list(owner: Membership) -> None:
    for hours in (2, None, -5, None, 30):
        due(hours)
    make_ticket(status=Status.SOLVED)
    for sort in ("", "due"):
        filters, sight = Filters(sort=sort), sight_of(owner)
        order = pages(owner, 10, sort=sort)
        tickets = {one.number: one for one in Ticket.objects.all()}
        for here, after in itertools.pairwise(order):
            assert beside(filters, owner, sight, tickets[here], back=False) == after
            assert beside(filters, owner, sight, tickets[after], back=True) == here
        assert beside(filters, owner, sight, tickets[order[-1]], back=False) is None
        assert beside(filters, owner, sight, tickets[order[0]], back=True) is None


@pytest.mark.parametrize("after", ["due_", "due_x_1", "due_2026-01-01_y", "_", "x"])
@pytest.mark.parametrize("sort", ["", "due"])
def test_a_cursor_that_somebody_typed_is_refused(owner: Membership, sort: str, after: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever does not parse
        tickets_page(Filters(sort=sort), owner, sight_of(owner), after=after)


def test_what_sleeps_is_in_its_own_view_and_found_by_name(owner: Membership) -> None:
    until: datetime = NOW + timedelta(days=1)
    awake, asleep = make_ticket(), make_ticket(snoozed_until=until, assignee=owner)
    waiting = make_ticket(snoozed_until=until, status=Status.PENDING)
    assert pages(owner, 10, view="open") == [awake.number]
    assert pages(owner, 10, view="mine") == []
    assert pages(owner, 10, view="pending") == []
    assert pages(owner, 10, view="snoozed") == [waiting.number, asleep.number]
    assert pages(owner, 10, view="all", query=f"#{asleep.number}") == [asleep.number]
    found = counts_of(owner, sight_of(owner))
    assert found.views["snoozed"] == 2
    assert found.views["open"] == 1
