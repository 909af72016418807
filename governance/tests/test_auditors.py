"""For auditors: who may read, what a page shows, what a button does, and that one hides nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from governance.core.starter import starter
from governance.models import LawTask, SelfCheck
from governance.services import law
from governance.services.policies import adopt_starter
from helpdesk.people.models import Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
BASE = "/admin/auditors/"
PAGES = ("demands/", "law/", "security/", "codes/")


@pytest.fixture
def shop() -> Organization:
    return make_organization()


def browser(shop: Organization, role: Role) -> Client:
    with organization_scope(shop.id):
        return browser_of(shop, make_member(role))


@pytest.mark.parametrize("role", [Role.OWNER, Role.OFFICER, Role.AUDITOR])
def test_owner_officer_and_auditor_read(shop: Organization, role: Role) -> None:
    client = browser(shop, role)
    for page in PAGES:
        assert client.get(BASE + page).status_code == 200


def test_an_agent_does_not(shop: Organization) -> None:
    client = browser(shop, Role.AGENT)
    for page in PAGES:
        assert client.get(BASE + page).status_code in (302, 403)


def test_all_demands_and_those_of_one_state(shop: Organization) -> None:
    client = browser(shop, Role.OWNER)
    answer = client.get(BASE + "demands/")
    assert len(answer.context["rows"]) == 63
    assert answer.content.decode().count('<tr id="d') == 63
    waiting = client.get(BASE + "demands/?state=waiting").context["rows"]
    assert 0 < len(waiting) < 63
    assert {row["one"].state.value for row in waiting} == {"waiting"}
    assert len(client.get(BASE + "demands/?state=nonsense").context["rows"]) == 63
    assert "No demand is in this state" in client.get(BASE + "demands/?state=failing").content.decode()


def test_the_files_hold_the_same(shop: Organization) -> None:
    client = browser(shop, Role.AUDITOR)
    found = json.loads(client.get(BASE + "demands/?format=json").content)
    assert [one["number"] for one in found] == list(range(1, 64))
    with organization_scope(shop.id):
        law.update()
    rules = json.loads(client.get(BASE + "law/?format=json").content)
    assert rules["GDPR"]
    assert rules["GDPR"][0]["helps_with"]


def test_a_task_of_law_is_settled_from_the_page(shop: Organization) -> None:
    with organization_scope(shop.id):
        law.update()
        task = LawTask.objects.create(rule_key="gdpr.9", pack_version="1", clause="human_only_topics")
    url = f"{BASE}law/{task.pk}/settle/"
    assert browser(shop, Role.AUDITOR).post(url, {"state": "done"}).status_code == 403
    client = browser(shop, Role.OWNER)
    client.post(url, {"state": "dropped", "note": ""})
    with organization_scope(shop.id):
        assert LawTask.objects.get().state == "open", "not without a reason"
    client.post(url, {"state": "done", "note": "Looked at."})
    with organization_scope(shop.id):
        assert LawTask.objects.get().state == "done"
    other = make_organization()
    assert browser(other, Role.OWNER).post(url, {"state": "done"}).status_code == 404


def test_look_now(shop: Organization) -> None:
    assert browser(shop, Role.AUDITOR).post(BASE + "security/look/").status_code == 403
    client = browser(shop, Role.OWNER)
    assert "Nobody has looked yet" in client.get(BASE + "security/").content.decode()
    assert client.get(BASE + "security/look/").status_code == 405
    client.post(BASE + "security/look/")
    with organization_scope(shop.id):
        assert SelfCheck.objects.filter(kind="security_audit").count() == 1
    assert "not in order" in client.get(BASE + "security/").content.decode()


def test_codes_say_what_only_warns(shop: Organization) -> None:
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER)
        policy = adopt_starter(starter=starter(), member=owner)
    rows: Any = browser_of(shop, owner).get(BASE + "codes/").context["rows"]
    assert len(rows) == 22
    assert {one["code"] for one in rows if one["firm"]} == {"G01", "G06", "G07", "G13", "G16", "G18"}
    assert policy.clauses["warn_only"] == [one["code"] for one in rows if one["warns"]]
