"""The pages around a version: its way, its trial, the team's page, exceptions, appointments; and what goes wrong there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from governance import clocks, gate, shipped
from governance.core.facts import GateRequest, SystemRef
from governance.core.starter import starter
from governance.core.vocabulary import Action
from governance.models import (
    AIDecision,
    Attestation,
    EthicsPolicy,
    Override,
    PolicyApproval,
    PolicyComment,
    Risk,
)
from governance.services import drafts, policies, rulings, trials
from governance.tests.factories import make_decision
from helpdesk.people.models import Customer, Membership, Role
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.people.tests.support import browser_of, delivered
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.tests.factories import make_ticket

pytestmark = pytest.mark.django_db
POLICIES = "/admin/governance/ethicspolicy/"


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        member = make_member(Role.OWNER, name="Marta")
        policies.adopt_starter(starter=starter(), member=member)
        return member


@pytest.fixture
def client(shop: Organization, owner: Membership) -> Client:
    return browser_of(shop, owner)


def draft(shop: Organization, member: Membership, **clauses: Any) -> EthicsPolicy:
    with organization_scope(shop.id):
        row = drafts.start_draft(member=member)
        row.clauses = {**row.clauses, **clauses}
        drafts.save_draft(policy=row, member=member)
        return row


def in_shop(shop: Organization, role: str, name: str = "Olu") -> Client:
    with organization_scope(shop.id):
        return browser_of(shop, make_member(role, name=name))


def page(client: Client, path: str, data: dict[str, Any] | None = None) -> str:
    response = client.get(path) if data is None else client.post(path, data, follow=True)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def ask(customer: Customer, ticket: int, topic: str = "delivery") -> gate.Answer:
    one = shipped.systems()[0]
    request = GateRequest(
        action=Action.DRAFT,
        topic=topic,
        subject=f"ticket:{ticket}",
        language="en",
        fields=frozenset({"message"}),
        system=SystemRef(provider=one.provider, model=one.model, prompt_hash=one.prompts[0], external=False),
    )
    return gate.check(request, subject_kind="message", subject_id=ticket, customer=customer)


# The way of a version


def test_a_large_change_goes_its_way_through_the_team_and_another_person(
    shop: Organization, owner: Membership, client: Client
) -> None:
    officer, agent = in_shop(shop, Role.OFFICER, "Olu"), in_shop(shop, Role.AGENT, "Ana")
    row = draft(shop, owner, upsell=True)
    way = f"{POLICIES}{row.pk}/way/"
    said = page(client, way)
    assert "protect less than today: Offers in answers" in said
    assert "Put in force now" not in said
    assert "Everybody on the team can comment" in page(client, way + "propose/", {})
    assert f"Version {row.version} is open for comments" in page(agent, "/rules/")
    page(agent, f"/rules/{row.pk}/comment/", {"text": "Please no offers under complaints."})
    with organization_scope(shop.id):
        comment = PolicyComment.objects.get()
        EthicsPolicy.objects.filter(pk=row.pk).update(round_closes_at=timezone.now())
    assert "A comment waits for an answer." in page(client, way)
    page(client, f"{way}answer/{comment.pk}/", {"text": "Complaints stay with people."})
    assert "somebody else approves it" in page(client, way + "approve/", {})
    assert "Your yes to this text is on record." in page(officer, way + "approve/", {})
    assert "is in force from now on." in page(client, way + "publish/", {"seen_version": "1"})
    with organization_scope(shop.id):
        policy = EthicsPolicy.objects.get(status="published")
        assert (policy.version, policy.self_approved, policy.is_major) == (2, False, True)
        assert policy.approver is not None
        assert policy.approver.user.name == "Olu"
    assert "Complaints stay with people." in page(client, way)


def test_everybody_but_who_asks_hears_of_a_round(
    shop: Organization, owner: Membership, mailoutbox: list[Any]
) -> None:
    with organization_scope(shop.id):
        make_member(Role.AGENT, email="ana@shop.example")
        gone = make_member(Role.AGENT, email="gone@shop.example")
        gone.is_active = False
        gone.save()
    row = draft(shop, owner, upsell=True)
    with organization_scope(shop.id), delivered():
        rulings.propose(policy=row, member=owner)
    assert [mail.to for mail in mailoutbox] == [["ana@shop.example"]]
    assert f"version {row.version}" in mailoutbox[0].subject
    assert "/rules/" in mailoutbox[0].body
    assert "Offers in answers" in mailoutbox[0].body


def test_another_text_needs_another_yes(shop: Organization, owner: Membership, client: Client) -> None:
    officer = in_shop(shop, Role.OFFICER)
    row = draft(shop, owner, upsell=True)
    way = f"{POLICIES}{row.pk}/way/"
    page(client, way + "propose/", {})
    page(officer, way + "approve/", {})
    with organization_scope(shop.id):
        EthicsPolicy.objects.filter(pk=row.pk).update(round_closes_at=timezone.now(), prose="Other words.")
    said = page(client, way)
    assert "to an earlier text" in said
    assert "has not approved this text yet" in said


def test_approvals_in_a_circle_approve_nothing(shop: Organization, owner: Membership, client: Client) -> None:
    """Each writes a word into the other's version: both are writers of it, and a third has to say yes."""
    with organization_scope(shop.id):
        other = make_member(Role.OFFICER, name="Olu")
        third = make_member(Role.OFFICER, name="Tess")
    theirs = browser_of(shop, other)
    row = draft(shop, owner, upsell=True)
    with organization_scope(shop.id):
        drafts.save_draft(policy=EthicsPolicy.objects.get(pk=row.pk), member=other)
    way = f"{POLICIES}{row.pk}/way/"
    for one in (client, theirs):
        assert "somebody else approves it" in page(one, way + "approve/", {})
    with organization_scope(shop.id):
        assert not PolicyApproval.objects.exists()
    assert "on record" in page(browser_of(shop, third), way + "approve/", {})


