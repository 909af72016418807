"""With the network cut off: drafts, shorter texts and summaries are made, and a chosen service is said to be out of reach."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from aiassist import helping, pipeline
from aiassist.core.providers.base import ProviderBusy
from aiassist.core.tests.fake_service import serve
from aiassist.models import AIService
from aiassist.tests.factories_drafting import make_help
from aiassist.tests.outside import Shop, shop
from helpdesk.runtime import testing
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Hello Marta,\n\nThank you for your message. It is nice to hear from you. You have 30 days to return it. The shop is nice.\n\nKind regards"


@pytest.fixture
def at(settings: Any) -> Shop:
    settings.AI_ALLOWED_HOSTS = ["127.0.0.1"]
    with serve() as gone:
        return shop(gone)


@pytest.fixture
def cut_off(at: Shop, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every connection but to this run's own database and broker fails, and no name is looked up."""
    own = {
        int(part.rsplit(":", 1)[1].split("/")[0])
        for part in testing.environment().values()
        if "@127.0.0.1:" in part
    }
    connect, look_up, tried = socket.socket.connect, socket.getaddrinfo, []

    def only_own(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[1] not in own:
            tried.append(address)
            raise OSError("Network is unreachable")
        connect(self, address)

    def no_names(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host == "127.0.0.1" and int(port) in own:
            return look_up(host, port, *rest, **more)
        tried.append(host)
        raise socket.gaierror("cut off")

    monkeypatch.setattr(socket.socket, "connect", only_own)
    monkeypatch.setattr(socket, "getaddrinfo", no_names)
    return tried


def test_the_built_in_assistant_asks_nobody(at: Shop, cut_off: list[Any]) -> None:
    with at.scope():
        AIService.objects.update(is_active=False)
    message = at.arrive()
    pipeline.handle(at.organization.id, message.pk)
    assert "30 days" in at.draft(message).text
    with at.scope():
        ticket = Ticket.objects.get(pk=message.ticket_id)
        rows = [
            make_help(ticket=ticket, member=at.owner, kind="shorter", before=TEXT),
            make_help(ticket=ticket, member=at.owner, kind="summary"),
        ]
    assert [helping.run(at.organization.id, row.pk) for row in rows] == ["done", "done"]
    assert cut_off == []


def test_a_chosen_service_is_out_of_reach_and_the_draft_is_there(
    at: Shop, cut_off: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiassist.core.providers.openai_compatible.MOST_RETRIES", 0)
    message = at.arrive()
    with pytest.raises(ProviderBusy):
        pipeline.handle(at.organization.id, message.pk)
    assert cut_off, "it was tried"
    pipeline.give_up(at.organization.id, message.pk, "The AI service is busy or cannot be reached.")
    draft = at.draft(message)
    assert "30 days" in draft.text
    assert "cannot be reached" in draft.instead
