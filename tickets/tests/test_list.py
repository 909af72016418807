"""The list and its counts: who sees what, filters, keyset pages, constant queries, and the indexes behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from helpdesk.people.models import Membership, Role
from helpdesk.people.permissions import grant_inbox, visible_inboxes
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Inbox, Status, Ticket
from tickets.selectors import listing
from tickets.selectors.counts import counts_of, label
from tickets.selectors.inboxes import sight_of
from tickets.selectors.listing import VIEWS, Filters, tickets_page
from tickets.selectors.order import SORTS
from tickets.tests.factories import (
    make_attachment,
    make_inbound,
    make_inbox,
    make_outcome,
    make_reply,
    make_tag,
    make_ticket,
    make_ticket_tag,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Iterator[Membership]:
    """The owner of an organization that is in force."""
    with organization_scope(make_organization().id):
        yield make_member(Role.OWNER)


def numbers(member: Membership, **asked: Any) -> list[int]:
    """Numbers of the tickets on the first page."""
    return [row.number for row in tickets_page(Filters(**asked), member, sight_of(member)).rows]


def test_each_view_shows_its_tickets_and_counts_them(owner: Membership) -> None:
    inbox = make_inbox()
    wanted = {
        "new": make_ticket(inbox=inbox),
        "mine": make_ticket(inbox=inbox, status=Status.OPEN, assignee=owner),
        "pending": make_ticket(inbox=inbox, status=Status.PENDING, assignee=owner),
        "solved": make_ticket(inbox=inbox, status=Status.SOLVED),
        "closed": make_ticket(inbox=inbox, status=Status.CLOSED),
        "spam": make_ticket(inbox=inbox, status=Status.SPAM),
        "other": make_ticket(inbox=make_inbox(), status=Status.OPEN, assignee=make_member()),
    }
    expected = {
        "mine": {"mine"},
        "unassigned": {"new"},
        "open": {"new", "mine", "other"},
        "pending": {"pending"},
        "snoozed": set(),
        "solved": {"solved", "closed"},
        "spam": {"spam"},
    }
    found = counts_of(owner, sight_of(owner))
    for view in VIEWS:
        assert set(numbers(owner, view=view)) == {wanted[one].number for one in expected[view]}, view
        if view not in ("solved", "spam"):
            assert found.views[view] == len(expected[view]), view
    assert not {"solved", "spam"} & set(found.views), "history is not counted at each page"
    assert found.inboxes[inbox.pk] == 2
    assert numbers(owner, view="open", inbox=inbox.pk) == [wanted["mine"].number, wanted["new"].number]


def test_filters_combine(owner: Membership) -> None:
    tag = make_tag(name="vip")
    ticket = make_ticket(priority=4, assignee=owner)
    make_ticket_tag(ticket=ticket, tag=tag)
    make_ticket_tag(tag=tag)
    make_ticket(priority=4)
    assert numbers(owner, tag="vip", priority=4) == [ticket.number]
    assert numbers(owner, assignee="me") == [ticket.number]
    assert numbers(owner, assignee=str(owner.pk), tag="vip") == [ticket.number]
    assert numbers(owner, view="unassigned", assignee=str(owner.pk)) == []
    assert numbers(owner, customer=ticket.customer_id, view="spam") == [ticket.number]
    assert numbers(owner, status="spam") == []
    assert numbers(owner, query=f"#{ticket.number}", view="spam") == [ticket.number]
    assert numbers(owner, number=ticket.number) == [ticket.number]


def test_an_agent_sees_granted_inboxes_only_in_list_counts_and_search(owner: Membership) -> None:
    agent, mine, other = make_member(Role.AGENT), make_inbox(), make_inbox()
    assert numbers(agent) == []
    grant_inbox(agent, mine)
    seen, hidden = (
        make_inbound(make_ticket(inbox=mine), text="needle"),
        make_inbound(make_ticket(inbox=other, assignee=agent), text="needle"),
    )
    for asked in ({}, {"query": "needle"}, {"status": "new"}, {"view": "unassigned"}):
        assert numbers(agent, **asked) == [seen.ticket.number]
    for asked in (
        {"inbox": other.pk},
        {"view": "mine"},
        {"number": hidden.ticket.number},
        {"query": f"#{hidden.ticket.number}"},
    ):
        assert numbers(agent, **asked) == []
    found = counts_of(agent, sight_of(agent))
    assert (found.views["open"], found.views["mine"], found.inboxes) == (1, 0, {mine.pk: 1})
    assert len(numbers(make_member(Role.AUDITOR))) == 2


def test_sight_is_what_permissions_say(owner: Membership) -> None:
    inboxes = [make_inbox(), make_inbox(is_active=False), make_inbox()]
    agent, stranger = make_member(Role.AGENT), make_member(Role.AGENT)
    grant_inbox(agent, inboxes[0])
    grant_inbox(agent, inboxes[1])
    grant_inbox(stranger, inboxes[2])
    for member in (owner, agent, stranger, make_member(Role.AUDITOR), make_member(Role.OFFICER)):
        granted = visible_inboxes(member)
        ids = sight_of(member).ids
        assert (granted is None) == (ids is None)
        assert ids is None or set(ids) == set(granted or ())


def test_pages_join_without_gap_or_double_even_when_times_are_equal(owner: Membership) -> None:
    moment = timezone.now()
    statuses = [Status.NEW, Status.OPEN]
    made = [
        make_ticket(updated_at=moment - timedelta(seconds=n // 4), status=statuses[n % 2]).number
        for n in range(11)
    ]
    seen: list[int] = []
    after = ""
    for _ in range(10):
        page = tickets_page(Filters(), owner, sight_of(owner), after=after, limit=3)
        seen += [row.number for row in page.rows]
        if not (after := page.older):
            break
    assert len(seen) == len(set(seen)) == 11
    assert set(seen) == set(made)
    order = Ticket.objects.order_by("-updated_at", "-pk").values_list("number", flat=True)
    assert seen == list(order)


def test_a_row_tells_what_the_list_shows(owner: Membership) -> None:
    inbound = make_inbound()
    ticket = inbound.ticket
    make_ticket_tag(ticket=ticket, tag=make_tag(name="b"))
    make_ticket_tag(ticket=ticket, tag=make_tag(name="a"))
    make_attachment(inbound)
    make_outcome(inbound, result="drafted")
    Ticket.objects.filter(pk=ticket.pk).update(assignee=owner)
    (row,) = tickets_page(Filters(), owner, sight_of(owner)).rows
    assert (row.tags, row.outcome, row.has_files) == (["a", "b"], "drafted", True)
    assert (row.customer_name, row.assignee_name) == (ticket.customer.name, owner.display_name)
    make_reply(ticket)
    (row,) = tickets_page(Filters(), owner, sight_of(owner)).rows
    assert row.outcome == "", "once answered, the draft waits no longer"


def test_a_customer_without_a_name_is_shown_by_address(owner: Membership) -> None:
    make_ticket(customer=make_customer("who@example.org", name=""))
    (row,) = tickets_page(Filters(), owner, sight_of(owner)).rows
    assert row.customer_name == "who@example.org"


@pytest.mark.parametrize("size", [2, 20])
def test_the_list_takes_the_same_queries_at_any_length(
    owner: Membership, size: int, django_assert_num_queries: Any
) -> None:
    for _ in range(size):
        message = make_inbound()
        make_attachment(message)
        make_ticket_tag(ticket=message.ticket)
    with django_assert_num_queries(3):  # inboxes, counts, rows
        sight = sight_of(owner)
        counts_of(owner, sight)
        assert len(tickets_page(Filters(), owner, sight).rows) == size
    with django_assert_num_queries(2):  # search, rows
        assert len(tickets_page(Filters(query="order"), owner, sight).rows) == size


def test_open_tickets_of_some_inboxes_add_up_with_retired_ones_and_stop_too(owner: Membership) -> None:
    agent, shop, retired = make_member(Role.AGENT), make_inbox(), make_inbox(is_active=False)
    for inbox, number in ((shop, 3), (retired, 2), (make_inbox(), 1)):
        for _ in range(number):
            make_ticket(inbox=inbox)
    for inbox in (shop, retired):
        grant_inbox(agent, inbox)
    found = counts_of(agent, sight_of(agent))
    assert (found.views["open"], found.inboxes[shop.pk]) == (5, 3)
    _seed(shop, make_customer().pk, 700, first=100)
    _seed(retired, make_customer().pk, 700, first=1000)
    assert label(counts_of(agent, sight_of(agent)).views["open"]) == "999+"


def test_counts_stop_at_999(owner: Membership) -> None:
    _seed(make_inbox(), make_customer().pk, 1200)
    found = counts_of(owner, sight_of(owner))
    assert label(found.views["open"]) == "999+"
    assert (label(999), label(1), label(0)) == ("999", "1", "")


def _seed(inbox: Inbox, customer: int, number: int, status: str = "open", first: int = 1) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_ticket (number, inbox_id, customer_id, subject, status, priority, channel, snippet,"
            " language, topic, human_only, customer_messages, is_unread, created_at, updated_at)"
            " SELECT n, %s, %s, 'Order ' || n, %s, 2, 'mail', '', '', '', false, 1, false, now(),"
            " now() - n * interval '1 minute' FROM generate_series(%s, %s) n",
            [inbox.pk, customer, status, first, first + number - 1],
        )


INDEX_OF = [
    ({"view": "open"}, "ticket_by_status"),
    ({"view": "spam"}, "ticket_by_status"),
    ({"view": "mine"}, "ticket_by_assignee"),
    ({"view": "open", "inbox": "rare"}, "ticket_by_inbox"),
    ({"view": ""}, "ticket_by_update"),
    ({"view": "open", "sort": "due"}, "ticket_by_due"),
]


@pytest.mark.django_db(transaction=True)
def test_the_hot_lists_read_their_index_in_order(owner_url: str) -> None:
    """As the app role, under row-level security, with thousands of rows: no sort over them, no scan of the table."""
    organization = make_organization()
    with organization_scope(organization.id):
        member, rare = _seed_many()
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("ANALYZE tickets_ticket")
    middle = f"{(timezone.now() - timedelta(minutes=3000)).isoformat()}_{10**9}"
    with organization_scope(organization.id):
        sight = sight_of(member)
        for asked, index in INDEX_OF:
            filters = Filters(**{**asked, **({"inbox": rare.pk} if "inbox" in asked else {})})
            for after in ("", middle):
                order = SORTS[filters.sort][0]
                plan = _explain(
                    *listing._ids(filters, member, sight, None, order=order, after=after, limit=31)
                )
                assert f"using {index} on" in plan, plan
                assert "Seq Scan" not in plan


def _seed_many() -> tuple[Membership, Inbox]:
    member, inbox, customer, rare = make_member(), make_inbox(), make_customer().pk, make_inbox()
    for n, status in enumerate(("open", "new", "solved", "pending", "spam")):
        _seed(inbox, customer, 4000, status, first=n * 4000 + 1)
    _seed(rare, customer, 50, "open", first=30_000)
    Ticket.objects.filter(number__lte=200).update(assignee=member)
    return member, rare


def _explain(sql: str, params: list[Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql, params)
        return "\n".join(line for (line,) in cursor.fetchall())
