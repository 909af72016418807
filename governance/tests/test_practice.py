"""Practice: off by default, announced, one's own results for oneself, and nothing of it near a customer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from governance import ledger, record_check
from governance.core.starter import starter
from governance.models import AIDecision, LedgerEntry, Record
from governance.services import policies, practice
from governance.tests.factories import make_decision
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Iterator[Membership]:
    with organization_scope(shop.id):
        member = make_member(Role.OWNER)
        policies.adopt_starter(starter=starter(), member=member)
        yield member


@pytest.fixture
def agent(owner: Membership) -> Membership:
    return make_member(Role.AGENT)


def on(owner: Membership) -> Record:
    return practice.turn_on(member=owner, told=True, council="none")


def test_it_is_off_until_an_owner_has_told_the_team(owner: Membership, agent: Membership) -> None:
    with pytest.raises(InvalidState):
        practice.answer(member=agent, case="lamp", choice="reject")
    for told, council in ((False, "none"), (True, ""), (True, "asked")):
        with pytest.raises(InvalidState):
            practice.turn_on(member=owner, told=told, council=council)
    for member in (agent, make_member(Role.OFFICER)):
        with pytest.raises(NotAllowed):
            practice.turn_on(member=member, told=True, council="none")
    row = on(owner)
    assert (row.data["council"], row.text, len(row.data["notice"])) == ("none", str(practice.NOTICE), 64)
    assert on(owner) == row
    practice.turn_off(member=owner)
    assert practice.in_force() is None


def test_each_case_once_and_what_was_found_is_counted(
    owner: Membership, agent: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(owner)
    while (case := practice.next_case(agent)) is not None:
        practice.answer(member=agent, case=case["key"], choice="reject" if case["fault"] else "use")
        with pytest.raises(InvalidState):
            practice.answer(member=agent, case=case["key"], choice="use")
    found = practice.own(agent)
    assert found.caught == found.shown == sum(bool(one["fault"]) for one in practice.cases().values())
    assert practice.own(owner).shown == 0
    monkeypatch.setattr(practice, "LOOKS_BACK", timedelta(0))
    assert practice.own(agent).shown == 0


def test_a_draft_that_is_fine_and_is_rejected_is_no_find(owner: Membership, agent: Membership) -> None:
    on(owner)
    practice.answer(member=agent, case="hours", choice="reject")
    practice.answer(member=agent, case="lamp", choice="use")
    assert (practice.own(agent).caught, practice.own(agent).shown) == (0, 1)


def test_no_row_and_no_record_says_whose_it_is(
    shop: Organization, owner: Membership, agent: Membership
) -> None:
    on(owner)
    ledger.append_pending()
    before = LedgerEntry.objects.count()
    practice.answer(member=agent, case="lamp", choice="edit")
    ledger.append_pending()
    row = AIDecision.objects.get(kind="canary")
    assert (row.actor_id, row.customer_id, row.action) == (None, None, "approve")
    assert [one.actor for one in LedgerEntry.objects.filter(seq__gt=before)] == ["system"]
    page = browser_of(shop, owner).get(f"/admin/governance/aidecision/{row.pk}/change/").content.decode()
    assert str(agent) not in page
    assert not AIDecision.objects.filter(kind="canary", action="send").exists()


def test_owners_see_a_team_of_eight_and_never_a_person(shop: Organization, owner: Membership) -> None:
    on(owner)
    people = [make_member(Role.AGENT) for _ in range(8)]
    for one in people[:7]:
        practice.answer(member=one, case="lamp", choice="reject")
    assert practice.team() is None
    assert "The team found" not in browser_of(shop, owner).get("/practice/").content.decode()
    practice.answer(member=people[7], case="lamp", choice="use")
    found = practice.team()
    assert found is not None
    assert (found.caught, found.shown) == (7, 8)
    assert "The team found 7 of 8" in browser_of(shop, owner).get("/practice/").content.decode()
    assert "The team found" not in browser_of(shop, people[0]).get("/practice/").content.decode()


def test_the_pages_walk_and_bad_input(shop: Organization, owner: Membership, agent: Membership) -> None:
    boss, client = browser_of(shop, owner), browser_of(shop, agent)
    assert "Practice is off" in client.get("/practice/").content.decode()
    assert client.post("/practice/turn/", {"on": "1", "told": "1", "council": "none"}).status_code == 403
    boss.post("/practice/turn/", {"on": "1", "council": "none"})
    assert practice.in_force() is None
    boss.post("/practice/turn/", {"on": "1", "told": "1", "council": "agreed"})
    page = client.get("/practice/").content.decode()
    assert page.count('class="button" name="choice"') == 3, "three equal choices"
    for case, choice in (("nothing", "use"), ("lamp", "throw"), ("lamp", "")):
        assert client.post(f"/practice/{case}/", {"choice": choice}).status_code == 302
    assert not AIDecision.objects.filter(kind="canary").exists()
    answer = client.post("/practice/lamp/", {"choice": "reject"})
    assert "wrong case" in client.get(answer["Location"]).content.decode()
    assert (
        browser_of(shop, make_member(Role.AUDITOR)).post("/practice/hours/", {"choice": "use"}).status_code
        == 403
    )


def test_what_was_practised_goes_after_ninety_days_and_nothing_else_does(
    shop: Organization, owner: Membership, agent: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(owner)
    today, real = timezone.now(), timezone.now
    with monkeypatch.context() as before:
        before.setattr(timezone, "now", lambda: today - timedelta(days=91))
        practice.answer(member=agent, case="lamp", choice="reject")
        drafted = make_decision()
    practice.answer(member=agent, case="hours", choice="use")
    assert timezone.now is real
    for old in AIDecision.objects.filter(pk=drafted.pk), AIDecision.objects.filter(request__case="hours"):
        with pytest.raises(Exception, match="never changed or removed"), transaction.atomic():
            old.delete()
    ledger.append_pending()
    written = LedgerEntry.objects.filter(event="practised").count()
    assert (practice.forget_old(), practice.forget_old()) == (1, 0)
    assert list(AIDecision.objects.filter(kind="canary").values_list("request__case", flat=True)) == ["hours"]
    assert LedgerEntry.objects.filter(event="practised").count() == written == 2
    assert record_check.run().ok, "the record holds"
    assert practice.own(agent).shown == 0
