"""A domain of the shop's own: the name server tells whose servers it uses; what an owner typed stays."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import dns.resolver
import pytest
from django.core.cache import cache

from helpdesk.people import dns as names
from tickets.mailboxes import looking
from tickets.mailboxes.guess import guess
from tickets.models import Mailbox, MailboxRun
from tickets.tests.desk import Desk, make_desk

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "hello@our-own-shop.example"


@pytest.fixture(name="at")
def _at() -> Desk:
    cache.clear()
    return make_desk()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the name server says, and what it was asked."""
    said: dict[str, Any] = {"mx": [], "asked": []}

    def resolve(domain: str, kind: str, *, lifetime: float) -> list[Any]:
        said["asked"].append((domain, kind))
        assert lifetime <= 2
        if isinstance(said["mx"], Exception):
            raise said["mx"]
        return [SimpleNamespace(preference=rank, exchange=f"{host}.") for rank, host in said["mx"]]

    monkeypatch.setattr(names.dns.resolver, "resolve", resolve)
    return said


def enter(at: Desk, address: str = ADDRESS) -> Any:
    url = f"/settings/inboxes/{at.inbox.pk}/mailbox/"
    return at.client(at.owner).post(url, {"address": address, "password": "secret"}, follow=True)


def run(at: Desk) -> Mailbox:
    with at.scope():
        pk = Mailbox.objects.get().pk
    looking.look(organization_id=at.organization.id, mailbox_id=pk)
    with at.scope():
        return Mailbox.objects.get()


@pytest.mark.parametrize(
    ("mx", "imap", "smtp"),
    [
        ([(10, "alt1.aspmx.l.google.com"), (1, "aspmx.l.google.com")], "imap.gmail.com", "smtp.gmail.com"),
        ([(10, "in1-smtp.messagingengine.com")], "imap.fastmail.com", "smtp.fastmail.com"),
        ([(10, "mx00.ionos.de")], "imap.ionos.de", "smtp.ionos.de"),
        ([(10, "mx.zoho.eu")], "imap.zoho.eu", "smtp.zoho.eu"),
    ],
)
def test_the_servers_of_the_service_take_the_place_of_the_custom_ones(
    at: Desk, asked: dict[str, Any], mx: list[tuple[int, str]], imap: str, smtp: str
) -> None:
    asked["mx"] = mx
    page = enter(at).content.decode()
    assert "Looking up which service carries your mail" in page
    assert asked["asked"] == [], "a page asks no name server"
    box = run(at)
    assert (box.imap_host, box.smtp_host, box.imap_user) == (imap, smtp, ADDRESS)
    assert asked["asked"] == [("our-own-shop.example", "MX")]
    servers = at.client(at.owner).get(f"/settings/inboxes/{at.inbox.pk}/mailbox/servers/")
    assert servers.headers["HX-Refresh"] == "true"
    page = at.client(at.owner).get(f"/settings/inboxes/{at.inbox.pk}/mailbox/").content.decode()
    assert "Looking up" not in page
    assert f"This address is with {guess(ADDRESS, [host for _rank, host in mx]).service}" in page
    if imap == "imap.gmail.com":
        assert "wants an app password here" in page
        assert "apppasswords" in page


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("our-own-shop-example.mail.protection.outlook.com", "no longer takes passwords"),
        ("mail.protonmail.ch", "lets no other program read"),
    ],
)
def test_a_service_that_lets_no_program_in_is_said_at_once(
    at: Desk, asked: dict[str, Any], host: str, said: str
) -> None:
    asked["mx"] = [(0, host)]
    enter(at)
    assert run(at).imap_host == "imap.our-own-shop.example"
    assert said in at.client(at.owner).get(f"/settings/inboxes/{at.inbox.pk}/mailbox/").content.decode()


@pytest.mark.parametrize("says", [dns.resolver.NXDOMAIN(), dns.resolver.NoNameservers(), OSError(), []])
def test_without_an_answer_the_guess_by_custom_stays(at: Desk, asked: dict[str, Any], says: Any) -> None:
    asked["mx"] = says
    enter(at)
    assert run(at).imap_host == "imap.our-own-shop.example"


def test_what_the_owner_typed_meanwhile_stays(at: Desk, asked: dict[str, Any]) -> None:
    asked["mx"] = [(1, "aspmx.l.google.com")]
    enter(at)
    with at.scope():
        Mailbox.objects.update(imap_host="mail.elsewhere.example")
    assert run(at).imap_host == "mail.elsewhere.example"


def test_a_known_service_is_not_asked_about(at: Desk, asked: dict[str, Any]) -> None:
    assert "Looking up" not in enter(at, "hello@posteo.de").content.decode()
    with at.scope():
        assert MailboxRun.objects.filter(kind="test").exists()
    assert asked["asked"] == []
