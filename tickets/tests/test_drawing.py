"""Drawn pages are what their templates say: the same HTML as the engine makes from the whole page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.shortcuts import render

from helpdesk.people.models import Membership
from tickets.models import Status, Ticket
from tickets.services import replying
from tickets.tests.desk import Desk, make_desk
from tickets.tests.factories import make_attachment, make_inbound, make_ticket, make_ticket_tag
from tickets.views import drawing

pytestmark = pytest.mark.django_db(transaction=True)

SHARP = '<b>Tom & "Jerry\'s"</b> 7306842910000'
TOKEN = re.compile(r"[A-Za-z0-9]{64}")
ASKED_AT = re.compile(r'data-asked-at="\d{13}"')


@pytest.fixture
def desk() -> Desk:
    """With names, subjects and texts that would be seen if they were not escaped."""
    desk = make_desk()
    with desk.scope():
        first = make_inbound(make_ticket(inbox=desk.inbox, subject=SHARP), text=SHARP).ticket
        first.customer.name = SHARP
        first.customer.save()
        for status in (Status.OPEN, Status.SOLVED):
            message = make_inbound(make_ticket(inbox=desk.inbox, customer=first.customer))
            message.ticket.status = status
            message.ticket.save()
        make_attachment(message)
        make_ticket_tag(ticket=first)
        replying.save_composer(
            ticket=first, member=desk.agent, kind="note", text=SHARP, cc="", used_decision=None
        )
        desk.inbox.name = SHARP
        desk.inbox.save()
    return desk


def page(client: Any, path: str) -> str:
    """Without what differs by chance: tokens and the moment, from which on the page hears of events."""
    answer = client.get(path)
    assert answer.status_code == 200
    html, found = ASKED_AT.subn("", answer.content.decode())
    assert found == 1
    return TOKEN.sub("TOKEN", html)


PATHS = (
    "/",
    "/?view=solved",
    "/?q=order&status=open",
    "/?view=spam",
    "/tickets/{}/",
    "/tickets/{}/?view=all",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["owner", "agent", "auditor"])
def test_a_drawn_page_is_the_page(desk: Desk, who: str, path: str, monkeypatch: Any) -> None:
    with desk.scope():
        numbers = list(Ticket.objects.order_by("number").values_list("number", flat=True))
    member: Membership = getattr(desk, who)
    client = desk.client(member)
    for number in numbers if "{}" in path else [0]:
        address = path.format(number)
        page(client, address)  # reading marks as read
        drawn, again = page(client, address), page(client, address)
        with monkeypatch.context() as patched:
            patched.setattr(
                drawing, "page", lambda request, context: render(request, "desk/desk.html", context)
            )
            whole = page(client, address)
        assert drawn == again
        assert _plain(drawn) == _plain(whole)
        assert "<b>Tom" not in drawn


def _plain(html: str) -> list[str]:
    """Lines without what templates leave empty, and with attributes' addresses as they mean."""
    return [line.strip() for line in html.splitlines() if line.strip()]
