"""The clock of the answer: when it runs, stands still and stops; new hours and targets; snoozing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.tenancy.models import Organization
from tickets.models import AnswerTarget, Priority, Status, Ticket
from tickets.selectors.clock import clock
from tickets.services import changing, timing
from tickets.services.opening import add_inbound
from tickets.tests.desk import Desk, make_desk
from tickets.tests.factories import make_closed_days, make_hours, make_target, make_ticket

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(name="desk")
def _desk() -> Desk:
    desk = make_desk()
    Organization.objects.filter(pk=desk.organization.pk).update(timezone="Europe/Berlin")
    return desk


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def written(desk: Desk, when: str | datetime, **fields: Any) -> Ticket:
    ticket = fields.pop("ticket", None) or make_ticket(inbox=desk.inbox, **fields)
    moment = at(when) if isinstance(when, str) else when
    add_inbound(ticket=ticket, customer=ticket.customer, text="Where is it?", created_at=moment)
    return fresh(ticket)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_without_targets_nothing_is_due(desk: Desk) -> None:
    with desk.scope():
        assert written(desk, "2026-11-24 15:00").due_at is None
        make_hours()
        assert written(desk, "2026-11-24 15:00").due_at is None


def test_a_shop_without_hours_is_open_day_and_night(desk: Desk) -> None:
    with desk.scope():
        make_target()
        assert written(desk, "2026-11-28 23:00").due_at == at("2026-11-29 03:00")


def test_the_first_message_starts_the_clock_and_a_second_gives_no_more_time(desk: Desk) -> None:
    with desk.scope():
        make_hours()
        make_target()
        ticket = written(desk, "2026-11-24 15:00")
        assert ticket.due_at == at("2026-11-25 11:00")
        assert written(desk, "2026-11-24 16:00", ticket=ticket).due_at == at("2026-11-25 11:00")


def test_an_answer_stops_it_and_the_next_message_counts_to_the_next_answer(desk: Desk) -> None:
    with desk.scope():
        make_hours()
        make_target(first_minutes=60, next_minutes=120)
        ticket = written(desk, "2026-11-24 10:00")
        timing.answered(ticket)
        ticket.first_reply_at = at("2026-11-24 10:30")
        ticket.save()
        assert fresh(ticket).due_at is None
        assert written(desk, "2026-11-24 11:00", ticket=ticket).due_at == at("2026-11-24 13:00")


def test_the_closest_target_counts_and_priority_moves_it(desk: Desk) -> None:
    with desk.scope():
        make_target(first_minutes=600)
        make_target(first_minutes=300, priority=Priority.HIGH)
        make_target(first_minutes=120, inbox=desk.inbox)
        make_target(first_minutes=30, inbox=desk.inbox, priority=Priority.URGENT)
        ticket = written(desk, "2026-11-24 10:00")
        assert ticket.due_at == at("2026-11-24 12:00")
        changing.set_priority(ticket=ticket, priority=Priority.URGENT, member=desk.agent)
        assert fresh(ticket).due_at == at("2026-11-24 10:30")
        other = make_ticket(inbox=desk.other_inbox, priority=Priority.HIGH)
        assert written(desk, "2026-11-24 10:00", ticket=other).due_at == at("2026-11-24 15:00")


def test_it_stands_still_while_it_waits_for_the_customer(desk: Desk) -> None:
    with desk.scope():
        make_target(first_minutes=60)
        start = timezone.now() - timedelta(minutes=10)
        ticket = written(desk, start)
        changing.set_status(ticket=ticket, status=Status.PENDING, member=desk.agent)
        assert fresh(ticket).due_at is None
        Ticket.objects.filter(pk=ticket.pk).update(paused_at=timezone.now() - timedelta(minutes=5))
        changing.set_status(ticket=ticket, status=Status.OPEN, member=desk.agent)
        due = fresh(ticket).due_at
        assert due is not None
        assert abs(due - start - timedelta(minutes=65)) < timedelta(seconds=5)


def test_a_customer_who_answers_a_waiting_ticket_starts_it_anew(desk: Desk) -> None:
    with desk.scope():
        make_target(first_minutes=60)
        ticket = written(desk, "2026-11-24 10:00")
        changing.set_status(ticket=ticket, status=Status.PENDING, member=desk.agent)
        ticket = written(desk, "2026-11-25 10:00", ticket=ticket)
        assert ticket.status == Status.OPEN
        assert ticket.due_at == at("2026-11-25 11:00")


def test_new_hours_targets_and_zone_move_what_waits_and_nothing_else(desk: Desk) -> None:
    with desk.scope():
        make_target(first_minutes=240)
        waiting, done = written(desk, "2026-11-24 15:00"), written(desk, "2026-11-24 15:00")
        changing.set_status(ticket=done, status=Status.SOLVED, member=desk.agent)
        make_hours()
    assert timing.retime_all(desk.organization.id) == 1
    assert timing.retime_all(desk.organization.id) == 0
    with desk.scope():
        assert fresh(waiting).due_at == at("2026-11-25 11:00")
        assert fresh(done).due_at is None
        make_closed_days(starts_on="2026-11-25", ends_on="2026-11-26")
    timing.retime_all(desk.organization.id)
    with desk.scope():
        assert fresh(waiting).due_at == at("2026-11-27 11:00")
        Organization.objects.filter(pk=desk.organization.pk).update(timezone="America/New_York")
    timing.retime_all(desk.organization.id)
    with desk.scope():  # 15:00 in Berlin is 9:00 in New York
        assert fresh(waiting).due_at == datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
        AnswerTarget.objects.all().delete()
    timing.retime_all(desk.organization.id)
    with desk.scope():
        assert fresh(waiting).due_at is None


def test_closed_days_of_one_inbox_are_its_own(desk: Desk) -> None:
    with desk.scope():
        make_target(first_minutes=60)
        make_closed_days(starts_on="2026-11-24", ends_on="2026-11-24", inbox=desk.inbox)
        make_closed_days(
            starts_on="2026-11-24", ends_on="2026-11-24", inbox=desk.other_inbox, stays_open=True
        )
        assert written(desk, "2026-11-24 15:00").due_at == at("2026-11-25 01:00")
        other = make_ticket(inbox=desk.other_inbox)
        assert written(desk, "2026-11-24 15:00", ticket=other).due_at == at("2026-11-24 16:00")


def test_public_holidays_are_closed(desk: Desk) -> None:
    with desk.scope():
        make_hours(country="DE")
        make_target(first_minutes=60)
        assert written(desk, "2026-12-24 16:30").due_at == at("2026-12-28 09:30")


def test_what_somebody_changed_past_the_clock_is_mended(desk: Desk) -> None:
    with desk.scope():
        make_target(first_minutes=60)
        closed, opened = written(desk, "2026-11-24 10:00"), written(desk, "2026-11-24 10:00")
        Ticket.objects.filter(pk=closed.pk).update(status=Status.MERGED)
        Ticket.objects.filter(pk=opened.pk).update(paused_at=timezone.now(), due_at=None)
    assert timing.mend(desk.organization.id) == 2
    assert timing.mend(desk.organization.id) == 0
    with desk.scope():
        assert fresh(closed).due_at is None
        assert fresh(opened).due_at is not None


def test_the_clock_is_one_query(desk: Desk, django_assert_num_queries: Any) -> None:
    with desk.scope():
        make_hours()
        make_target()
        with django_assert_num_queries(1):
            clock()


# Snoozing


def test_a_ticket_sleeps_until_its_time(desk: Desk) -> None:
    with desk.scope():
        ticket = written(desk, timezone.now(), status=Status.PENDING)
        ticket.status = Status.PENDING
        ticket.save()
        until = timezone.now() + timedelta(hours=3)
        timing.snooze(ticket=ticket, until=until, member=desk.agent)
        assert fresh(ticket).snoozed_until == until
    assert timing.wake_due(desk.organization.id) == 0
    assert timing.wake_due(desk.organization.id, until) == 1
    assert timing.wake_due(desk.organization.id, until) == 0
    with desk.scope():
        woken = fresh(ticket)
        assert woken.snoozed_until is None
        assert woken.status == Status.OPEN
        assert woken.is_unread
        assert [one.kind for one in ticket.events.order_by("pk")][-2:] == ["snoozed", "woken"]


def test_the_customers_answer_wakes_it(desk: Desk) -> None:
    with desk.scope():
        ticket = written(desk, timezone.now())
        timing.snooze(ticket=ticket, until=timezone.now() + timedelta(days=3), member=desk.agent)
        assert written(desk, timezone.now(), ticket=ticket).snoozed_until is None


def test_what_cannot_be_snoozed(desk: Desk) -> None:
    now = timezone.now()
    with desk.scope():
        ticket, solved = written(desk, now), make_ticket(inbox=desk.inbox, status=Status.SOLVED)
        for wrong in (now - timedelta(minutes=1), now + timedelta(days=400)):
            with pytest.raises(InvalidState):
                timing.snooze(ticket=ticket, until=wrong, member=desk.agent)
        with pytest.raises(InvalidState):
            timing.snooze(ticket=solved, until=now + timedelta(days=1), member=desk.agent)
        with pytest.raises(NotAllowed):
            timing.snooze(ticket=ticket, until=now + timedelta(days=1), member=desk.auditor)
        other = make_ticket(inbox=desk.other_inbox)
        with pytest.raises(NotAllowed):
            timing.snooze(ticket=other, until=now + timedelta(days=1), member=desk.agent)
