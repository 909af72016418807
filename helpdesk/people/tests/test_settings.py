"""The owner's settings: who may open them, keys shown once, addresses that belong to one shop."""

from __future__ import annotations

import re
import socket
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.test import Client
from dns.resolver import NoAnswer

from helpdesk.people import dns, installation
from helpdesk.people.models import ApiToken
from helpdesk.people.tasks import ask_name_server
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.hosts import base_url, organization_for_host, own_host
from helpdesk.tenancy.models import Domain, Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
PAGES = [
    "/settings/shop/",
    "/settings/sign-in/",
    "/settings/keys/",
    "/settings/addresses/",
    "/settings/agreement/",
]


@pytest.fixture
def shop() -> Organization:
    return make_organization()


def client(shop: Organization, role: str = "owner") -> Client:
    with organization_scope(shop.id):
        return browser_of(shop, make_member(role))


def test_the_hub_lists_every_page_and_the_desk_leads_there(shop: Organization) -> None:
    owner = client(shop)
    hub = owner.get("/settings/").content.decode()
    for path in PAGES:
        assert f'href="{path}"' in hub, path
        assert owner.get(path).status_code == 200
    assert 'href="/settings/"' in owner.get("/").content.decode()
    assert 'href="/settings/"' not in client(shop, "agent").get("/").content.decode()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", ["agent", "officer", "auditor"])
def test_settings_are_for_owners(shop: Organization, path: str, role: str) -> None:
    assert client(shop, role).get(path).status_code == 403
    assert client(shop, role).post(path).status_code in {403, 405}


def test_a_key_is_shown_once_works_and_is_taken_back(shop: Organization) -> None:
    owner = client(shop)
    page = owner.post("/settings/keys/", {"name": "Till"}).content.decode()
    key = re.search(r'<code class="secret">([^<]+)</code>', page)
    assert key
    assert key[1] not in owner.get("/settings/keys/").content.decode()

    def status() -> int:
        header = {"Host": f"{shop.slug}.localhost", "Authorization": f"Bearer {key[1]}"}
        return Client().get("/api/v1/tickets/", headers=header).status_code

    assert status() == 200
    with organization_scope(shop.id):
        pk = ApiToken.objects.get().pk
    assert client(make_organization()).post(f"/settings/keys/{pk}/revoke/").status_code == 404
    assert status() == 200
    owner.post(f"/settings/keys/{pk}/revoke/")
    assert status() == 401
    assert owner.post("/settings/keys/", {"name": ""}).status_code == 422


def test_an_address_is_added_asked_for_and_removed(shop: Organization) -> None:
    cache.clear()
    owner = client(shop)
    assert owner.post("/settings/addresses/", {"host": "Help.Birch.example"}).status_code == 302
    domain = Domain.objects.get(organization=shop)
    assert domain.host == "help.birch.example"
    with mock.patch("helpdesk.people.dns.enqueue_on_commit") as asked:
        assert "Asking" in owner.get(f"/settings/addresses/{domain.pk}/state/").content.decode()
        owner.get(f"/settings/addresses/{domain.pk}/state/")
    assert asked.call_count == 1, "asked once, however often the page looks"
    stranger = client(make_organization())
    assert stranger.get(f"/settings/addresses/{domain.pk}/state/").status_code == 404
    assert stranger.post(f"/settings/addresses/{domain.pk}/remove/").status_code == 404
    installation.verify_domain(organization=shop, host="help.birch.example")
    assert stranger.post("/settings/addresses/", {"host": "help.birch.example"}).status_code == 422
    owner.post(f"/settings/addresses/{domain.pk}/remove/")
    assert not Domain.objects.filter(pk=domain.pk).exists()


@pytest.mark.parametrize("host", ["localhost", "other.localhost", "not a host", "-x.example", "1.2.3.4"])
def test_a_host_that_cannot_be_ones_own_is_refused(shop: Organization, host: str) -> None:
    assert client(shop).post("/settings/addresses/", {"host": host}).status_code == 422


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (["192.0.2.1"], "nameless"),
        (["192.0.2.9"], "elsewhere"),
        (socket.gaierror(socket.EAI_NONAME, "no"), "unknown"),
        (socket.gaierror(socket.EAI_AGAIN, "later"), "failed"),
    ],
)
def test_what_the_name_server_says(shop: Organization, theirs: Any, said: str) -> None:
    def resolve(name: str, *_rest: Any, **_more: Any) -> list[Any]:
        found = ["192.0.2.1"] if name == own_host(shop) else theirs
        if isinstance(found, Exception):
            raise found
        return [(0, 0, 0, "", (address, 0)) for address in found]

    cache.clear()
    no_alias = mock.patch("helpdesk.people.dns.dns.resolver.resolve", side_effect=NoAnswer)
    with no_alias, mock.patch("helpdesk.people.dns.socket.getaddrinfo", resolve):
        assert dns.ask("help.birch.example", own_host(shop)) == said
    assert dns.state_of(shop, "help.birch.example") == said


def _aliases(**known: str) -> Any:
    """A name server that knows these entries of the kind CNAME; nobody has an address."""

    def resolve(name: str, _kind: str, **_more: Any) -> list[Any]:
        if name not in known:
            raise NoAnswer
        return [SimpleNamespace(target=f"{known[name]}.")]

    return mock.patch("helpdesk.people.dns.dns.resolver.resolve", resolve)


def test_an_address_is_used_once_it_leads_to_this_very_desk(shop: Organization) -> None:
    """Not before: links in mails would lead nowhere. And not another's: a claim alone takes no visitor away."""
    squatter, host = make_organization(), "help.birch.example"
    installation.add_domain(organization=squatter, host=host)
    entries = _aliases(**{host: "birch.example", "birch.example": own_host(shop)})
    nowhere = mock.patch(
        "helpdesk.people.dns.socket.getaddrinfo", side_effect=socket.gaierror(socket.EAI_NONAME)
    )
    with entries, nowhere:
        for claimant in (squatter, shop):
            installation.add_domain(organization=claimant, host=host)
            assert own_host(claimant) in base_url(claimant)
            assert organization_for_host(host) is None
            ask_name_server(organization_id=str(claimant.pk), host=host, ours=own_host(claimant))
    assert organization_for_host(host) == shop
    assert base_url(shop) == f"http://{host}"
    assert own_host(squatter) in base_url(squatter)


def test_a_second_step_is_required_of_everybody(shop: Organization) -> None:
    owner = client(shop)
    assert "up to each person" in owner.get("/settings/sign-in/").content.decode()
    owner.post("/settings/sign-in/", {"required": "1"})
    assert owner.get("/")["Location"] == "/account/2fa/"
    assert client(shop, "agent").get("/")["Location"] == "/account/2fa/"
