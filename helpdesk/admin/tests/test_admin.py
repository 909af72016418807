"""The admin as owner, officer, auditor, agent, neighbour and stranger meet it: every registered model."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aiassist.tests.factories import FACTORIES as AI_ROWS
from governance.tests.factories import FACTORIES as GOVERNANCE_ROWS
from helpdesk.admin.site import MODELS, site
from helpdesk.people.models import Role, User
from helpdesk.people.tests.factories import FACTORIES as PEOPLE_ROWS
from helpdesk.people.tests.factories import PASSWORD, make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.tests.factories import FACTORIES as TICKET_ROWS

pytestmark = pytest.mark.django_db
ROWS: dict[str, Any] = {**AI_ROWS, **GOVERNANCE_ROWS, **PEOPLE_ROWS, **TICKET_ROWS}
LABELS = sorted(MODELS)
#: What an owner may not change either: records, and what only its own page writes.
READ_ONLY = {
    "governance.AIDecision",
    "governance.AIStop",
    "governance.Consent",
    "governance.LedgerEntry",
}


def url(label: str, page: str, *args: Any) -> str:
    return reverse(f"admin:{label.replace('.', '_').lower()}_{page}", args=args)


def make(label: str) -> Any:
    return ROWS[label.lower()]()


@pytest.fixture
def shop() -> Organization:
    return make_organization()


def client_of(shop: Organization, role: str) -> Client:
    with organization_scope(shop.id):
        return browser_of(shop, make_member(role))


def row_of(shop: Organization, label: str) -> Any:
    with organization_scope(shop.id):
        return make(label)


# Who enters


def test_only_the_allow_list_has_pages() -> None:
    assert {model._meta.label for model in site._registry} == MODELS
    with pytest.raises(ImproperlyConfigured):
        site.register(User)
    forbidden = {"people.User", "mfa.Authenticator", "people.Customer", "people.ApiToken", "tickets.Message"}
    assert not forbidden & MODELS


@pytest.mark.parametrize("role", [Role.OWNER, Role.OFFICER, Role.AUDITOR])
def test_owner_officer_and_auditor_see_every_list_and_page(shop: Organization, role: str) -> None:
    rows = {label: row_of(shop, label) for label in LABELS}
    client = client_of(shop, role)
    assert client.get("/admin/").status_code == 200
    for label in LABELS:
        for path in (
            url(label, "changelist"),
            url(label, "change", rows[label].pk),
            url(label, "history", rows[label].pk),
        ):
            assert client.get(path).status_code == 200, path


def test_agents_are_refused_and_strangers_sign_in(shop: Organization) -> None:
    agent, stranger = client_of(shop, Role.AGENT), browser_of(shop)
    for path in ("/admin/", *(url(label, "changelist") for label in LABELS)):
        answer = agent.get(path, follow=True)
        assert answer.status_code == 403, path
        answer = stranger.get(path, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/account/login/"), path


def test_no_flag_of_a_user_opens_the_admin(shop: Organization) -> None:
    user = User.objects.create_user("root@elsewhere.example", PASSWORD, is_superuser=True)
    client = Client(HTTP_HOST=f"{shop.slug}.localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/account/login/")
    with organization_scope(shop.id):
        make_member(Role.AGENT, user=user)
    assert client.get("/admin/", follow=True).status_code == 403


def test_sign_in_never_leads_to_another_site(shop: Organization) -> None:
    client = client_of(shop, Role.OWNER)
    assert client.get("/admin/login/?next=https://evil.example/")["Location"] == "/admin/"
    assert client.get("/admin/login/?next=/admin/governance/risk/")["Location"] == "/admin/governance/risk/"


# Whose rows


@pytest.mark.parametrize("label", LABELS)
def test_another_organizations_row_does_not_exist(shop: Organization, label: str) -> None:
    theirs = row_of(make_organization(), label)
    client = client_of(shop, Role.OWNER)
    for page in ("change", "delete", "history"):
        path = url(label, page, theirs.pk)
        assert client.get(path).status_code == 404, path
        assert client.get(f"{path}?_popup=1&_to_field=id").status_code == 404, path
        if page != "history":
            assert client.post(path, {"post": "yes"}).status_code == 404, path
    listed = client.get(url(label, "changelist"), {"id__exact": theirs.pk}, follow=True).content.decode()
    assert url(label, "change", theirs.pk) not in listed
    with organization_scope(theirs.organization_id):
        assert type(theirs).objects.filter(pk=theirs.pk).exists()


def test_neighbours_are_offered_nowhere(shop: Organization) -> None:
    other = make_organization()
    with organization_scope(other.id):
        make_member(name="Neighbour Nora")
        inbox = ROWS["tickets.inbox"]()
    client = client_of(shop, Role.OWNER)
    assert "Neighbour Nora" not in client.get(url("governance.Risk", "add")).content.decode()
    assert inbox.name not in client.get(url("tickets.CannedReply", "add")).content.decode()
    for query in (
        "app_label=governance&model_name=risk&field_name=accountable&term=N",
        "app_label=tickets&model_name=cannedreply&field_name=inbox&term=I",
    ):
        answer = client.get(f"/admin/autocomplete/?{query}")
        assert answer.status_code in (403, 404), "no field is searched behind the scenes"


# Who writes


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.AGENT])
def test_readers_write_nothing(shop: Organization, label: str, role: str) -> None:
    row = row_of(shop, label)
    client = client_of(shop, role)
    with organization_scope(shop.id):
        before = list(type(row).objects.order_by("pk").values())
    for path, data in (
        (url(label, "add"), {"title": "x", "name": "x"}),
        (url(label, "change", row.pk), {"title": "x", "name": "x", "role": "owner"}),
        (url(label, "delete", row.pk), {"post": "yes"}),
        (url(label, "changelist"), {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}),
    ):
        answer = client.post(path, data)
        if path == url(label, "changelist") and role == Role.AUDITOR:
            assert answer.status_code == 200, "a list without actions shows itself again"
        elif role == Role.AUDITOR:
            assert answer.status_code == 403, path
        else:
            assert answer["Location"].startswith("/admin/login/"), path
    with organization_scope(shop.id):
        assert list(type(row).objects.order_by("pk").values()) == before


@pytest.mark.parametrize("label", sorted(READ_ONLY))
def test_records_are_read_only_for_owners_too(shop: Organization, label: str) -> None:
    row = row_of(shop, label)
    client = client_of(shop, Role.OWNER)
    for path in (url(label, "add"), url(label, "change", row.pk), url(label, "delete", row.pk)):
        assert client.post(path, {"post": "yes"}).status_code == 403, path


@pytest.mark.parametrize("label", LABELS)
def test_the_organization_is_in_no_form(shop: Organization, label: str) -> None:
    row = row_of(shop, label)
    page = client_of(shop, Role.OWNER).get(url(label, "change", row.pk)).content.decode()
    assert 'name="organization' not in page
    assert "api_key" not in page


# People


def test_the_last_owner_stays_and_people_come_by_invitation(shop: Organization) -> None:
    with organization_scope(shop.id):
        owner, agent = make_member(Role.OWNER), make_member(Role.AGENT)
    client = browser_of(shop, owner)
    page = url("people.Membership", "change", owner.pk)
    said = client.post(page, {"role": "agent", "is_active": "on"}, follow=True).content.decode()
    assert "This is the last owner" in said
    client.post(url("people.Membership", "change", agent.pk), {"role": "officer", "is_active": "on"})
    with organization_scope(shop.id):
        owner.refresh_from_db()
        agent.refresh_from_db()
    assert (owner.role, agent.role) == ("owner", "officer")
    assert client.get(url("people.Membership", "add"))["Location"] == "/people/"
    assert client.post(url("people.Membership", "delete", agent.pk), {"post": "yes"}).status_code == 403


def test_an_officer_makes_nobody_owner(shop: Organization) -> None:
    with organization_scope(shop.id):
        officer = make_member(Role.OFFICER)
    client = browser_of(shop, officer)
    assert client.post(url("people.Membership", "change", officer.pk), {"role": "owner"}).status_code == 403


# Speed and headers


@pytest.mark.parametrize("label", LABELS)
def test_a_list_asks_the_database_as_often_for_twenty_rows_as_for_two(shop: Organization, label: str) -> None:
    client = client_of(shop, Role.OWNER)

    def queries(rows: int) -> int:
        for _ in range(rows):
            row_of(shop, label)
        client.get(url(label, "changelist"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(label, "changelist")).status_code == 200
        return len(captured)

    assert queries(2) == queries(18)


def test_the_content_policy_is_relaxed_under_admin_and_nowhere_else(shop: Organization) -> None:
    client = client_of(shop, Role.OWNER)
    policy = client.get("/admin/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval';" in f"{policy};"
    assert "style-src 'self' 'unsafe-inline';" in f"{policy};"
    assert "frame-ancestors 'none'" in policy
    for path in ("/", "/people/", "/trust/", "/account/login/"):
        assert "unsafe" not in client.get(path, follow=True)["Content-Security-Policy"], path


def test_a_duplicate_is_an_error_on_the_form(shop: Organization) -> None:
    with organization_scope(shop.id):
        inbox, reply = ROWS["tickets.inbox"](), ROWS["tickets.cannedreply"]()
        article = ROWS["tickets.article"]()
    client = client_of(shop, Role.OWNER)
    for label, data in (
        ("tickets.Inbox", {"name": "Again", "address": inbox.address.upper(), "is_active": "on"}),
        ("tickets.CannedReply", {"title": reply.title, "body": "x", "language": "en"}),
        (
            "tickets.Article",
            {"title": "x", "slug": article.slug, "body": "x", "language": "en", "status": "draft"},
        ),
    ):
        answer = client.post(url(label, "add"), data)
        assert answer.status_code == 200, label
        assert answer.context["adminform"].errors, label
