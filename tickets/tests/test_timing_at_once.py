"""The clock of the answer with real connections: an answer leaves while due times are worked out anew."""

from __future__ import annotations

import pytest

from tickets.models import AnswerTarget, Ticket
from tickets.services.opening import add_inbound
from tickets.services.timing import retime_all
from tickets.tests.at_work import desk
from tickets.tests.factories import make_target, make_ticket
from tickets.tests.test_merging import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("round_", range(2))
def test_an_answer_that_leaves_while_times_are_worked_out_anew_stops_its_clock(round_: int) -> None:
    at = desk()
    with at.scope():
        make_target(first_minutes=60)
        others = [make_ticket(inbox=at.inbox) for _ in range(30)]
        for one in others:
            add_inbound(ticket=one, customer=one.customer, text="Where is it?")
    retime_all(at.organization.id)
    with at.scope():
        assert not Ticket.objects.filter(due_at=None).exists()
        before = dict(Ticket.objects.values_list("pk", "due_at"))
        AnswerTarget.objects.update(first_minutes=120 + round_)
    reply = at.reply("It left on Monday.")
    moved = at_once(lambda: at.send(reply), *[lambda: retime_all(at.organization.id)] * 3)
    with at.scope():
        answered = Ticket.objects.get(pk=at.ticket.pk)
        assert answered.first_reply_at is not None
        assert (answered.due_at, answered.waiting_since) == (None, None), "never due again by an old reading"
        for pk, due in Ticket.objects.exclude(pk=answered.pk).values_list("pk", "due_at"):
            assert (due - before[pk]).total_seconds() == (60 + round_) * 60
    assert sum(moved[1:]) in (30, 31), "each moved once, the answered one before it left or not at all"
    assert retime_all(at.organization.id) == 0
