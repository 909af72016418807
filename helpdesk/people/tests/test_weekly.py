"""The weekly mail: on Monday morning where the shop is, once, to owners who want it, with what really happened."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
from django.core import mail

from governance.tests.factories import make_decision
from helpdesk.people import weekly
from helpdesk.people.models import Membership, WeeklyMail
from helpdesk.people.tasks import weekly_all
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of, delivered
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.tests.factories import make_ticket

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture
def shop() -> Organization:
    shop = make_organization(timezone="Europe/Berlin", name="Birch")
    Organization.objects.filter(pk=shop.pk).update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    shop.refresh_from_db()
    return shop


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        (datetime(2026, 11, 23, 5, 59, tzinfo=UTC), False),  # 6:59 in Berlin
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 27, 12, 0, tzinfo=UTC), False),
    ],
)
def test_it_is_due_on_monday_morning_where_the_shop_is(
    shop: Organization, now: datetime, is_due: bool
) -> None:
    assert weekly.due(shop, now) == (MONDAY if is_due else None)


def test_a_shop_that_opened_today_has_no_week_behind_it(shop: Organization) -> None:
    shop.created_at = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    assert weekly.due(shop, datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) is None


def write(shop: Organization, monday: date = MONDAY) -> int:
    with delivered():
        return weekly.write(organization_id=str(shop.id), monday=monday)


def test_it_goes_once_to_owners_who_want_it(shop: Organization) -> None:
    with organization_scope(shop.id):
        owner = make_member()
        make_member("agent")
        make_member(gets_weekly_mail=False)
        make_member(is_active=False)
    assert [write(shop), write(shop)] == [1, 0]
    assert [one.to for one in mail.outbox] == [[owner.user.email]]
    assert write(shop, MONDAY + timedelta(days=7)) == 1
    with organization_scope(shop.id):
        assert WeeklyMail.objects.count() == 2


def test_it_says_what_happened_in_that_week_and_in_this_shop(shop: Organization) -> None:
    other = make_organization()
    inside = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
    for organization, tickets in ((shop, 2), (other, 9)):
        with organization_scope(organization.id):
            make_member()
            for _ in range(tickets):
                make_ticket(created_at=inside)
            make_ticket(created_at=inside - timedelta(days=30))
            with mock.patch("django.utils.timezone.now", return_value=inside):
                for allowed in (True, True, False):
                    make_decision(allowed=allowed)
    write(shop)
    body = str(mail.outbox[0].body)
    assert "2 new tickets." in body
    assert "The AI drafted 2 times." in body
    assert "stopped 1 time" in body
    assert "3 tickets wait" in body
    assert body.count("One thing to do") == 1
    assert "Answer ticket" in body
    assert f"http://{shop.slug}.localhost" in body
    assert "&amp;" not in body


def test_a_quiet_week_is_a_short_mail(shop: Organization) -> None:
    with organization_scope(shop.id):
        make_member()
    write(shop)
    body = str(mail.outbox[0].body)
    assert "Nobody wrote" in body
    assert "Publish your rules" in body


def test_one_link_switches_it_off_without_signing_in(shop: Organization) -> None:
    with organization_scope(shop.id):
        owner = make_member()
    write(shop)
    link = re.search(r"/weekly/off/\S+", str(mail.outbox[0].body))
    assert link
    assert link[0] in mail.outbox[0].extra_headers["List-Unsubscribe"]
    anyone = browser_of(shop)
    assert anyone.get(link[0]).status_code == 200
    assert wants(shop, owner), "a link does nothing before its button"
    assert browser_of(make_organization()).post(link[0]).status_code == 410
    assert anyone.post(link[0][:-3] + "x/").status_code == 410
    assert wants(shop, owner)
    assert anyone.post(link[0]).status_code == 200
    assert not wants(shop, owner)
    assert write(shop, MONDAY + timedelta(days=7)) == 0


def wants(shop: Organization, member: Membership) -> bool:
    with organization_scope(shop.id):
        return Membership.objects.get(pk=member.pk).gets_weekly_mail


def test_the_page_shows_it_and_switches_it(shop: Organization) -> None:
    with organization_scope(shop.id):
        owner, agent = make_member(), make_member("agent")
    page = browser_of(shop, owner).get("/settings/weekly/").content.decode()
    assert "Nobody wrote" in page
    assert browser_of(shop, agent).get("/settings/weekly/").status_code == 403
    browser_of(shop, owner).post("/settings/weekly/", {"wanted": "0"})
    assert not wants(shop, owner)
    assert wants(shop, agent)


def test_beat_asks_for_every_shop_where_it_is_time(shop: Organization) -> None:
    Organization.objects.exclude(pk=shop.pk).delete()
    early = make_organization(timezone="America/Los_Angeles")
    Organization.objects.filter(pk=early.pk).update(created_at=shop.created_at)
    with (
        mock.patch("helpdesk.people.tasks.enqueue") as asked,
        mock.patch(
            "helpdesk.people.tasks.timezone.now", return_value=datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
        ),
    ):
        weekly_all()
    assert [one.kwargs for one in asked.call_args_list] == [
        {"organization_id": str(shop.id), "monday": "2026-11-23"}
    ]
