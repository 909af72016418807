"""The registers on screen: what they do to the AI, their buttons, their history, their export."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from governance import exports, known_services
from governance.core.starter import starter
from governance.models import (
    AISystem,
    BiasAudit,
    EthicsPolicy,
    Finding,
    Incident,
    LedgerEntry,
    OutcomeFact,
    RegisterChange,
    Risk,
    Vendor,
)
from governance.services import systems, vendors
from governance.services.policies import adopt_starter, draft_from, publish
from governance.tests.factories import make_decision, make_incident, make_system, make_vendor, make_version
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
REGISTERS = ("risk", "biasaudit", "aisystem", "vendor", "incident", "finding")


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        member = make_member(Role.OWNER, name="Marta")
        adopt_starter(starter=starter(), member=member)
        return member


@pytest.fixture
def client(shop: Organization, owner: Membership) -> Client:
    return browser_of(shop, owner)


def url(name: str, pk: int | None = None, tail: str = "") -> str:
    middle = f"{pk}/{tail or 'change/'}" if pk else tail
    return f"/admin/governance/{name}/{middle}"


def body(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def said(answer: Any) -> str:
    """The newest message."""
    return [str(one) for one in answer.context["messages"]][-1]


# Every register


@pytest.mark.parametrize("name", REGISTERS)
def test_every_register_has_a_page_an_export_and_no_words_of_the_code(client: Client, name: str) -> None:
    page = re.sub(
        r"<script.*?</script>|<[^>]*>", " ", client.get(url(name)).content.decode(), flags=re.DOTALL
    )
    assert "Take it with you" in page
    for word in ("ledger", "provenance", "G0", "kill switch", "residual"):
        assert word not in page, word
    assert json.loads(body(client.get(url(name, tail="export.json")))) is not None
    assert body(client.get(url(name, tail="export.csv"))).startswith("id,")
    assert client.get(url(name, tail="export.xml")).status_code == 404
    assert body(client.get(url(name, tail="history.csv"))).startswith("id,object_ref")


@pytest.mark.parametrize("name", REGISTERS)
def test_another_organizations_entry_is_not_there(shop: Organization, client: Client, name: str) -> None:
    from governance.tests.factories import FACTORIES

    other = make_organization()
    with organization_scope(other.id):
        row = FACTORIES[f"governance.{name}"]()
    for tail in ("change/", "history/"):
        assert client.get(url(name, row.pk, tail)).status_code == 404
    assert client.post(url(name, row.pk, "step/approve/")).status_code == 404
    assert str(row.pk) not in [
        str(one["id"]) for one in json.loads(body(client.get(url(name, tail="export.json"))))
    ]


def test_an_auditor_reads_and_exports_and_presses_nothing(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        client, row = browser_of(shop, make_member(Role.AUDITOR)), make_vendor()
    assert client.get(url("vendor", row.pk)).status_code == 200
    assert client.get(url("vendor", tail="export.csv")).status_code == 200
    assert client.post(url("vendor", row.pk, "step/approve/")).status_code == 403
    assert client.post(url("biasaudit", tail="step/waiting/")).status_code == 403


def test_an_agent_sees_no_register(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        client = browser_of(shop, make_member(Role.AGENT))
    for name in REGISTERS:
        assert client.get(url(name, tail="export.csv")).status_code in {302, 403}


def test_lists_ask_as_often_for_many_rows_as_for_few(
    shop: Organization, client: Client, django_assert_max_num_queries: Any
) -> None:
    with organization_scope(shop.id):
        for at in range(12):
            make_incident(title=f"Incident {at}", is_serious=True, system=make_system())
            Finding.objects.create(title=f"Finding {at}", risk=Risk.objects.all()[at])
    for name in REGISTERS:
        client.get(url(name))
        with django_assert_max_num_queries(22):
            client.get(url(name))


def test_an_export_is_read_in_pieces_whatever_its_size(
    shop: Organization, owner: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PIECE", 7)
    with organization_scope(shop.id):
        RegisterChange.objects.bulk_create(
            RegisterChange(object_ref="risk:1", action="changed", title=f"={n}") for n in range(50)
        )
        expected = RegisterChange.objects.filter(object_ref__startswith="risk:").count()
    rows = list(csv.reader(io.StringIO(body(exports.history(shop.id, "risk", "csv")))))
    assert len(rows) == expected + 1
    assert len({row[0] for row in rows}) == expected + 1
    title = rows[0].index("title")
    assert any(row[title].startswith("'=") for row in rows), "a spreadsheet would run it"
    assert not any(row[title].startswith("=") for row in rows)
    again = json.loads(body(exports.history(shop.id, "risk", "json")))
    assert len(again) == expected


def test_who_changed_what_stands_beside_the_entry(shop: Organization, client: Client) -> None:
    with organization_scope(shop.id):
        risk = Risk.objects.get(key="jobs")
    form = client.get(url("risk", risk.pk)).context["adminform"].form
    data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
    client.post(url("risk", risk.pk), {**data, "likelihood_after": "1"})
    page = client.get(url("risk", risk.pk, "history/")).content.decode()
    assert "Marta" in page
    assert "<del>2</del> <ins>1</ins>" in page


# Risks


def test_the_map_shows_risks_with_words_and_numbers(client: Client) -> None:
    page = client.get(url("risk")).content.decode()
    assert "Where our risks are" in page
    assert "very large 25" in page
    assert "The AI says something that is not true" in page


def test_a_risk_above_the_limit_says_what_it_does(shop: Organization, client: Client) -> None:
    with organization_scope(shop.id):
        Risk.objects.create(
            title="Big",
            likelihood_after=5,
            impact_after=5,
            decide_by=timezone.localdate() - timedelta(days=1),
        )
    page = client.get(url("risk")).content.decode()
    assert "While nobody decides on “Big”, the AI does not draft." in page


def test_accepting_a_risk_needs_a_reason(shop: Organization, client: Client) -> None:
    data = {
        "title": "X",
        "likelihood_before": 3,
        "impact_before": 3,
        "likelihood_after": 2,
        "impact_after": 2,
    }
    answer = client.post(url("risk", tail="add/"), {**data, "strategy": "reduce", "status": "accepted"})
    assert "accepted_because" in answer.context["adminform"].form.errors


# Systems


def test_a_stage_is_reached_by_what_is_there_and_not_by_a_tick(shop: Organization, client: Client) -> None:
    with organization_scope(shop.id):
        row = make_system(stage="plan")
    answer = client.post(url("aisystem", row.pk, "step/on/"), follow=True)
    assert said(answer) == "Something is missing: The card says what it is for."
    with organization_scope(shop.id):
        AISystem.objects.filter(pk=row.pk).update(
            purpose="Drafts",
            limits="No law",
            data="Articles",
            known_failures="Wrong sometimes",
            accountable=Membership.objects.first(),
        )
    client.post(url("aisystem", row.pk, "step/on/"))
    answer = client.post(url("aisystem", row.pk, "step/on/"), follow=True)
    assert said(answer) == "Something is missing: A version is registered."
    with organization_scope(shop.id):
        make_version(system=row)
        assert AISystem.objects.get(pk=row.pk).stage == "build"
    answer = client.post(url("aisystem", row.pk, "step/on/"), follow=True)
    assert said(answer) == "Something is missing: The AI service behind it is approved."
    with organization_scope(shop.id):
        make_vendor(
            provider=row.provider,
            region="eu",
            state="approved",
            approved_at=timezone.now(),
            expires_on=timezone.localdate(),
        )
    client.post(url("aisystem", row.pk, "step/on/"))
    answer = client.post(url("aisystem", row.pk, "step/on/"), follow=True)
    assert said(answer) == "Something is missing: A version passed its tests and is approved."
    with organization_scope(shop.id):
        assert AISystem.objects.get(pk=row.pk).stage == "pilot"


def test_a_version_is_used_with_one_click_once_it_passed(
    shop: Organization, owner: Membership, client: Client
) -> None:
    with organization_scope(shop.id):
        row = make_system(purpose="Drafts", limits="No law", known_failures="Sometimes")
        version = make_version(system=row)
    answer = client.post(url("aisystem", row.pk, f"step/use-{version.pk}/"), follow=True)
    assert said(answer).startswith("This version has not passed its tests.")
    with organization_scope(shop.id):
        systems.note_results(version=version, results={"passed": True, "pairs": {"verdict": "pass", "n": 60}})
    page = client.get(url("aisystem", row.pk)).content.decode()
    assert "60 pairs" in page
    client.post(url("aisystem", row.pk, f"step/use-{version.pk}/"))
    with organization_scope(shop.id):
        version.refresh_from_db()
        assert (version.state, version.approved_by) == ("approved", owner)
        assert BiasAudit.objects.filter(system=f"{row.provider}/large", key="pairs").exists()
    assert client.post(url("aisystem", row.pk, "step/use-999999/")).status_code == 404
    assert client.post(url("aisystem", row.pk, "step/use-x/")).status_code == 404


def test_an_unapproved_system_says_that_it_is_not_called(shop: Organization, client: Client) -> None:
    with organization_scope(shop.id):
        make_system(name="Cloud")
    assert (
        "Cloud is not called: none of its versions is approved."
        in client.get(url("aisystem")).content.decode()
    )


# AI services


def test_a_known_service_is_filled_in_and_the_owner_confirms_five_facts(
    shop: Organization, client: Client
) -> None:
    page = client.get(url("vendor", tail="add/")).content.decode()
    assert "It does not train on what we send." in page
    data = {
        "name": "Mistral",
        "provider": "api.mistral.ai",
        "region": "eu",
        "contract": "Drawer 3",
        "companies": "Cloud Co, hosting, EU\n\n",
    }
    facts = {f"fact_{name}": "yes" for name in vendors.FACTS}
    client.post(url("vendor", tail="add/"), {**data, **facts, "fact_region": "unknown"})
    with organization_scope(shop.id):
        row = Vendor.objects.get()
        assert row.answers[0]["source"].startswith("https://")
        assert {one["date"] for one in row.answers} == {""}, "nobody read their pages: no day is made up"
        assert row.facts["region"]["answer"] == "unknown"
        assert row.sub_processors == [{"name": "Cloud Co", "purpose": "hosting", "region": "EU"}]
    assert client.get(url("vendor", row.pk)).content.decode().count("<b>not yet</b>") == 5
    answer = client.post(url("vendor", row.pk, "step/approve/"), follow=True)
    assert said(answer).startswith("This is not certain yet: We know where it works")
    client.post(url("vendor", row.pk), {**data, **facts})
    answer = client.post(url("vendor", row.pk, "step/approve/"), follow=True)
    assert said(answer).startswith("It may be called for a year")
    assert "Mistral may be called until" in client.get(url("vendor", row.pk)).content.decode()
    client.post(url("vendor", row.pk, "step/end/"))
    with organization_scope(shop.id):
        assert Vendor.objects.get().state == "ended"


def test_what_was_read_says_when_and_what_was_not_says_not_yet(shop: Organization, client: Client) -> None:
    """Also where an older release kept a day that nobody can vouch for."""
    old = [{"fact": "contract", "answer": "Signed.", "source": "https://openai.com", "date": "2025-06-01"}]
    with organization_scope(shop.id):
        row = make_vendor(name="OpenAI", provider="eu.api.openai.com", answers=old)
        other = make_vendor(name="Small", provider="ai.example", answers=old)
    page = client.get(url("vendor", row.pk)).content.decode()
    assert page.count("24 Nov 2026") == 4
    assert page.count("<b>not yet</b>") == 1
    assert "1 Jun 2025" not in page
    assert "1 Jun 2025" in client.get(url("vendor", other.pk)).content.decode()


@pytest.mark.parametrize("one", known_services.SERVICES, ids=lambda one: one.host)
def test_a_known_service_says_something_on_each_fact_with_its_source(one: known_services.Known) -> None:
    assert [said.fact for said in one.answers] == list(vendors.FACTS)
    for answer in one.answers:
        assert answer.source.startswith("https://")
        assert not answer.answer.startswith("They say" if not answer.read else "Others"), answer


# Incidents


def incident_data(**values: Any) -> dict[str, Any]:
    now = timezone.localtime()
    return {
        "title": "Wrong return address",
        "kind": "wrong",
        "severity": "3",
        "state": "open",
        "noticed_at_0": now.strftime("%Y-%m-%d"),
        "noticed_at_1": now.strftime("%H:%M:%S"),
        **values,
    }


def test_a_leak_starts_the_clock_and_closes_only_with_report_and_review(
    shop: Organization, client: Client
) -> None:
    answer = client.post(
        url("incident", tail="add/"), incident_data(kind="leak", is_serious="on", topic="returns")
    )
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    with organization_scope(shop.id):
        row = Incident.objects.get()
        assert row.report_due_at is not None
        assert row.report_due_at - row.noticed_at == timedelta(hours=72)
        assert LedgerEntry.objects.filter(event="incident_created").exists()
    page = client.get(url("incident")).content.decode()
    assert "is open, the AI does not draft on: returns." in page
    data = incident_data(kind="leak", is_serious="on", state="closed")
    assert "Nobody has written down what was learned." in said(
        client.post(url("incident", row.pk), data, follow=True)
    )
    data["review"] = "The address list was old."
    assert "It is not said whether this was reported." in said(
        client.post(url("incident", row.pk), data, follow=True)
    )
    client.post(url("incident", row.pk, "step/reported/"))
    with organization_scope(shop.id):
        at = timezone.localtime(Incident.objects.get().reported_at)
    data |= {"reported_at_0": at.strftime("%Y-%m-%d"), "reported_at_1": at.strftime("%H:%M:%S")}
    client.post(url("incident", row.pk), data)
    with organization_scope(shop.id):
        row.refresh_from_db()
        assert (row.state, row.reviewed_by is not None) == ("closed", True)


def test_those_concerned_are_found_by_the_record_of_decisions(shop: Organization, client: Client) -> None:
    with organization_scope(shop.id):
        system = make_system(provider="cloud")
        hit, other = make_customer(), make_customer()
        for ticket, customer, name in (
            (7, hit, "cloud/large"),
            (8, hit, "cloud/large"),
            (9, other, "built-in/1"),
        ):
            make_decision(
                action="send", system=name, customer=customer, request={"subject": f"ticket:{ticket}"}
            )
        row = make_incident(system=system)
    answer = client.post(url("incident", row.pk, "step/affected/"), follow=True)
    assert said(answer) == "1 customer is concerned."
    with organization_scope(shop.id):
        row.refresh_from_db()
        assert row.affected == ["ticket:7", "ticket:8"]
    answer = client.post(url("incident", row.pk, "step/apologies/"), follow=True)
    assert said(answer).startswith("There is no apology yet.")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"noticed_at_0": "2999-01-01"}, "noticed_at"),
        ({"happened_at_0": "2999-01-01", "happened_at_1": "10:00:00"}, "noticed_at"),
        ({"is_published": "on"}, "public_text"),
        ({"severity": "9"}, "severity"),
        ({"title": ""}, "title"),
    ],
)
def test_an_incident_that_cannot_be_is_said_beside_its_field(
    client: Client, values: dict[str, str], field: str
) -> None:
    answer = client.post(url("incident", tail="add/"), incident_data(**values))
    assert field in answer.context["adminform"].form.errors


# Fairness


def test_the_waiting_check_runs_from_its_button_and_its_failure_opens_a_finding(
    shop: Organization, client: Client
) -> None:
    with organization_scope(shop.id):
        for no, seconds in ((True, 40_000), (False, 7_200)):
            OutcomeFact.objects.bulk_create(
                OutcomeFact(
                    subject_id=n, event="first_reply", value=seconds + n, groups={"said_no_to_ai": no}
                )
                for n in range(120)
            )
    answer = client.post(url("biasaudit", tail="step/waiting/"), follow=True)
    assert said(answer) == "Done: Not treated alike"
    with organization_scope(shop.id):
        audit, finding = BiasAudit.objects.get(key="waiting"), Finding.objects.get(source="audit")
        assert (audit.verdict, finding.audit) == ("fail", audit)
    page = client.get(url("biasaudit")).content.decode()
    assert "is not settled, the AI does not draft." in page
    page = client.get(url("biasaudit", audit.pk)).content.decode()
    assert "Customers who said no to AI wait 11 hours for an answer, the others 2 hours." in page
    decided = {
        "title": finding.title,
        "decision": "mend",
        "decision_text": "More people on it",
        "mitigation": "A second shift",
        "state": "decided",
    }
    client.post(url("finding", finding.pk), decided)
    with organization_scope(shop.id):
        audit.refresh_from_db()
        assert (audit.decision, audit.decision_until is not None) == ("mend", True)
    closing = {**decided, "state": "closed"}
    assert "Nobody has said what the check means." in said(
        client.post(url("finding", finding.pk), closing, follow=True)
    )
    with organization_scope(shop.id):
        BiasAudit.objects.filter(pk=audit.pk).update(interpretation="The night shift was empty.")
    assert "not checked again" in said(client.post(url("finding", finding.pk), closing, follow=True))
    with organization_scope(shop.id):
        OutcomeFact.objects.all().delete()
    client.post(url("biasaudit", tail="step/waiting/"))
    client.post(url("finding", finding.pk), closing)
    with organization_scope(shop.id):
        finding.refresh_from_db()
        assert finding.state == "closed"


def test_too_few_tickets_come_with_their_decision_and_are_not_green(
    shop: Organization, client: Client
) -> None:
    client.post(url("biasaudit", tail="step/waiting/"))
    with organization_scope(shop.id):
        audit = BiasAudit.objects.get(key="waiting")
        assert (audit.verdict, audit.decision) == ("insufficient", "accept")
        assert audit.decision_until == timezone.localdate() + timedelta(days=365)
        assert not Finding.objects.exists()
    page = client.get(url("biasaudit", audit.pk)).content.decode()
    assert "it stops nothing" in page


def test_nobody_reads_the_check_of_their_own_change_at_once(
    shop: Organization, owner: Membership, client: Client
) -> None:
    with organization_scope(shop.id):
        publish(policy=draft_from(policy=EthicsPolicy.objects.get(), member=owner), member=owner)
        audit = BiasAudit.objects.create(title="By hand", verdict="pass", sample_size=400)
    data = {"title": "By hand", "sample_size": "400", "verdict": "pass", "interpretation": "All is well"}
    answer = client.post(url("biasaudit", audit.pk), data, follow=True)
    assert "less than a day ago" in said(answer)
    with organization_scope(shop.id):
        other = browser_of(shop, make_member(Role.OFFICER))
    other.post(url("biasaudit", audit.pk), data)
    with organization_scope(shop.id):
        audit.refresh_from_db()
        assert audit.interpretation == "All is well"
        assert audit.interpreted_by != owner


def test_what_was_measured_cannot_be_deleted_to_let_an_older_result_count(
    shop: Organization, client: Client
) -> None:
    with organization_scope(shop.id):
        measured = BiasAudit.objects.get(kind="pairs")
        by_hand = BiasAudit.objects.create(title="By hand", sample_size=3)
    assert client.post(url("biasaudit", measured.pk, "delete/"), {"post": "yes"}).status_code == 403
    assert client.post(url("biasaudit", by_hand.pk, "delete/"), {"post": "yes"}).status_code == 302
    with organization_scope(shop.id):
        assert [one.pk for one in BiasAudit.objects.all()] == [measured.pk]


def test_the_built_in_assistants_card_shows_its_check(shop: Organization, client: Client) -> None:
    with organization_scope(shop.id):
        row = AISystem.objects.get(provider="built-in")
    page = client.get(url("aisystem", row.pk)).content.decode()
    assert "288 pairs" in page
    assert "Its tests passed" in page
