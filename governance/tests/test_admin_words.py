"""The admin speaks to owners: no names of columns, a word for yes and no, and empty lists that say what will be here."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.contrib.admin.utils import label_for_field
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.formats import date_format

from governance.admin.words import EVENTS, event_words
from governance.models import AIDecision, Incident, LedgerEntry
from governance.tests.factories import make_decision, make_incident
from helpdesk.admin.menu import guide_of, navigation
from helpdesk.admin.site import site
from helpdesk.people.models import Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
#: Words of code (look/README.md), and names that Django makes from columns.
NEVER = re.compile(
    r"\b(?:gate|ledger|provider|clause|canary|verbatim|bias|seq|object ref|created at|is active|is serious|actor)\b",
    re.IGNORECASE,
)
OURS = ("governance", "people", "aiassist")


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def client(shop: Organization) -> Client:
    with organization_scope(shop.id):
        return browser_of(shop, make_member(Role.OWNER))


@pytest.mark.parametrize(
    "page",
    [one for one in site._registry.values() if one.opts.app_label in OURS],
    ids=lambda one: one.opts.label,
)
def test_no_list_names_a_column_as_the_database_does(page: Any) -> None:
    heads = [str(label_for_field(name, page.model, page)) for name in page.list_display]
    said = [*heads, str(page.opts.verbose_name), str(page.opts.verbose_name_plural), str(page.nothing)]
    assert not [one for one in said if NEVER.search(one)]
    assert not [one for one in heads[1:] if not one[0].isupper()], heads


def test_an_empty_list_says_what_will_be_here(client: Client) -> None:
    page = client.get("/admin/governance/datarequest/").content.decode()
    assert "No customer has asked about their data." in page
    assert "yielded" not in page
    assert "Show all" not in page
    filtered = client.get("/admin/governance/datarequest/?status__exact=open").content.decode()
    assert "Nothing fits what you looked for." in filtered
    assert "Show all" in filtered


def test_yes_and_no_are_words(shop: Organization, client: Client) -> None:
    with organization_scope(shop.id):
        make_incident(is_serious=True)
        make_incident(is_serious=False)
        assert Incident.objects.count() == 2
    page = client.get("/admin/governance/incident/").content.decode()
    cells = re.findall(r"<td[^>]*field-serious[^>]*>(.*?)</td>", page, re.DOTALL)
    words = sorted(re.sub(r"<[^>]+>", "", one).strip() for one in cells)
    assert words == ["no", "yes"]
    assert "check_small" not in page


def test_a_step_leads_to_what_it_was_about(shop: Organization, client: Client) -> None:
    from tickets.tests.factories import make_inbound

    with organization_scope(shop.id):
        message = make_inbound()
        one = make_decision(subject_kind="message", subject_id=message.pk)
        make_decision(subject_kind="evaluation", subject_id=0)
        number = message.ticket.number
    page = client.get("/admin/governance/aidecision/").content.decode()
    assert f"/tickets/{number}/" in page
    assert "invented customers" in page
    page = client.get(f"/admin/governance/aidecision/{one.pk}/change/").content.decode()
    assert f"/tickets/{number}/" in page
    with organization_scope(shop.id):
        assert AIDecision.objects.count() == 2


def test_every_kind_of_entry_has_its_words(shop: Organization) -> None:
    assert event_words("incident_created") == "An incident was written down"
    assert event_words("law_task_changed") == "A task from a change of law was changed"
    assert event_words("never_heard_of") == "Never heard of"
    assert all(str(one)[0].isupper() for one in EVENTS.values())
    with organization_scope(shop.id):
        make_incident()
        assert not [one for one in LedgerEntry.objects.all() if "_" in event_words(one.event)]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/admin/", "rules-and-records"),
        ("/admin/governance/risk/7/change/", "risks"),
        ("/admin/governance/change/7/change/", "papers"),
        ("/admin/governance/ethicspolicy/appointments/", "appointments"),
        ("/admin/governance/ethicspolicy/7/change/", "rules"),
        ("/admin/auditors/law/", "for-auditors"),
        ("/admin/aiassist/aiservice/", "ai-service"),
    ],
)
def test_a_page_leads_to_its_own_help(path: str, name: str) -> None:
    assert guide_of(path) == name


def test_every_line_of_the_menu_has_help_that_opens(client: Client) -> None:
    lines = [one for group in navigation(RequestFactory().get("/admin/")) for one in group["items"]]
    names = {guide_of(str(one["link"])) for one in lines if str(one["link"]).startswith("/admin/")}
    assert len(names) > 12
    for name in names:
        assert client.get(f"/guide/{name}/").status_code == 200
    page = client.get("/admin/governance/risk/").content.decode()
    assert 'href="/guide/risks/"' in page


def test_a_moment_is_written_alike_in_a_list_and_on_its_page(shop: Organization, client: Client) -> None:
    with organization_scope(shop.id):
        one = make_decision()
        moment = date_format(timezone.localtime(one.created_at), "DATETIME_FORMAT")
    for path in ("", f"{one.pk}/change/"):
        assert moment in client.get(f"/admin/governance/aidecision/{path}").content.decode()


def test_days_stand_before_months() -> None:
    day = timezone.make_aware(datetime(2026, 11, 24, 15, 5))  # noqa: DTZ001 - made aware at once
    assert date_format(day) == "24 Nov 2026"
    assert date_format(day, "DATETIME_FORMAT") == "24 Nov 2026, 15:05"
