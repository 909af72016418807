"""The first day: five screens that lose nothing, the agreement, the list on the desk, and who may not."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from governance.models import EthicsPolicy
from helpdesk.people import agreement, first_day, services
from helpdesk.people.models import AgreementAcceptance, FirstDay, Invitation, Membership
from helpdesk.people.permissions import visible_inboxes
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of, delivered
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Inbox

pytestmark = pytest.mark.django_db
ORDER = ["shop", "mailbox", "colleague", "knowledge", "rules"]


@pytest.fixture
def shop() -> Organization:
    return make_organization(checklist_shown=True)


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        return make_member()


@pytest.fixture
def browser(shop: Organization, owner: Membership) -> Client:
    return browser_of(shop, owner)


def shop_data(**changed: str) -> dict[str, str]:
    return {"name": "Birch", "kind": "trades", "language": "de", "timezone": "Europe/Berlin", **changed}


def test_the_screens_stand_in_their_order_each_with_a_way_on_and_back(browser: Client) -> None:
    assert [screen.key for screen in first_day.screens()] == ORDER
    for number, key in enumerate(ORDER):
        page = browser.get(f"/setup/{key}/").content.decode()
        assert f"Step {number + 1} of 5" in page
        assert (f'href="/setup/{ORDER[number - 1]}/">Back' in page) is (number > 0)
        after = f"/setup/{ORDER[number + 1]}/" if number < 4 else "/setup/finish/"
        assert browser.post(f"/setup/{key}/skip/")["Location"] == after


def test_a_closed_browser_loses_nothing(shop: Organization, owner: Membership, browser: Client) -> None:
    assert browser.get("/setup/")["Location"] == "/setup/shop/"
    assert browser.post("/setup/shop/", shop_data())["Location"] == "/setup/mailbox/"
    browser.get("/setup/mailbox/")
    assert browser_of(shop, owner).get("/setup/")["Location"] == "/setup/mailbox/"
    shop.refresh_from_db()
    assert (shop.name, shop.kind, shop.language, shop.timezone) == ("Birch", "trades", "de", "Europe/Berlin")


def test_what_was_left_is_on_the_list_until_it_is_done_and_the_list_can_be_hidden(
    shop: Organization, owner: Membership, browser: Client
) -> None:
    assert "setup/checklist" in browser.get("/").content.decode()
    strip = browser.get("/setup/checklist/").content.decode()
    assert "Invite a colleague" in strip
    assert "Publish your rules" in strip
    assert browser.post("/setup/checklist/show/", {"shown": "0"})["Location"] == "/settings/"
    assert "setup/checklist" not in browser.get("/").content.decode()
    browser.post("/setup/checklist/show/", {"shown": "1"})
    with organization_scope(shop.id):
        make_member("agent")
    assert "<span>Invite a colleague</span>" in browser.get("/setup/checklist/").content.decode()


def test_the_list_goes_when_all_is_done(
    shop: Organization, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.people.setup_views.checklist.states", list)
    assert browser.get("/setup/checklist/").content.decode().strip() == ""
    shop.refresh_from_db()
    assert not shop.checklist_shown


def test_an_invited_agent_sees_the_ticked_inboxes_at_once(
    shop: Organization, owner: Membership, browser: Client
) -> None:
    with organization_scope(shop.id):
        ours = Inbox.objects.create(name="Hello", address="hello@birch.example")
        Inbox.objects.create(name="Bills", address="bills@birch.example")
    data = {"email": "ben@birch.example", "role": "agent", "inboxes": [ours.pk, 999999, "x"], "again": "1"}
    with delivered():
        assert browser.post("/setup/colleague/", data)["Location"] == "/setup/colleague/"
    assert "ben@birch.example" in browser.get("/setup/colleague/").content.decode()
    with organization_scope(shop.id):
        invited = services.invite(email="ben@birch.example", role="agent", member=owner, inbox_ids=[ours.pk])
        joined = services.accept(token=invited.link.rstrip("/").rsplit("/", 1)[1], name="Ben", password="x")
        seen = visible_inboxes(joined)
        assert seen is not None
        assert list(seen) == [ours.pk]


@pytest.mark.parametrize(("data", "said"), [({"email": "x"}, "valid email"), ({"email": ""}, "required")])
def test_a_bad_invitation_stays_on_the_screen(browser: Client, data: dict[str, str], said: str) -> None:
    answer = browser.post("/setup/colleague/", {"role": "agent", **data})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_bad_shop_stays_on_the_screen(shop: Organization, browser: Client) -> None:
    for wrong in ({"name": ""}, {"kind": "circus"}, {"timezone": "Moon/Sea"}, {"language": "xx"}):
        assert browser.post("/setup/shop/", shop_data(**wrong)).status_code == 422
    shop.refresh_from_db()
    assert shop.kind == ""


def test_rules_are_published_once(shop: Organization, browser: Client) -> None:
    page = browser.get("/setup/rules/").content.decode()
    assert "A person answers you" in page
    assert browser.get("/setup/rules/?starter=nothing").status_code == 404
    for _ in range(2):
        assert browser.post("/setup/rules/", {"starter": "boutique"})["Location"] == "/setup/finish/"
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.count() == 1
    assert "is in force" in browser.get("/setup/rules/").content.decode()


def test_the_first_inbox_is_stored_and_not_made_twice(shop: Organization, browser: Client) -> None:
    data = {"address": "Hello@Birch.example", "name": "Hello", "from_name": "Birch"}
    for _ in range(2):
        answer = browser.post("/setup/mailbox/", data)
        with organization_scope(shop.id):
            inbox = Inbox.objects.get()
        assert inbox.address == "hello@birch.example"
        assert answer["Location"] == f"/settings/inboxes/{inbox.pk}/mailbox/?next=%2Fsetup%2Fcolleague%2F"
        assert browser.get(answer["Location"]).status_code == 200
    assert browser.post("/setup/mailbox/", {**data, "address": "nobody"}).status_code == 422


PAGES = [f"/setup/{key}/" for key in ORDER] + ["/setup/finish/", "/setup/checklist/", "/agreement/"]


@pytest.mark.parametrize("path", PAGES)
def test_the_set_up_is_for_owners(shop: Organization, path: str) -> None:
    with organization_scope(shop.id):
        agent = make_member("agent")
    allowed = {"/setup/knowledge/"}  # agents write articles
    assert browser_of(shop, agent).get(path).status_code == (200 if path in allowed else 403)
    assert browser_of(shop).get(path)["Location"].startswith("/account/login/")
    stranger = make_member_of_another()
    assert browser_of(shop, stranger).get(path).status_code == 302


def make_member_of_another() -> Membership:
    with organization_scope(make_organization().id):
        return make_member()


def test_unknown_screens_are_not_there(browser: Client) -> None:
    assert browser.post("/setup/nothing/skip/").status_code == 404
    assert browser.get("/setup/shop/skip/").status_code == 405


# The agreement


@pytest.fixture
def due(shop: Organization) -> Organization:
    shop.agreement_due = True
    shop.save()
    return shop


def test_only_owners_are_asked_and_public_pages_stay_open(due: Organization, owner: Membership) -> None:
    with organization_scope(due.id):
        agent = make_member("agent")
    browser = browser_of(due, owner)
    assert browser.get("/")["Location"] == "/agreement/"
    assert browser.get("/", headers={"HX-Request": "true"})["HX-Redirect"] == "/agreement/"
    assert browser.get("/api/v1/tickets/").status_code == 403
    assert browser.get("/trust/").status_code == 200
    assert browser_of(due, agent).get("/").status_code == 200


def test_the_text_that_was_read_is_the_text_that_is_kept(
    due: Organization, owner: Membership, settings: Any
) -> None:
    browser = browser_of(due, owner)
    old = agreement.current().version
    settings.OPERATOR_NAME = "Someone Else"
    assert browser.post("/agreement/", {"version": old})["Location"] == "/agreement/"
    assert browser.get("/")["Location"] == "/agreement/"
    for _ in range(2):
        browser.post("/agreement/", {"version": agreement.current().version})
    with organization_scope(due.id):
        kept = AgreementAcceptance.objects.get()
        assert kept.operator == "Someone Else"
        assert owner.user.email in kept.accepted_name
    # A later text is told in settings, and accepted there.
    settings.OPERATOR_NAME = "A third"
    assert "changed since" in browser.get("/settings/agreement/").content.decode()
    told = browser.post("/agreement/", {"version": agreement.current().version, "after": "settings"})
    assert told["Location"] == "/settings/agreement/"
    assert "changed since" not in browser.get("/settings/agreement/").content.decode()


def test_the_operators_own_text_stands_over_ours(due: Organization, settings: Any, tmp_path: Any) -> None:
    file = tmp_path / "agreement.txt"
    file.write_text("# Ours\n\nWe promise <b>much</b>.\n")
    settings.AGREEMENT_FILE = str(file)
    with organization_scope(due.id):
        page = browser_of(due, make_member()).get("/agreement/").content.decode()
    assert "&lt;b&gt;much" in page


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_record_of_the_agreement_stays(due: Organization, owner: Membership, change: str) -> None:
    with organization_scope(due.id):
        agreement.accept(member=owner, version=agreement.current().version)
        rows = AgreementAcceptance.objects.all()
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(text="other") if change == "update" else rows.delete()


def test_an_agents_post_accepts_nothing(due: Organization) -> None:
    with organization_scope(due.id):
        agent = make_member("agent")
    assert (
        browser_of(due, agent).post("/agreement/", {"version": agreement.current().version}).status_code
        == 403
    )


# Isolation


def test_another_shops_first_day_is_its_own(browser: Client, shop: Organization) -> None:
    other = make_organization()
    browser.get("/setup/rules/")
    with organization_scope(other.id):
        assert not FirstDay.objects.exists()
        assert not Invitation.objects.exists()
    assert reverse("setup") == "/setup/"