def test_rules_start_at_the_hour_of_the_shop_also_when_clocks_change(
    shop: Organization, owner: Membership, client: Client
) -> None:
    Organization.objects.filter(pk=shop.pk).update(timezone="Europe/Berlin")
    year = timezone.now().year + 1
    row = draft(shop, owner, response_hours=12)
    way = f"{POLICIES}{row.pk}/way/"
    assert "That moment has passed." in page(client, way + "schedule/", {"begin": "2020-01-01T10:00"})
    for nonsense in ("", "tomorrow", f"{year}-02-30T10:00"):
        assert "Choose a day and a time" in page(client, way + "schedule/", {"begin": nonsense})
    # An hour that summer time skips and one that winter time repeats are taken as one moment or refused, never half.
    skipped, repeated = f"{year}-03-28T02:30", f"{year}-10-31T02:30"
    for begin in (skipped, repeated):
        said = page(client, way + "schedule/", {"begin": begin})
        assert ("It starts by itself." in said) is not ("Choose a day and a time" in said)
        with organization_scope(shop.id):
            stands = EthicsPolicy.objects.get(pk=row.pk)
            assert (stands.status == "scheduled") is ("It starts by itself." in said)
        page(client, way + "take-back/", {})
    assert "It starts by itself." in page(client, way + "schedule/", {"begin": f"{year}-06-01T10:00"})
    with organization_scope(shop.id):
        stands = EthicsPolicy.objects.get(pk=row.pk)
    assert stands.effective_at is not None
    assert (stands.status, stands.effective_at.hour) == ("scheduled", 8)
    assert "It counts from 1 June" in page(client, way)
    assert "starts on 1 June" in page(client, POLICIES)
    assert "does not start by itself any more" in page(client, way + "take-back/", {})
    assert "does not wait for its day any more" in page(client, way + "take-back/", {})


def test_a_version_that_waits_does_not_undo_a_newer_one(shop: Organization, owner: Membership) -> None:
    older = draft(shop, owner, response_hours=12)
    newer = draft(shop, owner, response_hours=6)
    with organization_scope(shop.id):
        policies.schedule(policy=older, member=owner, effective_at=timezone.now() + timedelta(hours=1))
        policies.publish(policy=newer, member=owner)
        EthicsPolicy.objects.filter(pk=older.pk).update(effective_at=timezone.now())
        assert policies.start_due() is None
        assert EthicsPolicy.objects.get(status="published").pk == newer.pk
        assert EthicsPolicy.objects.get(pk=older.pk).status == "draft"


def test_who_signed_and_is_gone_still_stands_there(
    shop: Organization, owner: Membership, client: Client
) -> None:
    officer = in_shop(shop, Role.OFFICER, "Olu")
    row = draft(shop, owner, upsell=True)
    way = f"{POLICIES}{row.pk}/way/"
    page(client, way + "propose/", {})
    page(officer, way + "approve/", {})
    with organization_scope(shop.id):
        EthicsPolicy.objects.filter(pk=row.pk).update(round_closes_at=timezone.now())
        gone = Membership.objects.get(role=Role.OFFICER)
        gone.is_active = False
        gone.save()
    page(client, way + "publish/", {"seen_version": "1"})
    for path in (way, f"{POLICIES}{row.pk}/change/", POLICIES, "/rules/", "/admin/", "/trust/"):
        assert client.get(path).status_code == 200, path
    assert "Olu" in page(client, way)
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.get(pk=row.pk).approver == gone


