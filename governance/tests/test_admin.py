"""The owner's pages: first rules, drafts, publishing, registers, the record, the stop, the home."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from governance.core.clauses import Clauses
from governance.core.starter import STARTERS, starter
from governance.core.topics import HUMAN_ONLY_TOPICS
from governance.models import AIStop, BiasAudit, DataRequest, EthicsPolicy, LedgerEntry, OutcomeFact, Risk
from governance.services import drafts
from governance.services.policies import adopt_starter, draft_from
from governance.services.stops import stop_ai
from governance.tests.factories import make_decision, make_request
from helpdesk.errors import Conflict
from helpdesk.people.models import Customer, Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
POLICIES = "/admin/governance/ethicspolicy/"


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        return make_member(Role.OWNER, name="Marta")


@pytest.fixture
def client(shop: Organization, owner: Membership) -> Client:
    return browser_of(shop, owner)


def adopted(shop: Organization, member: Membership) -> EthicsPolicy:
    with organization_scope(shop.id):
        return adopt_starter(starter=starter(), member=member)


def started(shop: Organization, member: Membership) -> EthicsPolicy:
    with organization_scope(shop.id):
        return drafts.start_draft(member=member)


def form_of(client: Client, path: str) -> dict[str, Any]:
    """What a browser would post from the form as it stands."""
    form = client.get(path).context["adminform"].form
    data = {}
    for bound in form:
        value = bound.value()
        if value is True:
            data[bound.html_name] = "on"
        elif value not in (None, False):
            data[bound.html_name] = value
    return data


# First rules


def test_a_fresh_organization_adopts_rules_from_one_page(shop: Organization, client: Client) -> None:
    assert "/admin/governance/ethicspolicy/starter/" in client.get("/admin/").content.decode()
    assert "Read and adopt the starter rules" in client.get(POLICIES).content.decode()
    page = client.get(POLICIES + "starter/").content.decode()
    for said in (shop.name, "A person answers you.", "Only people answer about", "Adopt these rules"):
        assert said in page, said
    assert page.count('<button class="hd-button primary"') == 1
    done = client.post(POLICIES + "starter/", {"starter": "boutique"})
    assert done["Location"] == "/admin/"
    with organization_scope(shop.id):
        policy = EthicsPolicy.objects.get()
        assert (policy.status, policy.version) == ("published", 1)
        assert policy.clauses == STARTERS["boutique"].clauses.to_dict()
    client.post(POLICIES + "starter/", {"starter": "airline"})
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.count() == 1, "a second click adopts nothing"


def test_an_auditor_reads_the_starter_page_and_adopts_nothing(shop: Organization) -> None:
    with organization_scope(shop.id):
        auditor = make_member(Role.AUDITOR)
    client = browser_of(shop, auditor)
    assert client.get(POLICIES + "starter/").status_code == 200
    for path in (POLICIES + "starter/", POLICIES + "new-version/"):
        assert client.post(path).status_code == 403
    with organization_scope(shop.id):
        assert not EthicsPolicy.objects.exists()
    assert client.get(POLICIES + "starter/?starter=nonsense").status_code == 404


# Drafts


def test_a_form_saved_untouched_changes_no_rule(
    shop: Organization, owner: Membership, client: Client
) -> None:
    adopted(shop, owner)
    draft = started(shop, owner)
    path = f"{POLICIES}{draft.pk}/change/"
    assert "_addanother" not in client.get(path).content.decode()
    done = client.post(path, form_of(client, path))
    assert done.status_code == 302, done.context["adminform"].errors
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.get(pk=draft.pk).clauses == starter().clauses.to_dict()


def test_rules_are_edited_published_and_compared(
    shop: Organization, owner: Membership, client: Client
) -> None:
    first = adopted(shop, owner)
    draft = started(shop, owner)
    path = f"{POLICIES}{draft.pk}/change/"
    data = form_of(client, path) | {
        "basis": "ask_first",
        "human_only_topics": list(HUMAN_ONLY_TOPICS),
        "own_topics": "Wholesale, custom order",
        "response_hours": "48",
        "monthly_money": "12.50",
        "daily_money": "",
        "prose": "We ask first.",
        "_publish": "1",
    }
    page = client.post(path, data, follow=True).content.decode()
    assert "Version 2 is in force from now on." in page
    assert "only after the customer said yes" in page
    assert re.search(r"<ins>We ask first.</ins>", page)
    with organization_scope(shop.id):
        second, first = EthicsPolicy.objects.get(pk=draft.pk), EthicsPolicy.objects.get(pk=first.pk)
        clauses = Clauses.from_dict(second.clauses)
        assert (second.status, first.status) == ("published", "replaced")
        assert second.approver == owner
        assert clauses.human_only_topics == (*HUMAN_ONLY_TOPICS, "wholesale", "custom_order")
        assert (clauses.response_hours, clauses.budget.monthly_micro, clauses.budget.daily_micro) == (
            48,
            12_500_000,
            None,
        )
        assert LedgerEntry.objects.filter(event="policy_published", object_ref=f"policy:{second.pk}").exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("disclosure_de", "Geschrieben von {name}.", "The sentence must say that AI helped"),
        ("disclosure_en", "Written with AI.", "Put {name} in the sentence exactly once"),
        ("daily_drafts", "-1", "A limit cannot be below zero"),
        ("daily_drafts", "999999", "cannot be more than those for the month"),
        ("ai_log_days", "5", "for 90 to 1095 days"),
        ("response_hours", "1000", "within 1 to 336 hours"),
        ("value_1", "speed", "each once"),
        ("own_topics", "x", "A topic is a short name"),
        ("languages", [], "Choose at least one language"),
        ("currency", "euro", "at most 3 characters"),
    ],
)
def test_a_rule_that_cannot_be_is_said_beside_its_field(
    shop: Organization, client: Client, field: str, value: Any, said: str
) -> None:
    with organization_scope(shop.id):
        owner = Membership.objects.get()
    adopted(shop, owner)
    draft = started(shop, owner)
    path = f"{POLICIES}{draft.pk}/change/"
    answer = client.post(path, form_of(client, path) | {field: value, "_publish": "1"})
    assert answer.status_code == 200
    assert said in " ".join(answer.context["adminform"].form.errors.get(field, []))
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.get(pk=draft.pk).status == "draft"


def test_no_check_that_must_stop_can_be_softened(
    shop: Organization, owner: Membership, client: Client
) -> None:
    adopted(shop, owner)
    draft = started(shop, owner)
    path = f"{POLICIES}{draft.pk}/change/"
    for code in ("G01", "G06", "G07", "G13", "G16", "G18"):
        answer = client.post(path, form_of(client, path) | {"warn_only": [code], "_publish": "1"})
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors["warn_only"]


def test_published_rules_are_read_only(shop: Organization, owner: Membership, client: Client) -> None:
    policy = adopted(shop, owner)
    path = f"{POLICIES}{policy.pk}/change/"
    page = client.get(path).content.decode()
    assert 'name="prose"' not in page
    assert "_save" not in page
    said = client.post(path, {"title": "Mine now"}, follow=True).content.decode()
    assert "it can no longer be changed" in said
    assert client.post(f"{POLICIES}{policy.pk}/delete/", {"post": "yes"}).status_code == 403
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.get().title == policy.title


def test_two_officers_publish_at_once(shop: Organization, owner: Membership, client: Client) -> None:
    adopted(shop, owner)
    mine, hers = started(shop, owner), started(shop, owner)
    with organization_scope(shop.id):
        officer = make_member(Role.OFFICER, name="Olu")
    theirs = browser_of(shop, officer)
    my_path, her_path = (f"{POLICIES}{one.pk}/change/" for one in (mine, hers))
    my_form = form_of(client, my_path) | {"response_hours": "72", "_publish": "1"}
    theirs.post(her_path, form_of(theirs, her_path) | {"_publish": "1"})
    said = client.post(my_path, my_form, follow=True).content.decode()
    assert "Olu published version 3 while you were writing; your draft is saved." in said
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.get(status="published").pk == hers.pk
        assert EthicsPolicy.objects.get(pk=mine.pk).clauses["response_hours"] == 72
    client.post(my_path, form_of(client, my_path) | {"_publish": "1"})
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.get(status="published").pk == mine.pk


def test_the_same_draft_is_published_once(shop: Organization, owner: Membership, client: Client) -> None:
    adopted(shop, owner)
    draft = started(shop, owner)
    path = f"{POLICIES}{draft.pk}/change/"
    data = form_of(client, path) | {"_publish": "1"}
    client.post(path, data)
    said = client.post(path, data | {"title": "Later"}, follow=True).content.decode()
    assert "Marta published version 2 already" in said
    with organization_scope(shop.id):
        with pytest.raises(Conflict):
            drafts.save_draft(policy=draft, member=owner)
        with pytest.raises(Conflict):
            drafts.discard_draft(policy=draft, member=owner)
        with pytest.raises(Conflict):
            drafts.publish_draft(policy=draft, member=owner, seen_version=2)


def test_a_draft_can_be_thrown_away(shop: Organization, owner: Membership, client: Client) -> None:
    adopted(shop, owner)
    assert client.post(POLICIES + "new-version/").status_code == 302
    with organization_scope(shop.id):
        draft = EthicsPolicy.objects.get(status="draft")
    assert client.post(f"{POLICIES}{draft.pk}/delete/", {"post": "yes"}).status_code == 302
    with organization_scope(shop.id):
        assert not EthicsPolicy.objects.filter(status="draft").exists()


# Registers


def test_risks_and_checks_are_filled_by_hand_and_their_history_kept(
    shop: Organization, owner: Membership, client: Client
) -> None:
    path = "/admin/governance/risk/add/"
    data = form_of(client, path) | {
        "title": "The AI invents a return policy",
        "likelihood_before": "4",
        "impact_before": "4",
    }
    assert client.post(path, data).status_code == 302
    assert client.post(path, data | {"impact_after": "9"}).status_code == 200
    assert "very large (4×4)" in client.get("/admin/governance/risk/").content.decode()
    with organization_scope(shop.id):
        risk = Risk.objects.get()
    changed = f"/admin/governance/risk/{risk.pk}/change/"
    client.post(changed, form_of(client, changed) | {"treatment": "Sources are required"})
    audit = "/admin/governance/biasaudit/add/"
    filled = form_of(client, audit) | {"title": "Do those who said no wait longer?", "verdict": "pass"}
    assert client.post(audit, filled).context["adminform"].form.errors["sample_size"]
    client.post(audit, filled | {"sample_size": "400", "interpretation": "They do not."})
    with organization_scope(shop.id):
        assert BiasAudit.objects.get().interpreted_by == owner
        events = list(LedgerEntry.objects.order_by("seq").values_list("event", flat=True))
        assert events == ["risk_created", "risk_changed", "audit_created"]
        assert LogEntry.objects.count() == 3
    assert (
        "what we do about it"
        in client.get(f"/admin/governance/risk/{risk.pk}/history/").content.decode().lower()
    )


def test_data_requests_are_answered_once_and_lateness_is_a_word(shop: Organization, client: Client) -> None:
    with organization_scope(shop.id):
        late = make_request()
        DataRequest.objects.update(kind="correct", due_at=timezone.now() - timedelta(days=3))
    assert "3 days late" in client.get("/admin/governance/datarequest/").content.decode()
    path = f"/admin/governance/datarequest/{late.pk}/change/"
    assert client.post(path, {"outcome": "denied", "answer": " "}).context["adminform"].form.errors["answer"]
    client.post(path, {"outcome": "fulfilled", "answer": "Corrected today."})
    with organization_scope(shop.id):
        closed = DataRequest.objects.get()
        assert (closed.status, closed.answer) == ("fulfilled", "Corrected today.")
        assert closed.closed_by is not None
        assert LedgerEntry.objects.filter(event="request_fulfilled").count() == 1
    assert client.post(path, {"outcome": "denied", "answer": "No."}).status_code == 403


def test_done_on_a_deletion_deletes_and_says_so_before_and_after(shop: Organization, client: Client) -> None:
    with organization_scope(shop.id):
        asked = make_request()
        Customer.objects.update(name="Ana Quillfeather")
    path = f"/admin/governance/datarequest/{asked.pk}/change/"
    before = client.get(path).content.decode()
    assert "Done: delete everything of this customer now" in before
    assert "Nobody can bring them back" in before
    unsure = client.post(path, {"outcome": "fulfilled", "answer": ""})
    assert "Nothing was deleted" in str(unsure.context["adminform"].form.errors["sure"])
    with organization_scope(shop.id):
        assert Customer.objects.get().name == "Ana Quillfeather"
    after = client.post(
        path, {"outcome": "fulfilled", "answer": "", "sure": "on"}, follow=True
    ).content.decode()
    assert "data is deleted" in after
    assert "e-mail addresses: 1" in after
    assert "Quillfeather" not in after
    with organization_scope(shop.id):
        assert Customer.objects.get().is_erased
        assert not Customer.objects.get().addresses.exists()
        assert DataRequest.objects.get().status == "fulfilled"
        assert not LogEntry.objects.filter(object_repr__contains="Quillfeather").exists()
        assert LedgerEntry.objects.filter(event="request_fulfilled").count() == 1
    assert client.post(path, {"outcome": "denied", "answer": "No."}).status_code == 403


def test_refusing_a_deletion_deletes_nothing_and_other_requests_know_no_deletion(
    shop: Organization, client: Client
) -> None:
    with organization_scope(shop.id):
        asked, other = make_request(), make_request()
        DataRequest.objects.filter(pk=other.pk).update(kind="restrict")
    page = client.get(f"/admin/governance/datarequest/{other.pk}/change/").content.decode()
    assert "the customer has what was asked for" in page
    assert "delete" not in page.split('name="outcome"')[1].split("</form>")[0].lower()
    refusal = {"outcome": "denied", "answer": "We must keep the invoice.", "sure": "on"}
    client.post(f"/admin/governance/datarequest/{asked.pk}/change/", refusal)
    with organization_scope(shop.id):
        assert DataRequest.objects.get(pk=asked.pk).answer == "We must keep the invoice."
        assert not Customer.objects.exclude(erased_at=None).exists()


def test_the_record_is_checked_from_the_list(shop: Organization, client: Client) -> None:
    with organization_scope(shop.id):
        make_decision()
    said = client.post("/admin/governance/ledgerentry/check/", follow=True).content.decode()
    assert "1 entries read: each is as it was" in said
    assert client.get("/admin/governance/ledgerentry/check/").status_code == 405


def test_the_ai_is_stopped_and_started_from_home(shop: Organization, client: Client) -> None:
    page = client.get("/admin/").content.decode()
    assert "Stop the AI" in page
    for _ in range(2):
        client.post("/admin/governance/aistop/stop/", {"reason": "Odd drafts"})
    with organization_scope(shop.id):
        assert AIStop.objects.filter(lifted_at=None).count() == 1
    page = client.get("/admin/").content.decode()
    assert "AI is stopped" in page
    assert "Odd drafts" in page
    client.post("/admin/governance/aistop/start/")
    with organization_scope(shop.id):
        assert not AIStop.objects.filter(lifted_at=None).exists()
        one = stop_ai(scope="topic", topic="health", member=Membership.objects.get())
    page = client.get(f"/admin/governance/aistop/{one.pk}/change/").content.decode()
    assert f"/admin/governance/aistop/{one.pk}/start/" in page
    client.post(f"/admin/governance/aistop/{one.pk}/start/")
    with organization_scope(shop.id):
        assert not AIStop.objects.filter(lifted_at=None).exists()


def test_an_auditor_stops_and_starts_nothing(shop: Organization) -> None:
    with organization_scope(shop.id):
        client, stop = browser_of(shop, make_member(Role.AUDITOR)), AIStop.objects.filter(pk=None)
        one = stop_ai(scope="organization", member=make_member(Role.OWNER))
    for path in ("stop/", "start/", f"{one.pk}/start/"):
        assert client.post(f"/admin/governance/aistop/{path}").status_code == (
            302 if path == "stop/" else 403
        )
    with organization_scope(shop.id):
        assert not stop.exists()
        assert AIStop.objects.get().lifted_at is None


# Home


def states(client: Client) -> list[str]:
    return [line.state for line in client.get("/admin/").context["lines"]]


def test_home_of_a_fresh_organization_waits_for_rules(client: Client) -> None:
    answer = client.get("/admin/")
    assert states(client) == ["waiting", "working", "little", "little", "waiting"]
    assert [one.step for one in answer.context["todo"]] == ["Read and adopt the starter rules"]
    page = answer.content.decode()
    for said in (
        "Customers are told.",
        "Data is private.",
        "People are treated alike.",
        "A person decides.",
        "Someone answers for it.",
    ):
        assert said in page


PASSED = [
    {
        "code": code,
        "outcome": "passed",
        "reason": {"text": "ok", "values": {}},
        "next_step": None,
        "firm": False,
        "detail": "",
    }
    for code in ("G16", "G18")
]
STOPPED = [
    {
        **PASSED[0],
        "code": "G07",
        "outcome": "stopped",
        "reason": {"text": "The customer wants a person.", "values": {}},
    }
]


def test_home_counts_what_was_sent_and_says_what_was_stopped(
    shop: Organization, owner: Membership, client: Client
) -> None:
    adopted(shop, owner)
    with organization_scope(shop.id):
        make_decision(action="send", reasons=PASSED)
        for _ in range(2):
            make_decision(action="draft", allowed=False, reasons=STOPPED)
        BiasAudit.objects.create(title="Waiting", verdict="pass", sample_size=400)
    assert states(client) == ["working"] * 5
    page = client.get("/admin/")
    assert page.context["stopped"][0]["reason"] == "The customer wants a person."
    assert page.context["stopped"][0]["times"] == 2
    assert page.context["totals"] == {"drafts": 0, "sent": 1, "stops": 2}
    assert page.context["todo"] == []


def test_home_fails_loudly(shop: Organization, owner: Membership, client: Client) -> None:
    policy = adopted(shop, owner)
    with organization_scope(shop.id):
        make_decision(action="send", reasons=PASSED[:1])
        make_decision(action="send", reasons=PASSED[1:])
        DataRequest.objects.filter(pk=make_request().pk).update(due_at=timezone.now() - timedelta(days=1))
        BiasAudit.objects.create(title="Waiting", verdict="fail", sample_size=400)
        Risk.objects.create(title="Old", review_due=timezone.localdate() - timedelta(days=1))
        assert policy.review_due is not None
    assert states(client) == ["failing", "failing", "failing", "failing", "waiting"]
    assert len(client.get("/admin/").context["todo"]) == 3


def test_home_sees_that_those_who_said_no_wait_longer(shop: Organization, client: Client) -> None:
    with organization_scope(shop.id):
        for no, seconds in ((True, 7_200 * 2), (False, 7_200)):
            OutcomeFact.objects.bulk_create(
                OutcomeFact(subject_id=n, event="first_reply", value=seconds, groups={"said_no_to_ai": no})
                for n in range(30)
            )
    line = client.get("/admin/").context["lines"][2]
    assert line.state == "failing"
    assert "wait 4 hours for an answer, the others 2 hours" in line.because


def test_home_asks_as_often_for_many_rows_as_for_few(
    shop: Organization, owner: Membership, client: Client, django_assert_max_num_queries: Any
) -> None:
    adopted(shop, owner)
    with organization_scope(shop.id):
        for _ in range(20):
            make_decision(allowed=False, reasons=STOPPED)
    client.get("/admin/")
    # session, user, member, host; nine facts; stops twice; the week's stops and figures; what the assistant did; scope
    with django_assert_max_num_queries(28):
        client.get("/admin/")


def test_words_of_the_house(shop: Organization, owner: Membership, client: Client) -> None:
    """Words for code and auditors are on no screen but theirs."""
    adopted(shop, owner)
    with organization_scope(shop.id):
        draft = draft_from(policy=EthicsPolicy.objects.get(), member=owner)
    for path in (
        "/admin/",
        POLICIES,
        f"{POLICIES}{draft.pk}/change/",
        POLICIES + "starter/",
        "/admin/governance/risk/add/",
    ):
        page = re.sub(r"<script.*?</script>|<[^>]*>", " ", client.get(path).content.decode(), flags=re.DOTALL)
        found = re.findall(
            r"\b(gate|kill switch|clause|ledger|AIDecision|verbatim|residual)\b|\bG\d\d\b",
            page,
            re.IGNORECASE,
        )
        assert not found, (path, found)


def test_two_who_write_in_one_draft_do_not_overwrite_each_other(
    shop: Organization, owner: Membership, client: Client
) -> None:
    adopted(shop, owner)
    draft = started(shop, owner)
    with organization_scope(shop.id):
        theirs = browser_of(shop, make_member(Role.OFFICER, name="Olu"))
    path = f"{POLICIES}{draft.pk}/change/"
    mine = form_of(client, path)
    theirs.post(path, form_of(theirs, path) | {"response_hours": "12"})
    said = client.post(path, mine | {"response_hours": "72"}, follow=True).content.decode()
    assert "Somebody else changed this version while you were writing; nothing was overwritten." in said
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.get(pk=draft.pk).clauses["response_hours"] == 12


def test_every_rule_has_a_field_its_words_and_its_limits(
    shop: Organization, owner: Membership, client: Client
) -> None:
    adopted(shop, owner)
    draft = started(shop, owner)
    path = f"{POLICIES}{draft.pk}/change/"
    form = client.get(path).context["adminform"].form
    asked = {part.clause for part in form.asked}
    assert asked == set(Clauses().to_dict())
    assert all("As saved:" in form.fields[part.names()[0]].help_text for part in form.asked)
    wrong = {
        "goodwill_micro": "20000",
        "risk_appetite": "25",
        "audit_days": "1000",
        "retention_days": "1",
        "round_days": "0",
        "review_days": "9999",
    }
    for name, value in wrong.items():
        said = client.post(path, form_of(client, path) | {name: value})
        assert said.status_code == 200, name
        assert name in said.context["adminform"].form.errors, name
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.get(pk=draft.pk).clauses == starter().clauses.to_dict()
    rules = {"goodwill_micro": "12.50", "regions": ["here"], "second_look_topics": "Refunds, custom order"}
    client.post(path, form_of(client, path) | rules)
    with organization_scope(shop.id):
        clauses = Clauses.from_dict(EthicsPolicy.objects.get(pk=draft.pk).clauses)
    assert (clauses.goodwill_micro, clauses.regions) == (12_500_000, ("here",))
    assert clauses.second_look_topics == ("refunds", "custom_order")
