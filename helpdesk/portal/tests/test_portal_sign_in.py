"""A customer signs in by a link in a mail: no oracle, no burnt links, no way into another organization."""

from __future__ import annotations

import re
from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail
from django.utils import timezone

from helpdesk.people.models import CustomerLink
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.people.tests.support import browser_of, delivered
from helpdesk.portal import limits
from helpdesk.portal.services import make_link
from helpdesk.portal.tests.support import path_of, signed_in
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Organization:
    return make_organization()


def _page(response: object) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())  # type: ignore[attr-defined]


def test_a_known_address_gets_a_link_and_an_unknown_one_the_same_answer(shop: Organization) -> None:
    with organization_scope(shop.id):
        make_customer("ada@example.com", language="de")
    with delivered():
        known = browser_of(shop).post("/portal/sign-in/", {"email": " Ada@Example.com "})
        unknown = browser_of(shop).post("/portal/sign-in/", {"email": "who@example.com"})
    assert known.status_code == unknown.status_code == 200
    assert _page(known) == _page(unknown)
    [sent] = mail.outbox
    assert sent.to == ["ada@example.com"]
    assert f"http://{shop.slug}.localhost" in sent.body


def test_the_request_itself_does_not_look_for_the_address(shop: Organization) -> None:
    """Same time for everybody: whether the address is known is found out by the task."""
    with mock.patch("helpdesk.portal.services.CustomerAddress.objects") as looked:
        browser_of(shop).post("/portal/sign-in/", {"email": "ada@example.com"})
    looked.select_related.assert_not_called()


def test_an_address_of_another_organization_is_unknown_here(shop: Organization) -> None:
    with organization_scope(make_organization().id):
        make_customer("ada@example.com")
    with delivered():
        browser_of(shop).post("/portal/sign-in/", {"email": "ada@example.com"})
    assert mail.outbox == []


def test_opening_the_link_does_not_use_it_up_and_the_button_does_once(shop: Organization) -> None:
    with organization_scope(shop.id):
        path = path_of(make_link(make_customer()))
        assert path.rstrip("/").rsplit("/", 1)[-1] not in str(CustomerLink.objects.values().get())
    for _ in range(3):
        assert browser_of(shop).get(path).status_code == 200, "a mail scanner opens it"
    client = browser_of(shop)
    done = client.post(path)
    assert (done.status_code, done["Location"]) == (302, "/portal/")
    assert client.get("/portal/tickets/").status_code == 200
    assert browser_of(shop).get(path).status_code == 410
    assert browser_of(shop).post(path).status_code == 410


def test_a_link_ends_after_half_an_hour_and_belongs_to_one_host(shop: Organization) -> None:
    other = make_organization()
    with organization_scope(shop.id):
        path = path_of(make_link(make_customer()))
    assert browser_of(other).post(path).status_code == 410
    with organization_scope(shop.id):
        assert CustomerLink.objects.get().expires_at - timezone.now() <= timedelta(minutes=30)
        CustomerLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert browser_of(shop).post(path).status_code == 410


def test_the_session_is_apart_from_staff_and_from_other_organizations(shop: Organization) -> None:
    other = make_organization()
    with organization_scope(shop.id):
        customer, member = make_customer(), make_member()
    client = signed_in(shop, customer)
    assert "/account/login/" in client.get("/profile/")["Location"]
    assert (
        client.get("/portal/tickets/", HTTP_HOST=f"{other.slug}.localhost")["Location"] == "/portal/sign-in/"
    )
    assert browser_of(shop, member).get("/portal/tickets/")["Location"] == "/portal/sign-in/"
    client.cookies["portal"] = client.cookies["portal"].value[:-2] + "xx"
    assert client.get("/portal/tickets/").status_code == 302


def test_the_cookie_is_out_of_reach_of_scripts_and_sign_out_ends_copies(shop: Organization) -> None:
    with organization_scope(shop.id):
        customer = make_customer()
    client = signed_in(shop, customer)
    cookie = client.cookies["portal"]
    assert cookie["httponly"]
    assert (cookie["path"], cookie["samesite"]) == ("/portal/", "Lax")
    thief = browser_of(shop)
    thief.cookies["portal"] = cookie.value
    assert thief.get("/portal/tickets/").status_code == 200
    client.post("/portal/sign-out/")
    assert client.get("/portal/tickets/").status_code == 302
    assert thief.get("/portal/tickets/").status_code == 302


def test_a_deleted_customer_is_out_at_once(shop: Organization) -> None:
    with organization_scope(shop.id):
        customer = make_customer()
    client = signed_in(shop, customer)
    with organization_scope(shop.id):
        customer.erased_at = timezone.now()
        customer.save()
    assert client.get("/portal/tickets/").status_code == 302


def test_asking_too_often_is_stopped(shop: Organization) -> None:
    with organization_scope(shop.id):
        make_customer("ada@example.com")
    client = browser_of(shop)
    with delivered():
        answers = [client.post("/portal/sign-in/", {"email": "ada@example.com"}) for _ in range(5)]
        assert {one.status_code for one in answers} == {200}, "an address asked too often is no oracle either"
        assert len(mail.outbox) == 3
        many = [client.post("/portal/sign-in/", {"email": f"x{n}@example.com"}) for n in range(17)]
    assert many[-1].status_code == 429


def test_with_the_cache_stopped_nobody_is_turned_away(shop: Organization) -> None:
    with mock.patch.object(limits.cache, "add", return_value=True):
        assert not any(limits.too_often(shop.id, "x", "y", most=1, seconds=60) for _ in range(5))


@pytest.mark.parametrize(
    ("chosen", "customers", "browsers", "expected"),
    [
        ("", "de", "fr", "de"),
        ("", "de-AT", "fr", "de"),
        ("", "", "fr", "fr"),
        ("", "pt", "es", "es"),
        ("es", "de", "fr", "es"),
        ("", "", "pt", "en"),
    ],
)
def test_the_page_speaks_the_customers_language(
    shop: Organization, chosen: str, customers: str, browsers: str, expected: str
) -> None:
    with organization_scope(shop.id):
        customer = make_customer(language=customers)
    client = signed_in(shop, customer)
    if chosen:
        client.cookies["django_language"] = chosen
    page = client.get("/portal/tickets/", HTTP_ACCEPT_LANGUAGE=browsers).content.decode()
    assert f'<html lang="{expected}"' in page
