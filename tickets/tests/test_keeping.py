"""Finished requests go as the rules say: owners are told first, what waits or is asked for stays, proof stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.core.starter import starter
from governance.demands.book import Book
from governance.models import DataRequest, EthicsPolicy, LedgerEntry
from governance.services import drafts, policies
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.people.tests.support import browser_of, delivered
from helpdesk.people.weekly import week_before
from helpdesk.portal.tests.support import signed_in
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets import keeping, weekly
from tickets.demands import kept
from tickets.models import Attachment, Message, RawMail, Status, Ticket
from tickets.tests.factories import make_attachment, make_inbound, make_raw_mail, make_reply, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = 100
NOW = timezone.now()


@pytest.fixture
def shop() -> Organization:
    shop = make_organization(name="Linden & Vale")
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER, name="Marta")
        policies.adopt_starter(starter=starter(), member=owner)
    keep_for(shop, DAYS)
    return shop


def keep_for(shop: Organization, days: int | None) -> None:
    with organization_scope(shop.id):
        owner = Membership.objects.get(role=Role.OWNER)
        draft = drafts.start_draft(member=owner)
        draft.clauses = {**draft.clauses, "retention_days": days}
        draft.round_closes_at = None
        drafts.save_draft(policy=draft, member=owner)
        EthicsPolicy.objects.filter(status="published").update(
            status="replaced"
        )  # its way is tested elsewhere
        policies.publish(policy=draft, member=owner)


def finished(shop: Organization, ago: int, status: str = Status.SOLVED, **fields: Any) -> Ticket:
    """A request with a file and an original mail that was solved so many days ago."""
    with organization_scope(shop.id):
        ticket = make_ticket(status=status, subject="Blue shoes", snippet="Where are they?", **fields)
        asked = make_inbound(ticket, text="Where are my blue shoes?")
        asked.raw_mail = make_raw_mail()
        asked.save()
        make_attachment(message=asked, ticket=ticket)
        answer = make_reply(ticket, text="On their way.", author=make_member(Role.AGENT))
        for state in ("queued", "sending", "sent"):
            answer.state = state
            answer.save()
        then = NOW - timedelta(days=ago)
        Ticket.objects.filter(pk=ticket.pk).update(
            updated_at=then, solved_at=then if status == Status.SOLVED else None
        )
    return ticket


def texts(shop: Organization, ticket: Ticket) -> set[str]:
    with organization_scope(shop.id):
        row = Ticket.objects.get(pk=ticket.pk)
        found = {row.subject, row.snippet}
        for one in Message.objects.filter(ticket=ticket):
            found |= {one.text, one.html, one.subject, one.recipients_to}
        return found - {""}


def run(shop: Organization, later: timedelta = timedelta(0)) -> int:
    with delivered():
        return keeping.run(organization_id=shop.id, now=NOW + later)


AFTER_NOTICE = keeping.NOTICE + timedelta(days=1)


def test_owners_are_told_a_week_before_and_then_only_what_is_old_goes(
    shop: Organization, mailoutbox: list[Any]
) -> None:
    old, young = finished(shop, DAYS + 1), finished(shop, DAYS - 20)
    is_open = finished(shop, DAYS + 50, status=Status.OPEN)
    with organization_scope(shop.id):
        files = list(Attachment.objects.filter(ticket=old).values_list("file", flat=True))
    assert run(shop) == run(shop) == 0
    (mail,) = [one for one in mailoutbox if "finished requests will be deleted" in one.subject]
    assert "after 100 days" in mail.body
    assert "It would be 1 requests now." in mail.body
    assert texts(shop, old), "nothing goes before that day"
    assert run(shop, timedelta(days=6)) == 0
    assert run(shop, AFTER_NOTICE) == 1
    assert texts(shop, old) == set()
    with organization_scope(shop.id):
        assert not Attachment.objects.filter(ticket=old).exists()
        assert RawMail.objects.count() == 2, "its original mail is gone, the others' are not"
        assert Message.objects.filter(ticket=old).count() == 2, "that there was a request, and when, stays"
        entry = LedgerEntry.objects.get(event="requests_deleted")
        assert entry.object_ref.startswith("policy:")
    assert files
    assert not any(default_storage.exists(one) for one in files)
    assert texts(shop, young)
    assert texts(shop, is_open)
    assert run(shop, AFTER_NOTICE) == 0, "a second run finds nothing"


def test_a_version_that_says_the_same_days_gives_no_new_week(shop: Organization) -> None:
    old = finished(shop, DAYS + 1)
    run(shop)
    keep_for(shop, DAYS)
    assert run(shop, AFTER_NOTICE) == 1
    assert not texts(shop, old)


def test_what_is_still_there_after_its_day_fails_a_demand(shop: Organization) -> None:
    finished(shop, DAYS + 5)
    with organization_scope(shop.id):
        assert state_of_keeping() == "working", "nobody was told yet, so nothing is late"
    run(shop)
    with organization_scope(shop.id):
        assert state_of_keeping(timedelta(days=8)) == "working"
        assert state_of_keeping(timedelta(days=10)) == "failing"
    run(shop, timedelta(days=10))
    with organization_scope(shop.id):
        assert state_of_keeping(timedelta(days=10)) == "working"


def state_of_keeping(later: timedelta = timedelta(0)) -> str:
    book = Book(NOW + later)
    (said,) = kept(book)
    return said.state


def test_another_number_of_days_gives_a_new_week(shop: Organization, mailoutbox: list[Any]) -> None:
    old = finished(shop, DAYS + 1)
    run(shop)
    keep_for(shop, DAYS - 10)
    assert run(shop, AFTER_NOTICE) == 0
    assert texts(shop, old)
    assert len([one for one in mailoutbox if "will be deleted" in one.subject]) == 2


def test_rules_that_keep_everything_delete_nothing(shop: Organization, mailoutbox: list[Any]) -> None:
    old = finished(shop, 3_000)
    run(shop)
    keep_for(shop, None)
    assert run(shop, AFTER_NOTICE) == 0
    assert texts(shop, old)


def test_what_waits_and_what_somebody_asked_for_stays(shop: Organization) -> None:
    waits, asked = finished(shop, DAYS + 1), finished(shop, DAYS + 1)
    with organization_scope(shop.id):
        make_reply(waits, text="One more thing", author=make_member(Role.AGENT))
        DataRequest.objects.create(kind="access", customer=asked.customer, due_at=NOW)
    run(shop)
    assert run(shop, AFTER_NOTICE) == 0
    assert texts(shop, waits)
    assert texts(shop, asked)
    with organization_scope(shop.id):
        DataRequest.objects.update(status="fulfilled")
    assert run(shop, AFTER_NOTICE) == 0, "nothing was due before, so nobody was told yet"
    assert run(shop, 2 * AFTER_NOTICE) == 1
    assert not texts(shop, asked)


def test_what_was_merged_goes_with_its_home_and_another_shop_keeps_its_own(shop: Organization) -> None:
    home, merged = finished(shop, DAYS + 1), finished(shop, DAYS + 1)
    other = make_organization(slug="other")
    theirs = finished(other, DAYS + 500)
    with organization_scope(shop.id):
        Ticket.objects.filter(pk=merged.pk).update(status=Status.MERGED, merged_into=home)
    run(shop)
    assert run(shop, AFTER_NOTICE) == 1
    assert not texts(shop, merged)
    assert keeping.run(organization_id=other.id, now=NOW + AFTER_NOTICE) == 0
    assert texts(other, theirs)


def test_more_than_one_transaction_takes_and_the_database_is_asked_evenly(
    shop: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    for _ in range(5):
        finished(shop, DAYS + 1)
    run(shop)
    assert run(shop, AFTER_NOTICE) == 5


def test_who_sets_the_rule_reads_what_it_would_delete_and_owners_read_it_each_week(
    shop: Organization,
) -> None:
    finished(shop, DAYS + 1)
    with organization_scope(shop.id):
        owner = Membership.objects.get(role=Role.OWNER)
        row = drafts.start_draft(member=owner)
        monday = timezone.localdate()
        assert any(
            "1 finished request will be deleted" in one
            for one in weekly.sentences(week_before(monday, "UTC"))
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert keeping.how_many(DAYS) == 1
        assert len(queries) == 1
    page = browser_of(shop, owner).get(f"/admin/governance/ethicspolicy/{row.pk}/change/").content.decode()
    assert "Today that would be 1 request. You get a mail seven days before anything goes." in page


def test_the_thread_says_so_and_the_customer_sees_no_empty_letters(shop: Organization) -> None:
    with organization_scope(shop.id):
        customer = make_customer("olu@example.com")
    old = finished(shop, DAYS + 1, customer=customer)
    run(shop)
    run(shop, AFTER_NOTICE)
    with organization_scope(shop.id):
        owner = Membership.objects.get(role=Role.OWNER)
    page = browser_of(shop, owner).get(f"/tickets/{old.number}/").content.decode()
    assert "Its texts and files were deleted, as the rules say." in page
    client = signed_in(shop, customer)
    assert f"/portal/tickets/{old.number}/" not in client.get("/portal/tickets/").content.decode()
    assert client.get(f"/portal/tickets/{old.number}/").status_code == 404