def test_readers_see_the_way_and_change_nothing(
    shop: Organization, owner: Membership, client: Client
) -> None:
    row = draft(shop, owner, upsell=True)
    auditor, agent = in_shop(shop, Role.AUDITOR), in_shop(shop, Role.AGENT)
    way = f"{POLICIES}{row.pk}/way/"
    assert '<button class="hd-button' not in page(auditor, way)
    for act in ("propose", "approve", "publish", "schedule", "take-back", "answer/1"):
        assert auditor.post(f"{way}{act}/").status_code == 403
        assert client.get(f"{way}{act}/").status_code == 405
    assert agent.get(way).status_code in (302, 403)
    neighbour = make_organization()
    elsewhere = in_shop(neighbour, Role.OWNER)
    for path in (way, f"{POLICIES}{row.pk}/try/"):
        assert elsewhere.get(path).status_code == 404


# The trial


def test_a_trial_names_the_tickets_that_would_go_differently(
    shop: Organization, owner: Membership, client: Client
) -> None:
    with organization_scope(shop.id):
        ticket, customer = make_ticket(), make_customer()
        assert ask(customer, ticket.pk).allowed
        assert ask(customer, 987_654).allowed
    row = draft(shop, owner, basis="ask_first")
    said = page(client, f"{POLICIES}{row.pk}/try/")
    assert "It would have stopped 2 steps of the AI that were allowed." in said
    assert f'href="/tickets/{ticket.number}/"' in said
    assert f"Ticket {ticket.number}" in said
    assert "not there any more" in said
    with organization_scope(shop.id):
        assert AIDecision.objects.count() == 2


def test_many_decisions_are_tried_by_a_task_and_the_page_tells_how_far(
    shop: Organization, owner: Membership, client: Client, django_assert_max_num_queries: Any
) -> None:
    with organization_scope(shop.id):
        ask(make_customer(), 7)
        one = AIDecision.objects.get()
        for number in range(trials.AT_ONCE + 20):
            make_decision(request=one.request, facts=one.facts, subject_id=number)
    row = draft(shop, owner, basis="ask_first")
    path = f"{POLICIES}{row.pk}/try/"
    assert client.get(path)["Refresh"] == "1"
    assert "0 done." in page(client, path)
    with organization_scope(shop.id):
        found = trials.work(row.pk)
    assert found is not None
    assert found.judged == trials.AT_ONCE + 21
    with django_assert_max_num_queries(20):
        said = page(client, path)
    assert "Refresh" not in client.get(path)
    assert f"would have stopped {found.judged} steps" in said
    assert "And 21 more." in said
    with organization_scope(shop.id):
        EthicsPolicy.objects.filter(pk=row.pk).update(prose="Another text.")
    assert client.get(path)["Refresh"] == "1", "another text is tried anew"


def test_a_version_that_cannot_be_read_says_so(shop: Organization, owner: Membership, client: Client) -> None:
    row = draft(shop, owner)
    with organization_scope(shop.id):
        EthicsPolicy.objects.filter(pk=row.pk).update(clauses={**row.clauses, "response_hours": 100_000})
    said = client.get(f"{POLICIES}{row.pk}/try/", follow=True)
    assert said.status_code == 200
    assert "Promise an answer within 1 to 336 hours." in said.content.decode()


# The team's page


def test_everybody_reads_the_rules_and_says_so_once(shop: Organization, owner: Membership) -> None:
    agent = in_shop(shop, Role.AGENT, "Ana")
    said = page(agent, "/rules/")
    assert "Please read them by" in said
    with organization_scope(shop.id):
        policy = EthicsPolicy.objects.get()
    for _time in (1, 2):
        assert "It is on record that you have read it." in page(agent, f"/rules/{policy.pk}/read/", {})
    with organization_scope(shop.id):
        assert Attestation.objects.filter(member__role=Role.AGENT).count() == 1
        policies.publish(policy=drafts.start_draft(member=owner), member=owner)
    said = page(agent, "/rules/")
    assert "since then only small things changed" in said
    assert "Newer rules are in force by now." in page(agent, f"/rules/{policy.pk}/read/", {})
    assert agent.post("/rules/99999/read/").status_code == 404
    assert agent.post(f"/rules/{policy.pk}/comment/", {"text": "x"}).status_code == 404


