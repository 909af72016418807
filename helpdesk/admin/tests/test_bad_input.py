"""Nonsense in every form of the admin: a message beside the field, never an error page and never half a row."""

from __future__ import annotations

from typing import Any

import pytest
from django.forms import BaseForm
from django.test import Client

from aiassist.tests.factories import FACTORIES as AI_ROWS
from governance.tests.factories import FACTORIES as GOVERNANCE_ROWS
from helpdesk.admin.site import site
from helpdesk.people.models import Role
from helpdesk.people.tests.factories import FACTORIES as PEOPLE_ROWS
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.tests.factories import FACTORIES as TICKET_ROWS

pytestmark = pytest.mark.django_db
ROWS: dict[str, Any] = {**AI_ROWS, **GOVERNANCE_ROWS, **PEOPLE_ROWS, **TICKET_ROWS}
PAGES = [one for one in site._registry.values() if one.opts.label_lower in ROWS]
NONSENSE = {
    "nothing": "",
    "words for numbers": "abc",
    "far too much": "x" * 20_000,
    "huge numbers": "9" * 40,
    "below nought": "-1",
    "no such day": "2026-02-30",
    "a zero byte": "a\x00b",
    "script": "<script>alert(1)</script>",
    "right to left": "\u202eabc\u202c",
    "someone else's row": "999999999",
}


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def client(shop: Organization) -> Client:
    with organization_scope(shop.id):
        return browser_of(shop, make_member(Role.OWNER))


def filled(form: BaseForm, value: str) -> dict[str, Any]:
    """Every field of the form, the parts of dates and times as well."""
    return {part: value for name in form.fields for part in (name, f"{name}_0", f"{name}_1")}


def rows(page: Any, shop: Organization) -> list[Any]:
    with organization_scope(shop.id):
        return list(page.model._default_manager.order_by("pk").values())


def wrong_after(page: Any, shop: Organization, client: Client, address: str, form: BaseForm) -> list[str]:
    """Which nonsense did what it should not."""
    wrong = []
    for name, value in NONSENSE.items():
        before = rows(page, shop)
        answer = client.post(address, filled(form, value))
        if answer.status_code not in (200, 302, 403):
            wrong.append(f"{name}: {answer.status_code}")
        elif answer.status_code == 200:
            errors = answer.context["adminform"].form.errors
            if not errors or rows(page, shop) != before or b"<script>alert(1)" in answer.content:
                wrong.append(f"{name}: errors {dict(errors)}")
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.opts.label)
def test_nonsense_in_a_new_entry(page: Any, shop: Organization, client: Client) -> None:
    address = f"{page.list_url()}add/"
    answer = client.get(address)
    if answer.status_code != 200:
        assert answer.status_code in (302, 403)
        return
    assert wrong_after(page, shop, client, address, answer.context["adminform"].form) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.opts.label)
def test_nonsense_in_an_entry_that_is_there(page: Any, shop: Organization, client: Client) -> None:
    with organization_scope(shop.id):
        row = ROWS[page.opts.label_lower]()
    address = f"{page.list_url()}{row.pk}/change/"
    answer = client.get(address)
    assert answer.status_code == 200
    assert wrong_after(page, shop, client, address, answer.context["adminform"].form) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.opts.label)
def test_nonsense_in_the_address_of_a_list(page: Any, client: Client) -> None:
    for query in ("o=99", "p=-1", "p=99999", "q=%00", "q=" + "x" * 3_000, "e=1", "nonsense=1"):
        assert client.get(f"{page.list_url()}?{query}").status_code in (200, 302), query
    for wrong in ("abc/change/", "0/change/", "99999999999999999999/change/", "1'--/change/"):
        assert client.get(page.list_url() + wrong).status_code in (302, 404)
