"""Assign, status, priority, tags, many at once: what is written, what is told, who may not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from governance.models import OutcomeFact
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership, Role
from helpdesk.people.permissions import grant_inbox
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Status, Ticket, TicketEvent
from tickets.services import changing
from tickets.tests.factories import make_inbox, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Iterator[Membership]:
    """The owner of an organization that is in force."""
    with organization_scope(make_organization().id):
        yield make_member(Role.OWNER)


def events(ticket: Ticket) -> list[str]:
    """Kinds of the ticket's events, oldest first."""
    return list(TicketEvent.objects.filter(ticket=ticket).order_by("pk").values_list("kind", flat=True))


def facts(ticket: Ticket) -> list[str]:
    """The facts that audits read about the ticket."""
    rows = OutcomeFact.objects.filter(subject_id=ticket.pk).order_by("pk")
    return list(rows.values_list("event", flat=True))


def test_assigning_is_an_event_once(owner: Membership) -> None:
    ticket, colleague = make_ticket(), make_member(Role.OWNER)
    changing.assign(ticket=ticket, assignee=colleague, member=owner)
    changing.assign(ticket=ticket, assignee=colleague, member=owner)
    ticket.refresh_from_db()
    assert ticket.assignee_id == colleague.pk
    changing.assign(ticket=ticket, assignee=None, member=owner)
    assert events(ticket) == ["assigned", "assigned"]


def test_only_who_works_in_the_inbox_can_be_given_a_ticket(owner: Membership) -> None:
    ticket, agent = make_ticket(), make_member(Role.AGENT)
    for other in (agent, make_member(Role.AUDITOR), make_member(Role.AGENT, is_active=False)):
        with pytest.raises(InvalidState, match="does not work"):
            changing.assign(ticket=ticket, assignee=other, member=owner)
    assert events(ticket) == []
    grant_inbox(agent, ticket.inbox)
    assert changing.assign(ticket=ticket, assignee=agent, member=owner).assignee == agent


def test_solving_and_reopening_are_facts_for_audits(owner: Membership) -> None:
    ticket = make_ticket()
    changing.set_status(ticket=ticket, status=Status.SOLVED, member=owner)
    solved = Ticket.objects.get(pk=ticket.pk).solved_at
    changing.set_status(ticket=ticket, status=Status.CLOSED, member=owner)
    assert solved is not None
    assert Ticket.objects.get(pk=ticket.pk).solved_at == solved
    changing.set_status(ticket=ticket, status=Status.OPEN, member=owner)
    assert Ticket.objects.get(pk=ticket.pk).solved_at is None
    changing.set_status(ticket=ticket, status=Status.SPAM, member=owner)
    assert facts(ticket) == ["solved", "reopened"]
    assert events(ticket) == ["status"] * 4


@pytest.mark.parametrize("status", ["new", "nonsense", ""])
def test_no_other_status_can_be_given(owner: Membership, status: str) -> None:
    ticket = make_ticket(status=Status.OPEN)
    with pytest.raises(InvalidState):
        changing.set_status(ticket=ticket, status=status, member=owner)
    assert events(ticket) == []


def test_priority_and_tags(owner: Membership) -> None:
    ticket = make_ticket()
    changing.set_priority(ticket=ticket, priority=4, member=owner)
    changing.set_tags(ticket=ticket, names=["VIP", " vip ", "late  parcel", ""], member=owner)
    changing.set_tags(ticket=ticket, names=["vip", "refund"], member=owner)
    assert set(ticket.ticket_tags.values_list("tag__name", flat=True)) == {"vip", "refund"}
    assert events(ticket) == ["priority", "tagged", "tagged", "untagged", "tagged"]
    for bad in (["x" * 41], [str(n) for n in range(30)]):
        with pytest.raises(InvalidState):
            changing.set_tags(ticket=ticket, names=bad, member=owner)
    with pytest.raises(InvalidState):
        changing.set_priority(ticket=ticket, priority=9, member=owner)


def test_many_at_once_or_none(owner: Membership) -> None:
    tickets = [make_ticket() for _ in range(3)]
    assert changing.bulk(tickets=tickets, action="close", member=owner) == 3
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.CLOSED}
    agent, inbox = make_member(Role.AGENT), tickets[0].inbox
    grant_inbox(agent, inbox)
    elsewhere = make_ticket(inbox=make_inbox())
    with pytest.raises(InvalidState):
        changing.bulk(tickets=[*tickets, elsewhere], action="assign", member=owner, assignee=agent)
    assert not Ticket.objects.exclude(assignee=None).exists()
    with pytest.raises(InvalidState):
        changing.bulk(tickets=tickets, action="delete", member=owner)


def test_who_only_reads_or_works_elsewhere_changes_nothing(owner: Membership) -> None:
    ticket = make_ticket()
    for other in (make_member(Role.AUDITOR), make_member(Role.AGENT)):
        with pytest.raises(NotAllowed):
            changing.assign(ticket=ticket, assignee=owner, member=other)
        with pytest.raises(NotAllowed):
            changing.set_status(ticket=ticket, status="spam", member=other)
        with pytest.raises(NotAllowed):
            changing.set_priority(ticket=ticket, priority=1, member=other)
        with pytest.raises(NotAllowed):
            changing.set_tags(ticket=ticket, names=["x"], member=other)
        with pytest.raises(NotAllowed):
            changing.bulk(tickets=[ticket], action="spam", member=other)
    changing.mark_read(ticket=ticket, member=make_member(Role.AUDITOR))
    assert Ticket.objects.get(pk=ticket.pk).is_unread
    changing.mark_read(ticket=ticket, member=owner)
    assert not Ticket.objects.get(pk=ticket.pk).is_unread
    assert events(ticket) == []