def test_without_rules_the_teams_page_says_so() -> None:
    shop = make_organization()
    assert "No rules are in force yet" in page(in_shop(shop, Role.AGENT), "/rules/")


def test_a_closed_round_takes_no_comment(shop: Organization, owner: Membership, client: Client) -> None:
    row = draft(shop, owner, upsell=True)
    with organization_scope(shop.id):
        rulings.propose(policy=row, member=owner)
        EthicsPolicy.objects.filter(pk=row.pk).update(round_closes_at=timezone.now())
    assert "The time for comments is over." in page(client, f"/rules/{row.pk}/comment/", {"text": "Late."})


# Exceptions


def test_an_exception_says_who_why_where_and_until_when_and_the_check_gives_way(
    shop: Organization, owner: Membership, client: Client
) -> None:
    with organization_scope(shop.id):
        ticket, customer = make_ticket(), make_customer()
        assert not ask(customer, ticket.pk, "legal").allowed
    path = POLICIES + "exceptions/"
    asked = {"check": "G08", "where": "ticket", "place": f"#{ticket.number}", "value": "care", "days": "2"}
    assert client.post(path, asked).status_code == 422, "without a reason"
    said = page(client, path, asked | {"why": "Only asks for the address of our lawyer."})
    assert "1 exception counts now." in said
    assert f"Ticket {ticket.number}" in said
    assert "Gives way: care for the person" in said
    with organization_scope(shop.id):
        row = Override.objects.get()
        assert row.subject_id == ticket.pk
        assert ask(customer, ticket.pk, "legal").allowed
        assert not ask(customer, ticket.pk + 1, "legal").allowed
    assert "The exception has ended." in page(client, f"{path}{row.pk}/end/", {})
    with organization_scope(shop.id):
        assert not ask(customer, ticket.pk, "legal").allowed


def test_no_exception_beyond_seven_days_from_firm_checks_or_for_other_peoples_tickets(
    shop: Organization, owner: Membership, client: Client
) -> None:
    path = POLICIES + "exceptions/"
    good = {"check": "G08", "where": "everywhere", "value": "care", "days": "7", "why": "x"}
    neighbour = make_organization()
    with organization_scope(neighbour.id):
        number = make_ticket().number
    for wrong in (
        {"days": "8"},
        {"check": "G16"},
        {"check": "G12"},
        {"value": "profit"},
        {"where": "ticket", "place": str(number)},
        {"where": "ticket", "place": "seven"},
        {"where": "topic", "place": ""},
        {"where": "everywhere", "place": "12"},
    ):
        assert client.post(path, good | wrong).status_code == 422, wrong
    auditor = in_shop(shop, Role.AUDITOR)
    assert auditor.get(path).status_code == 200
    auditor.post(path, good)
    assert auditor.post(f"{path}1/end/").status_code == 403
    assert client.post(f"{path}999/end/").status_code == 404
    with organization_scope(shop.id):
        assert not Override.objects.exists()


# Appointments


def test_one_page_renews_what_was_looked_at_all_or_nothing(
    shop: Organization, owner: Membership, client: Client
) -> None:
    today = timezone.localdate()
    with organization_scope(shop.id):
        risk = Risk.objects.create(title="A leak", review_due=today + timedelta(days=5))
        policy = EthicsPolicy.objects.get()
        EthicsPolicy.objects.filter(pk=policy.pk).update(review_due=today - timedelta(days=2))
    path = POLICIES + "appointments/"
    said = page(client, path)
    assert "are late." in said or "is late." in said
    assert f'value="policy:{policy.pk}" checked' in said
    refs = [f"policy:{policy.pk}", f"risk:{risk.pk}"]
    assert "This is not there any more." in page(
        client, path + "still-right/", {"ref": [*refs, "risk:99999"]}
    )
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.get().review_due == today - timedelta(days=2)
    assert "2 things were looked at" in page(client, path + "still-right/", {"ref": refs})
    with organization_scope(shop.id):
        assert {one.ref for one in clocks.due_within(30)}.isdisjoint(refs)
    assert "Nothing is ticked." in page(client, path + "still-right/", {})
    assert in_shop(shop, Role.AUDITOR).post(path + "still-right/", {"ref": refs}).status_code == 403
