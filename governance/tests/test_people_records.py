"""Records, concerns, guests, the round of questions: what an employee, a guest and an owner may rely on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from governance import indicators, ledger
from governance.core.record_kinds import TEMPLATES
from governance.core.starter import starter
from governance.models import (
    AIStop,
    EthicsPolicy,
    Finding,
    GuestAccess,
    LedgerEntry,
    PulseAnswer,
    PulseTicket,
    Record,
    RegisterChange,
    Risk,
)
from governance.services import guests, people_watch, policies, pulse, records
from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
RECORDS = "/admin/governance/record/"


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Iterator[Membership]:
    with organization_scope(shop.id):
        member = make_member(Role.OWNER, name="Marta")
        policies.adopt_starter(starter=starter(), member=member)
        yield member


@pytest.fixture
def agent(owner: Membership) -> Membership:
    return make_member(Role.AGENT, name="Jonas Unmistakable")


def decided(owner: Membership, kind: str, effect: str) -> Record:
    row = Record(kind=kind, title="Voice cloning is spreading", decision="We act.", effect=effect)
    return records.keep(record=row, member=owner)


# Decisions


def test_a_decision_has_its_effect_once(owner: Membership) -> None:
    row = decided(owner, "board", "stop")
    assert row.effect_ref == f"stop:{AIStop.objects.get().pk}"
    row.text = "More words."
    records.keep(record=row, member=owner)
    assert AIStop.objects.count() == 1
    assert (row.decided_by, bool(row.decided_at)) == (owner, True)
    assert row.due == timezone.localdate() + timedelta(days=30)


def test_each_effect_makes_what_it_says(owner: Membership) -> None:
    risk = decided(owner, "horizon", "risk")
    assert Risk.objects.filter(pk=int(risk.effect_ref.split(":")[1]), title=risk.title).exists()
    rule = decided(owner, "committee", "rule")
    assert EthicsPolicy.objects.get(pk=int(rule.effect_ref.split(":")[1])).status == "draft"
    found = decided(owner, "consultation", "finding")
    assert Finding.objects.get(pk=int(found.effect_ref.split(":")[1])).state == "open"


def test_an_effect_needs_a_decision_and_a_right(owner: Membership, agent: Membership) -> None:
    with pytest.raises(InvalidState, match="decision"):
        records.keep(record=Record(kind="board", title="x", effect="stop"), member=owner)
    with pytest.raises(InvalidState, match="cannot follow"):
        records.keep(record=Record(kind="lesson", title="x", decision="y", effect="stop"), member=owner)
    with pytest.raises(NotAllowed):
        records.keep(record=Record(kind="board", title="x", decision="y", effect="stop"), member=agent)
    assert not Record.objects.exists()
    assert not AIStop.objects.exists()


def test_a_signer_who_was_deleted_leaves_the_record_standing(owner: Membership) -> None:
    officer = make_member(Role.OFFICER)
    row = decided(officer, "committee", "finding")
    access, token = guests.invite(record=row, name="Ada", may_read=["risks"], days=3, member=officer)
    Record.objects.filter(pk=row.pk).update(decided_by=None)
    GuestAccess.objects.filter(pk=access.pk).update(invited_by=None)
    row.refresh_from_db()
    access.refresh_from_db()
    assert (row.decided_by, row.decision, access.invited_by) == (None, "We act.", None)
    assert guests.reader(token) is not None
    ledger.append_pending()
    assert ledger.verify().ok


# Scenarios


def test_a_scenario_comes_true_when_its_figure_passes_the_limit(
    owner: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Record(kind="scenario", title="Nobody answers", data={"trigger": "wrong", "limit": 0.3})
    records.keep(record=row, member=owner)
    for value, fired in ((None, 0), (0.3, 0), (0.31, 1), (0.9, 0)):
        figure = indicators.BY_KEY["wrong"]
        told = type(figure)(figure.key, figure.label, figure.limit, figure.unit, lambda _since, v=value: v)
        monkeypatch.setitem(indicators.BY_KEY, "wrong", told)
        assert records.fire_scenarios() == fired, value
    row.refresh_from_db()
    assert row.data["fired_at"]
    assert Finding.objects.get(source="scenario").source_ref == f"record:{row.pk}"


# Concerns


def test_a_concern_without_a_name_leads_to_nobody(
    shop: Organization, agent: Membership, caplog: pytest.LogCaptureFixture
) -> None:
    client = browser_of(shop, agent)
    client.get("/")
    ledger.append_pending()
    before = LedgerEntry.objects.count()
    with caplog.at_level(logging.DEBUG):
        assert client.post("/concerns/", {"text": "We look away."}).status_code == 302
    ledger.append_pending()
    assert LedgerEntry.objects.count() == before, "an entry would have its moment"
    row = Record.objects.get(kind="concern")
    assert (row.is_anonymous, row.reporter_id, row.decided_by_id, row.accountable_id) == (
        True,
        None,
        None,
        None,
    )
    for moment in (row.created_at, row.updated_at):
        assert timezone.localtime(moment).time().isoformat() == "00:00:00"
    assert row.pk > 10**6, "its number says nothing of when it was raised"
    assert records.note_unnamed() == 0, "not before the day is over"
    Record.objects.filter(pk=row.pk).update(created_at=row.created_at - timedelta(days=1))
    assert records.note_unnamed() == 1
    ledger.append_pending()
    assert records.note_unnamed() == 0
    entries = LedgerEntry.objects.filter(seq__gt=before)
    assert {(one.actor, one.object_ref) for one in entries} == {("system", f"record:{row.pk}")}
    assert not RegisterChange.objects.filter(object_ref=f"record:{row.pk}").exists()
    for said in (agent.user.email, "Jonas", f"membership:{agent.pk}", str(agent.user_id) + "@"):
        assert said not in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM governance_record r WHERE id = %s", [row.pk])
        stored = cursor.fetchone()[0]
    assert "Jonas" not in stored
    assert agent.user.email not in stored


def test_a_concern_with_a_name_carries_it(shop: Organization, agent: Membership) -> None:
    browser_of(shop, agent).post("/concerns/", {"text": "We look away.", "named": "1"})
    assert Record.objects.get(kind="concern").reporter == agent


def test_nothing_is_said_back(shop: Organization, agent: Membership) -> None:
    answer = browser_of(shop, agent).post("/concerns/", {"text": "  "})
    assert answer.status_code == 422
    assert not Record.objects.exists()


def test_only_owner_and_officer_read_and_answer_everybody_reads_the_answer(
    shop: Organization, owner: Membership, agent: Membership
) -> None:
    row = records.raise_concern(text="The secret words.", member=None)
    client = browser_of(shop, agent)
    assert "The secret words" not in client.get("/concerns/").content.decode()
    assert client.post(f"/concerns/{row.pk}/answer/", {"answer": "No"}).status_code == 403
    boss = browser_of(shop, owner)
    assert "The secret words" in boss.get("/concerns/").content.decode()
    boss.post(f"/concerns/{row.pk}/answer/", {"answer": "We stop doing that."})
    page = client.get("/concerns/").content.decode()
    assert "We stop doing that." in page
    assert "The secret words" not in page
    boss.post(f"/concerns/{row.pk}/answer/", {"answer": "Something else."})
    row.refresh_from_db()
    assert row.answer == "We stop doing that."


def test_ten_days_without_an_answer_are_a_finding_once(owner: Membership) -> None:
    row = records.raise_concern(text="x", member=None)
    assert records.find_late() == 0
    Record.objects.filter(pk=row.pk).update(due=timezone.localdate() - timedelta(days=1))
    assert (records.find_late(), records.find_late()) == (1, 0)


def test_another_shops_concern_does_not_exist(owner: Membership) -> None:
    row = records.raise_concern(text="x", member=None)
    other = make_organization()
    with organization_scope(other.id):
        stranger = make_member(Role.OWNER)
    assert browser_of(other, stranger).post(f"/concerns/{row.pk}/answer/", {"answer": "y"}).status_code == 404


# Guests


def test_a_guest_reads_what_was_chosen_until_the_day(shop: Organization, owner: Membership) -> None:
    review = records.keep(record=Record(kind="guest_review", title="Ada looks"), member=owner)
    access, token = guests.invite(
        record=review, name="Ada", may_read=["risks", "policy", "customers"], days=3, member=owner
    )
    assert access.may_read == ["policy", "risks"]
    client = browser_of(shop)
    page = client.get(f"/guest/{token}/")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert Risk.objects.order_by("pk")[0].title in page.content.decode()
    assert "Incidents" not in page.content.decode()
    assert client.post(f"/guest/{token}/").status_code == 405
    GuestAccess.objects.filter(pk=access.pk).update(expires_at=timezone.now())
    assert client.get(f"/guest/{token}/").status_code == 404, "an expired guest is out at once"


def test_a_guest_reads_words_and_not_how_they_are_kept(shop: Organization, owner: Membership) -> None:
    from governance.models import Vendor

    with organization_scope(shop.id):
        Vendor.objects.create(name="Far", provider="far.example", region="us")
        review = records.keep(record=Record(kind="guest_review", title="Ada looks"), member=owner)
        _access, token = guests.invite(
            record=review, name="Ada", may_read=["policy", "vendors"], days=3, member=owner
        )
    page = browser_of(shop).get(f"/guest/{token}/").content.decode()
    assert "**" not in page
    assert "the United States" in page or "United States" in page
    assert ">us<" not in page


def test_a_guest_is_let_out_and_a_link_is_no_key_elsewhere(shop: Organization, owner: Membership) -> None:
    review = records.keep(record=Record(kind="guest_review", title="Ada looks"), member=owner)
    access, token = guests.invite(record=review, name="Ada", may_read=["risks"], days=3, member=owner)
    assert browser_of(make_organization()).get(f"/guest/{token}/").status_code == 404
    assert browser_of(shop).get("/guest/guessed/").status_code == 404
    assert token not in str(GuestAccess.objects.values().get())
    client = browser_of(shop, owner)
    assert client.post(f"{RECORDS}guest/{access.pk}/out/").status_code == 302
    assert browser_of(shop).get(f"/guest/{token}/").status_code == 404


@pytest.mark.parametrize("bad", [{"days": 0}, {"days": 31}, {"name": " "}, {"may_read": ["customers"]}])
def test_a_guest_without_limits_is_refused(owner: Membership, bad: dict[str, Any]) -> None:
    review = records.keep(record=Record(kind="guest_review", title="Ada looks"), member=owner)
    asked: dict[str, Any] = {"name": "Ada", "may_read": ["risks"], "days": 7, **bad}
    with pytest.raises(InvalidState):
        guests.invite(record=review, member=owner, **asked)


# The round of questions


def team(number: int) -> list[Membership]:
    return [make_member(Role.AGENT) for _ in range(number)]


GOOD = dict.fromkeys(pulse.QUESTIONS, 4)


def test_below_eight_answers_nobody_sees_anything(shop: Organization, owner: Membership) -> None:
    people = team(9)
    for one in people[:7]:
        pulse.answer(member=one, answers=GOOD, text="A sentence of mine.")
    assert pulse.latest() is None
    assert "A sentence of mine" not in browser_of(shop, owner).get("/pulse/").content.decode()
    pulse.answer(member=people[7], answers=dict.fromkeys(pulse.QUESTIONS, 2))
    found = pulse.latest()
    assert found is not None
    assert found[1].n == 8
    assert dict(found[1].means)["helps"] == 3.8
    assert "A sentence of mine" in browser_of(shop, people[0]).get("/pulse/").content.decode()


def test_nothing_leads_from_an_answer_to_its_person(owner: Membership) -> None:
    people = team(9)
    ledger.append_pending()
    before = LedgerEntry.objects.count()
    for place, one in enumerate(people):
        pulse.answer(member=one, answers=GOOD, text=f"{place}")
    ledger.append_pending()
    assert LedgerEntry.objects.count() == before
    names = {field.name for field in PulseAnswer._meta.concrete_fields}
    assert names == {"id", "organization", "round", "answers", "text"}
    asked = list(PulseTicket.objects.order_by("pk").values_list("member_id", flat=True))
    assert asked == [one.pk for one in people]
    in_order = list(PulseAnswer.objects.order_by("pk").values_list("text", flat=True))
    assert in_order != sorted(in_order), "numbers drawn by lot"


def test_once_a_quarter_whole_and_only_in_teams_of_eight(owner: Membership) -> None:
    small = team(2)
    with pytest.raises(InvalidState, match="fewer than eight"):
        pulse.answer(member=small[0], answers=GOOD)
    team(6)
    with pytest.raises(InvalidState, match="no answer"):
        pulse.answer(member=small[0], answers={"helps": 4})
    with pytest.raises(InvalidState, match="no answer"):
        pulse.answer(member=small[0], answers={**GOOD, "helps": 9})
    pulse.answer(member=small[0], answers=GOOD)
    with pytest.raises(Conflict):
        pulse.answer(member=small[0], answers=GOOD)


def test_a_small_team_talks_once_a_quarter(owner: Membership, agent: Membership) -> None:
    people_watch.look()
    people_watch.look()
    talk = Record.objects.get(kind="talk")
    assert talk.due is not None
    assert talk.due >= timezone.localdate()


# The admin


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_every_template_is_written_down_and_opened(shop: Organization, owner: Membership, kind: str) -> None:
    client = browser_of(shop, owner)
    page = client.get(f"{RECORDS}add/?kind={kind}")
    assert page.status_code == 200
    data = {"title": "One", "text": "What was said.", "state": "open", "effect": "", "decision": ""}
    saved = client.post(f"{RECORDS}add/?kind={kind}", {**data, "data_trigger": "wrong", "data_limit": "0.4"})
    assert saved.status_code == 302
    row = Record.objects.get()
    assert row.kind == kind
    assert client.get(f"{RECORDS}{row.pk}/change/").status_code == 200
    if kind == "scenario":
        assert row.data == {"trigger": "wrong", "limit": 0.4}


def test_an_unknown_template_is_not_found(shop: Organization, owner: Membership) -> None:
    assert browser_of(shop, owner).get(f"{RECORDS}add/?kind=question").status_code == 404


def test_the_owner_makes_a_link_that_is_shown_once(shop: Organization, owner: Membership) -> None:
    review = records.keep(record=Record(kind="guest_review", title="Ada looks"), member=owner)
    client = browser_of(shop, owner)
    data = {"name": "Ada", "days": "7", "may_read": ["policy", "risks"]}
    page = client.post(f"{RECORDS}{review.pk}/invite/", data, follow=True).content.decode()
    assert ".localhost/guest/" in page
    assert ".localhost/guest/" not in client.get(f"{RECORDS}{review.pk}/change/").content.decode()


def test_a_lesson_leaves_without_names(shop: Organization, owner: Membership) -> None:
    client = browser_of(shop, owner)
    row = records.keep(
        record=Record(kind="lesson", title="Old prices", text="An article was old."), member=owner
    )
    said = client.get(f"{RECORDS}{row.pk}/lesson.json").json()
    assert set(said) == {"format", "title", "text", "what_changed", "month"}
    Record.objects.filter(pk=row.pk).update(text="Marta forgot it.")
    assert client.get(f"{RECORDS}{row.pk}/lesson.json").status_code == 302
