"""Nothing closes without mails 30, 14 and 3 days before, and "Still right" is one call."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance import clocks
from governance.core.starter import starter
from governance.models import AISystem, EthicsPolicy, RegisterChange, Risk
from governance.services import policies
from governance.tests.factories import make_certificate, make_course, make_vendor
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 1)


@pytest.fixture
def owner() -> Iterator[Membership]:
    with organization_scope(make_organization().id):
        member = make_member(Role.OWNER)
        policies.adopt_starter(starter=starter(), member=member)
        yield member


def reminded(monkeypatch: pytest.MonkeyPatch, day: date) -> list[Any]:
    sent: list[Any] = []
    monkeypatch.setattr(clocks, "post_on_commit", sent.append)
    clocks.remind(day)
    return sent


def test_a_vendor_is_mailed_about_thrice_and_each_time_once(
    owner: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_vendor(
        name="Cloud",
        region="eu",
        state="approved",
        approved_at=timezone.now(),
        expires_on=TODAY + timedelta(days=40),
    )
    said = []
    for day in range(45):
        mails = reminded(monkeypatch, TODAY + timedelta(days=day))
        assert reminded(monkeypatch, TODAY + timedelta(days=day)) == []
        said += [(40 - day, one) for one in mails if "Cloud" in one.body]
    assert [left for left, _ in said] == [30, 14, 3]
    assert said[0][1].to == [owner.user.email]
    assert "/admin/governance/ethicspolicy/appointments/" in said[0][1].body


def test_a_person_hears_of_their_own_course_and_nobody_else_does(
    owner: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = make_member(Role.AGENT)
    course = make_course(key="ai-basics", title="Basics")
    for one in (owner, agent):
        policies.attest(policy=EthicsPolicy.objects.get(), member=one)
    make_certificate(member=owner, course=course, expires_on=TODAY + timedelta(days=900))
    make_certificate(
        member=agent,
        course=course,
        issued_on=TODAY - timedelta(days=9),
        expires_on=TODAY + timedelta(days=10),
    )
    mails = [one for one in reminded(monkeypatch, TODAY) if "Basics" in one.body]
    assert [one.to for one in mails] == [[agent.user.email]]


def test_every_check_that_a_date_can_close_is_on_the_list(owner: Membership) -> None:
    make_course(key="ai-basics")
    make_vendor(region="eu", state="approved", approved_at=timezone.now(), expires_on=TODAY)
    Risk.objects.create(title="Large", likelihood_after=5, impact_after=5)
    make_member(Role.AGENT)
    assert {one.gate for one in clocks.clocks() if one.gate} == {"G02", "G04", "G05", "G09", "G10"}


def test_still_right_renews_rules_risks_and_services_with_history(owner: Membership) -> None:
    vendor = make_vendor(region="eu", state="approved", approved_at=timezone.now(), expires_on=TODAY)
    risk = Risk.objects.create(title="Small", review_due=TODAY)
    policy = EthicsPolicy.objects.get()
    refs = [f"vendor:{vendor.pk}", f"risk:{risk.pk}", f"policy:{policy.pk}"]
    assert clocks.renew_all(refs=refs, member=owner) == 3
    for row in (vendor, risk, policy):
        row.refresh_from_db()
    in_a_year = timezone.localdate() + timedelta(days=365)
    assert (vendor.expires_on, risk.review_due, policy.review_due) == (in_a_year,) * 3
    assert RegisterChange.objects.filter(action="renewed").count() == 3


def test_all_or_nothing_and_not_by_everybody(owner: Membership) -> None:
    risk = Risk.objects.create(title="Small", review_due=TODAY)
    with pytest.raises(InvalidState):
        clocks.renew_all(refs=[f"risk:{risk.pk}", "course:1:2"], member=owner)
    risk.refresh_from_db()
    assert risk.review_due == TODAY
    for ref in ("risk:x", "risk", "", f"risk:{risk.pk + 1}"):
        with pytest.raises(InvalidState):
            clocks.still_right(ref=ref, member=owner)
    with pytest.raises(NotAllowed):
        clocks.still_right(ref=f"risk:{risk.pk}", member=make_member(Role.AGENT))


def test_the_list_costs_the_same_at_any_length(owner: Membership) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            clocks.clocks()
        return len(seen)

    few = queries()
    for number in range(5):
        make_member(Role.AGENT)
        Risk.objects.create(title=f"Risk {number}", review_due=TODAY)
    assert queries() == few


def test_mails_leave_through_the_queue(owner: Membership, django_capture_on_commit_callbacks: Any) -> None:
    EthicsPolicy.objects.update(review_due=TODAY)
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        assert clocks.remind(TODAY - timedelta(days=2)) == 1
    assert callbacks
    assert mail.outbox == []


def test_the_card_of_an_ai_is_looked_at_again_and_closes_nothing(owner: Membership) -> None:
    system = AISystem.objects.order_by("pk")[0]
    AISystem.objects.filter(pk=system.pk).update(review_due=TODAY)
    (found,) = [one for one in clocks.clocks(TODAY) if one.ref == f"system:{system.pk}"]
    assert (found.due_on, found.closes_on, found.gate, found.renewable) == (TODAY, None, "", True)
    clocks.still_right(ref=found.ref, member=owner)
    system.refresh_from_db()
    assert system.review_due == timezone.localdate() + timedelta(days=365)
