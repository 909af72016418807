"""Choices, data requests, the download, and the pages for anyone."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.cache import cache

from governance.core.starter import boutique, starter
from governance.links import agree_url, without_ai_url
from governance.models import BiasAudit, Consent, DataRequest, EthicsPolicy
from governance.services.consents import choices
from governance.services.policies import adopt_starter
from governance.services.stops import stop_ai
from governance.tests.factories import make_decision
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.portal.tests.support import path_of, signed_in
from helpdesk.privacy import registry
from helpdesk.privacy.registry import Category, D
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
PURPOSES = ("humans_only", "sentiment", "improve", "marketing")


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def customer(shop: Organization) -> Any:
    with organization_scope(shop.id):
        return make_customer()


@pytest.mark.parametrize("purpose", PURPOSES)
def test_yes_and_no_are_the_same_click_and_kept_for_ever(
    shop: Organization, customer: Any, purpose: str
) -> None:
    client = signed_in(shop, customer)
    for answer in ("yes", "no", "yes"):
        done = client.post(f"/portal/choices/{purpose}/", {"choice": answer})
        assert done.status_code == 302
    with organization_scope(shop.id):
        rows = Consent.objects.filter(customer=customer, purpose=purpose).order_by("pk")
        assert [one.state for one in rows] == ["granted", "refused", "granted"]
        assert all(one.notice_hash and one.method == "portal" for one in rows)


def test_the_same_choice_again_is_none_and_a_no_is_never_too_often(
    shop: Organization, customer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(shop, customer)
    for _ in range(3):
        client.post("/portal/choices/humans_only/", {"choice": "yes"})
    with organization_scope(shop.id):
        assert Consent.objects.filter(customer=customer).count() == 1
    monkeypatch.setattr("governance.portal.limits.too_often", lambda *_, **__: True)
    assert client.post("/portal/choices/humans_only/", {"choice": "no"}).status_code == 429
    assert client.post("/portal/choices/improve/", {"choice": "no"}).status_code == 302
    for path in ("/portal/my-data/download/", "/portal/my-data/ask/erase/"):
        assert client.post(path).status_code == 429
    with organization_scope(shop.id):
        assert choices(customer) == {"humans_only": "granted", "improve": "refused"}
        assert not DataRequest.objects.exists()


def test_the_two_buttons_of_a_choice_look_alike_and_none_is_ticked_before(
    shop: Organization, customer: Any
) -> None:
    page = signed_in(shop, customer).get("/portal/choices/").content.decode()
    buttons = re.findall(r'<button class="([^"]*)" name="choice" value="(yes|no)" aria-pressed="(\w+)"', page)
    assert len(buttons) == 2 * len(PURPOSES)
    assert {one[0] for one in buttons} == {"button"}
    assert {one[2] for one in buttons} == {"false"}


def test_where_the_rules_ask_first_the_customer_is_asked(shop: Organization, customer: Any) -> None:
    client = signed_in(shop, customer)
    assert 'id="ai_assist"' not in client.get("/portal/choices/").content.decode()
    with organization_scope(shop.id):
        adopt_starter(starter=boutique(), member=make_member())
    assert 'id="ai_assist"' in client.get("/portal/choices/").content.decode()
    client.post("/portal/choices/ai_assist/", {"choice": "no"})
    with organization_scope(shop.id):
        assert choices(customer)["ai_assist"] == "refused"


def test_nonsense_is_not_a_choice(shop: Organization, customer: Any) -> None:
    client = signed_in(shop, customer)
    assert client.post("/portal/choices/everything/", {"choice": "yes"}).status_code == 404
    assert client.post("/portal/choices/improve/", {"choice": "maybe"}).status_code == 404
    with organization_scope(shop.id):
        assert not Consent.objects.exists()


def test_answer_me_without_ai_from_a_mail(shop: Organization, customer: Any) -> None:
    with organization_scope(shop.id):
        path = path_of(without_ai_url(customer))
    client = browser_of(shop)
    assert client.get(path).status_code == 200
    with organization_scope(shop.id):
        assert choices(customer) == {}, "a mail scanner opens links; only the button counts"
    page = client.post(path).content.decode()
    assert "You are answered without AI" in page
    with organization_scope(shop.id):
        assert choices(customer) == {"humans_only": "granted"}
        assert Consent.objects.get().method == "mail_link"
    client.post(f"{path}?undo=1")
    with organization_scope(shop.id):
        assert choices(customer) == {"humans_only": "refused"}


def test_a_yes_from_a_mail_takes_an_older_no_back(shop: Organization, customer: Any) -> None:
    with organization_scope(shop.id):
        no, yes = path_of(without_ai_url(customer)), path_of(agree_url(customer))
    client = browser_of(shop)
    client.post(no)
    assert client.get(yes).status_code == 200
    client.post(yes)
    with organization_scope(shop.id):
        assert choices(customer) == {"humans_only": "refused", "ai_assist": "granted"}
    client.post(f"{yes}?undo=1")
    with organization_scope(shop.id):
        assert choices(customer)["ai_assist"] in ("objected", "refused")


def test_links_are_worth_nothing_elsewhere(shop: Organization, customer: Any) -> None:
    other = make_organization()
    with organization_scope(shop.id):
        no, yes = path_of(without_ai_url(customer)), path_of(agree_url(customer))
    token = no.rstrip("/").rsplit("/", 1)[-1]
    for client, path in (
        (browser_of(other), no),
        (browser_of(other), yes),
        (browser_of(shop), no[:-4] + "zzz/"),
        (browser_of(shop), f"/portal/yes-ai/{token}/"),
    ):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


def test_the_download_is_own_data_and_on_record(shop: Organization, customer: Any) -> None:
    with organization_scope(shop.id):
        make_customer("rival@example.com")
    client = signed_in(shop, customer)
    assert client.get("/portal/my-data/download/").status_code == 405
    got = client.post("/portal/my-data/download/")
    file = json.loads(got.content)
    assert got["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert file["customer"] == str(customer.reference)
    assert "rival@example.com" not in got.content.decode()
    with organization_scope(shop.id):
        asked = DataRequest.objects.get()
        assert (asked.kind, asked.status) == ("access", "fulfilled")


def test_delete_my_data_has_a_clock_and_can_be_taken_back(shop: Organization, customer: Any) -> None:
    client = signed_in(shop, customer)
    for _ in range(2):
        client.post("/portal/my-data/ask/erase/")
    with organization_scope(shop.id):
        asked = DataRequest.objects.get()
    assert 27 < (asked.due_at - asked.created_at).days < 32
    page = client.get("/portal/my-data/").content.decode()
    assert f"/portal/my-data/requests/{asked.pk}/take-back/" in page
    assert str(asked.due_at.year) in page
    client.post(f"/portal/my-data/requests/{asked.pk}/take-back/")
    with organization_scope(shop.id):
        assert DataRequest.objects.get().status == "revoked"
    assert client.post("/portal/my-data/ask/human_review/").status_code == 404


def test_requests_of_others_do_not_exist(shop: Organization, customer: Any) -> None:
    signed_in(shop, customer).post("/portal/my-data/ask/erase/")
    with organization_scope(shop.id):
        pk, rival = DataRequest.objects.get().pk, make_customer()
    elsewhere = make_organization()
    with organization_scope(elsewhere.id):
        stranger = make_customer()
    path = f"/portal/my-data/requests/{pk}/take-back/"
    assert signed_in(shop, rival).post(path).status_code == 404
    assert signed_in(elsewhere, stranger).post(path).status_code == 404
    for url in ("/portal/my-data/", "/portal/choices/"):
        assert browser_of(shop).get(url)["Location"] == "/portal/sign-in/"


# Pages for anyone


def test_the_trust_page_shows_the_rules_in_force(shop: Organization) -> None:
    client = browser_of(shop)
    empty = client.get("/trust/").content.decode()
    assert "No rules are published yet" in empty
    assert "not published" in empty
    with organization_scope(shop.id):
        owner = make_member()
        policy = adopt_starter(starter=starter(), member=owner)
        make_decision(action="send")
        make_decision(action="draft", allowed=False)
        BiasAudit.objects.create(title="Kept to ourselves")
        BiasAudit.objects.create(title="Do those who said no wait longer?", verdict="pass", is_published=True)
    cache.clear()
    page = client.get("/trust/").content.decode()
    for said in (
        policy.content_hash,
        "version 1",
        "approved by its author",
        "A person reads and sends every answer.",
        "Do those who said no wait longer?",
        "Treated alike",
        "AI assistance is on",
        "A person answers you.",
    ):
        assert said in page, said
    assert "Kept to ourselves" not in page
    assert "**" not in page
    figures = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)
    assert [int(value) for _label, value in figures] == [1, 0, 1]
    with organization_scope(shop.id):
        stop_ai(scope="organization", member=owner)
    assert "The AI is stopped" in client.get("/trust/").content.decode()


def test_the_trust_page_tells_nothing_of_another_organization(shop: Organization) -> None:
    other = make_organization()
    with organization_scope(other.id):
        adopt_starter(starter=starter(), member=make_member())
        hash_there = EthicsPolicy.objects.get().content_hash
    page = browser_of(shop).get("/trust/").content.decode()
    assert hash_there not in page
    assert "No rules are published yet" in page


def test_the_privacy_notice_changes_with_the_registry(
    shop: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser_of(shop)
    page = client.get("/privacy/").content.decode()
    for said in ("people.customer.name", "to answer you", "Until you ask us to delete it."):
        assert said in page, said
    assert "people.customer.erased_at" in page
    known = dict(registry._declared["people.customer"])
    del known["erased_at"]
    monkeypatch.setitem(registry._declared, "people.customer", known)
    assert "people.customer.erased_at" not in client.get("/privacy/").content.decode()
    monkeypatch.setitem(
        registry._declared, "people.customer", {**known, "erased_at": D(Category.CONTACT, "sign_in")}
    )
    again = client.get("/privacy/").content.decode()
    assert "people.customer.erased_at" in again


def test_public_pages_need_no_sign_in_and_hold_to_the_content_policy(shop: Organization) -> None:
    for path in ("/trust/", "/privacy/", "/portal/sign-in/"):
        response = browser_of(shop).get(path)
        assert response.status_code == 200
        assert "unsafe" not in response["Content-Security-Policy"]
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", response.content.decode())


def test_the_bare_host_says_where_to_go(client: Any) -> None:
    page = client.get("/", HTTP_HOST="localhost")
    assert page.status_code == 200
    assert "organization" in page.content.decode()
    assert client.get("/portal/", HTTP_HOST="localhost").status_code == 404
