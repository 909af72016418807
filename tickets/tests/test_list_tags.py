"""What a row of the list says about the AI: also after the acknowledgement went out."""

from __future__ import annotations

import pytest

from tickets.models import Message
from tickets.tests.desk import make_desk
from tickets.tests.factories import make_inbound, make_outcome, make_ticket

pytestmark = pytest.mark.django_db


def test_a_draft_stays_announced_after_the_acknowledgement() -> None:
    desk = make_desk()
    with desk.scope():
        ticket = make_ticket(inbox=desk.inbox)
        make_outcome(make_inbound(ticket), result="drafted")
        Message.objects.create(ticket=ticket, kind="ack", state="sent", text="We have your message.")
    assert "Draft ready" in desk.client(desk.agent).get("/").content.decode()
