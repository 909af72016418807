"""Who else is reading or typing on a ticket."""

from __future__ import annotations

import pytest

from tickets.tests.desk import make_desk
from tickets.tests.factories import make_inbound, make_ticket

pytestmark = pytest.mark.django_db


def test_colleagues_on_the_same_ticket_see_each_other() -> None:
    desk, other = make_desk(), make_desk()
    with desk.scope():
        ticket = make_inbound(make_ticket(inbox=desk.inbox)).ticket
    with other.scope():
        make_inbound(make_ticket(inbox=other.inbox))
    url = f"/tickets/{ticket.number}/presence/"
    owner, agent = desk.client(desk.owner), desk.client(desk.agent)
    assert owner.post(url, {"activity": "reading"}).status_code == 204
    assert f"{desk.owner.display_name} is reading too" in agent.get(url).content.decode()
    owner.post(url, {"activity": "typing"})
    assert f"{desk.owner.display_name} is typing" in agent.get(f"/tickets/{ticket.number}/").content.decode()
    assert desk.owner.display_name not in owner.get(url).content.decode(), "oneself is no news"
    assert "is typing" not in other.client(other.owner).get(url).content.decode()
    owner.post(url, {"activity": "left"})
    assert "is typing" not in agent.get(url).content.decode()


def test_with_valkey_stopped_the_ticket_still_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    import redis

    from helpdesk.live import events

    desk = make_desk()
    with desk.scope():
        ticket = make_inbound(make_ticket(inbox=desk.inbox)).ticket
    monkeypatch.setattr(events, "client", lambda: redis.Redis(port=1, socket_connect_timeout=0.05))
    client = desk.client(desk.agent)
    assert client.get(f"/tickets/{ticket.number}/").status_code == 200
    assert client.post(f"/tickets/{ticket.number}/presence/", {"activity": "typing"}).status_code == 204
    assert client.post(f"/tickets/{ticket.number}/solve/").status_code == 302
