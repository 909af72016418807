"""Figures of one's own work with drafts: off by default, after a notice, for oneself alone, a team from eight on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from aiassist.models import DraftState
from aiassist.services import saving
from aiassist.tests.factories import make_draft
from governance.core.starter import starter
from governance.models import Record
from governance.services import policies, practice
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.tests.factories import make_approval, make_inbound, make_reply, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Iterator[Membership]:
    with organization_scope(shop.id):
        member = make_member(Role.OWNER, name="Marta")
        policies.adopt_starter(starter=starter(), member=member)
        yield member


def approved(member: Membership, involvement: str, minutes: int | None) -> None:
    """An answer that this person sent so many minutes after taking the draft; None: the draft was rejected."""
    ticket = make_ticket()
    draft = make_draft(make_inbound(ticket))
    state = DraftState.REJECTED if minutes is None else DraftState.USED
    saving.decide(draft=draft, state=state, member=member)
    if minutes is None:
        return
    type(draft).objects.filter(pk=draft.pk).update(decided_at=timezone.now() - timedelta(minutes=minutes))
    make_approval(make_reply(ticket, author=member, ai_involvement=involvement, decision=draft.decision))


def on(owner: Membership) -> None:
    practice.turn_on(member=owner, told=True, council="none")


def test_nothing_is_counted_until_the_team_was_told(shop: Organization, owner: Membership) -> None:
    approved(owner, "edited", 4)
    assert practice.own_work(owner) is None
    assert "Your work with drafts" not in browser_of(shop, owner).get("/practice/").content.decode()
    on(owner)
    assert (
        "Your work with drafts, for you alone" in browser_of(shop, owner).get("/practice/").content.decode()
    )


def test_a_notice_that_spoke_of_practice_alone_does_not_cover_work(
    shop: Organization, owner: Membership
) -> None:
    on(owner)
    row = practice.in_force()
    assert row is not None
    Record.objects.filter(pk=row.pk).update(data={**row.data, "notice": "0" * 64})
    approved(owner, "edited", 4)
    assert practice.own_work(owner) is None
    page = browser_of(shop, owner).get("/practice/").content.decode()
    assert "Your team was told of practice alone." in page
    assert "Your work with drafts, for you alone" not in page


def test_each_person_sees_their_own_and_nobody_elses(shop: Organization, owner: Membership) -> None:
    on(owner)
    ana, ben = make_member(Role.AGENT, name="Ana"), make_member(Role.AGENT, name="Ben")
    for involvement, minutes in (("edited", 2), ("verbatim", 4), ("suggested", 6), ("verbatim", None)):
        approved(ana, involvement, minutes)
    found = practice.own_work(ana)
    assert found is not None
    assert (found.approvals, found.edited, found.decided, found.rejected, found.timed) == (3, 2, 4, 1, 3)
    assert found.minutes == "4.0"
    page = browser_of(shop, ana).get("/practice/").content.decode()
    for said in ("less than 4.0 minutes", "You changed 2 of 3 drafts", "You rejected 1 of 4 drafts"):
        assert said in page, said
    for other in (ben, owner):
        page = browser_of(shop, other).get("/practice/").content.decode()
        assert "You have not sent an answer with AI help in 90 days." in page
        assert "2 of 3" not in page


def test_owners_see_a_team_from_eight_people_on(shop: Organization, owner: Membership) -> None:
    on(owner)
    people = [make_member(Role.AGENT) for _ in range(8)]
    for one in people[:7]:
        approved(one, "edited", 3)
    assert practice.team_work() is None
    assert "7 people" not in browser_of(shop, owner).get("/practice/").content.decode()
    approved(people[7], "verbatim", 3)
    page = browser_of(shop, owner).get("/practice/").content.decode()
    assert "In 90 days 8 people changed 7 of 8 drafts before they sent them" in page
    assert "8 people changed" not in browser_of(shop, people[0]).get("/practice/").content.decode()


def test_what_took_a_whole_afternoon_is_no_reading_time(owner: Membership) -> None:
    on(owner)
    approved(owner, "edited", 300)
    found = practice.own_work(owner)
    assert found is not None
    assert (found.approvals, found.timed, found.minutes) == (1, 0, "")


def test_two_queries_however_much_was_approved(owner: Membership, django_assert_num_queries: object) -> None:
    from aiassist import oversight

    for _ in range(3):
        approved(owner, "edited", 3)
    with django_assert_num_queries(2):  # type: ignore[operator]
        oversight.own(owner, timezone.now() - practice.LOOKS_BACK)
