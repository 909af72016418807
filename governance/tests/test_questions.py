"""Setting the rules by answering questions: prefilled, left, gone on with, published; and what goes wrong on the way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from governance.core.clause_checks import require_valid
from governance.core.clauses import Basis, Clauses
from governance.core.kinds import KINDS
from governance.core.prose import write
from governance.core.questions import HOW_MANY, MOST_QUESTIONS, PAGES
from governance.core.starter import starter
from governance.models import EthicsPolicy
from governance.services import drafts, policies, questions
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.kinds import Kind
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
BEGIN = "/admin/governance/ethicspolicy/questions/"


@pytest.fixture
def shop() -> Organization:
    return make_organization(name="Marta's Frames")


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        return make_member(Role.OWNER, name="Marta")


@pytest.fixture
def client(shop: Organization, owner: Membership) -> Client:
    return browser_of(shop, owner)


def begun(client: Client, kind: str = "shop") -> str:
    """Where the first page of a new draft is."""
    return str(client.post(BEGIN, {"kind": kind})["Location"])


def said(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """What a browser would post from a page of questions."""
    data = {}
    for bound in client.get(url).context["form"]:
        value = bound.value()
        if value is True:
            data[bound.html_name] = "on"
        elif value is not None and value is not False:
            data[bound.html_name] = value
    return data | changes


def walk(client: Client, url: str) -> str:
    """Answer every page as it stands; where the last one leads."""
    for _page in PAGES:
        response = client.post(url, said(client, url))
        assert response.status_code == 302, response.context["form"].errors
        url = response["Location"]
    return url


# The questions themselves


def test_there_are_at_most_25_and_each_rule_is_asked_once() -> None:
    asked = [one.clause for page in PAGES for one in page.questions]
    assert HOW_MANY == len(asked) + 1 <= MOST_QUESTIONS
    assert len(set(asked)) == len(asked)
    assert set(asked) <= set(Clauses().to_dict())
    assert all(one.ask.endswith("?") and one.changes for page in PAGES for one in page.questions)


def test_there_are_rules_for_each_kind_of_business() -> None:
    assert set(KINDS) == set(Kind.values)
    assert len({one.clauses.tone_notes for one in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_page_for_customers_says_what_the_rules_do(kind: str) -> None:
    one = KINDS[kind]
    require_valid(one.clauses)
    page = write(one.clauses, " Ann's \n Shop ", one)
    assert "{" not in page
    assert "Ann's Shop" in page
    assert f"within {one.clauses.response_hours} hours" in page
    assert f"{one.clauses.ai_log_days} days" in page
    assert ("We ask you first." in page) is (one.clauses.basis is Basis.ASK_FIRST)
    assert one.text in page
    words = re.findall(r"[\w']+", re.sub(r"[*#-]", "", page))
    assert 200 < len(words) < 480
    assert not re.search(r"\b(gate|ledger|clause|provider|consent|legitimate|GDPR)\b", page)


# The walk


def test_a_fresh_shop_is_asked_with_answers_filled_in_and_publishes(
    shop: Organization, client: Client
) -> None:
    page = client.get(BEGIN).content.decode()
    assert "Restaurant or hotel" in page
    assert "1 of 25" in page
    url = begun(client, "care")
    first = client.get(url)
    assert "Your customers" in first.content.decode()
    assert first.context["form"]["basis"].value() == "ask_first"
    end = walk(client, url)
    assert end.endswith("/questions/read/")
    read = client.get(end).content.decode()
    assert "Your health is between you and us." in read
    assert "Put in force now" in read
    done = client.post(end.replace("read", "publish"), {"seen_version": "0"}, follow=True).content.decode()
    assert "Version 1 is in force from now on." in done
    with organization_scope(shop.id):
        policy = EthicsPolicy.objects.get()
        assert (policy.status, policy.clauses) == ("published", KINDS["care"].clauses.to_dict())
        assert policy.prose.startswith("# How Marta's Frames uses AI")


def test_an_answer_changes_its_rule_and_the_page_that_customers_read(
    shop: Organization, client: Client
) -> None:
    url = begun(client)
    client.post(url, said(client, url, basis="ask_first", response_hours="6"))
    with organization_scope(shop.id):
        draft = EthicsPolicy.objects.get()
    assert (draft.clauses["basis"], draft.clauses["response_hours"]) == ("ask_first", 6)
    assert "We ask you first." in draft.prose
    assert "within 6 hours" in draft.prose


def test_one_may_leave_and_go_on_where_one_left(
    shop: Organization, owner: Membership, client: Client
) -> None:
    url = begun(client)
    left = client.post(url, said(client, url, leave="1"), follow=True)
    assert "Your answers are kept." in left.content.decode()
    with organization_scope(shop.id):
        again = browser_of(shop, owner)
    page = again.get(BEGIN)
    assert page.context["go_on"] == url.replace(PAGES[0].key, PAGES[1].key)
    assert "Go on where you left" in page.content.decode()


def test_a_page_with_a_wrong_answer_is_shown_again_with_all_its_problems(
    shop: Organization, client: Client
) -> None:
    url = begun(client)
    wrong = said(
        client, url, response_hours="9000", disclosure_en="Written by us.", disclosure_fr="Par nous."
    )
    response = client.post(url, wrong)
    assert response.status_code == 422
    assert {"response_hours", "disclosure_en", "disclosure_fr"} <= set(response.context["form"].errors)
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.get().clauses == KINDS["shop"].clauses.to_dict()


def test_rules_in_force_are_what_the_questions_begin_from(
    shop: Organization, owner: Membership, client: Client
) -> None:
    with organization_scope(shop.id):
        policies.adopt_starter(starter=starter(), member=owner)
    url = begun(client, "")
    client.post(url, said(client, url, response_hours="12"))
    with organization_scope(shop.id):
        draft = EthicsPolicy.objects.get(status="draft")
        assert draft.clauses == {**starter().clauses.to_dict(), "response_hours": 12}
        assert draft.prose == starter().for_business(shop.name), "a page written by hand stays"
        assert questions.is_written_by_hand(draft)
    read = f"/admin/governance/ethicspolicy/{draft.pk}/questions/read/"
    page = client.get(read).content.decode()
    assert "within 12 hours" in page
    assert "Write it anew from the answers" in page
    client.post(read.replace("read", "write-page"))
    with organization_scope(shop.id):
        assert "within 12 hours" in EthicsPolicy.objects.get(status="draft").prose


def test_answers_that_protect_less_wait_for_the_team(
    shop: Organization, owner: Membership, client: Client
) -> None:
    with organization_scope(shop.id):
        policies.adopt_starter(starter=starter(), member=owner)
    url = begun(client, "")
    voice = url.replace("customers", "voice")
    client.post(voice, said(client, voice, upsell="on"))
    read = client.get(url.replace("customers", "read")).content.decode()
    assert "Put in force now" not in read
    assert "A large change is open for comments first." in read
    refused = client.post(url.replace("customers", "publish"), {"seen_version": "1"}, follow=True)
    assert "A large change is open for comments first." in refused.content.decode()
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.get(status="published").version == 1


# What goes wrong


def test_pages_of_two_people_do_not_undo_each_other(shop: Organization, client: Client) -> None:
    url = begun(client)
    with organization_scope(shop.id):
        other = browser_of(shop, make_member(Role.OFFICER))
    voice = url.replace("customers", "voice")
    mine, theirs = said(client, url, response_hours="6"), said(other, voice, tone="brief")
    client.post(url, mine)
    other.post(voice, theirs)
    with organization_scope(shop.id):
        clauses = EthicsPolicy.objects.get().clauses
    assert (clauses["response_hours"], clauses["tone"]) == (6, "brief")


def test_a_version_published_meanwhile_takes_no_more_answers(
    shop: Organization, owner: Membership, client: Client
) -> None:
    url = begun(client)
    data = said(client, url, response_hours="6")
    with organization_scope(shop.id):
        policies.publish(policy=EthicsPolicy.objects.get(), member=owner)
    page = client.post(url, data, follow=True).content.decode()
    assert "Marta published version 1 already" in page
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.get().clauses["response_hours"] == 24


def test_only_who_may_write_rules_is_asked(shop: Organization, owner: Membership, client: Client) -> None:
    url = begun(client)
    with organization_scope(shop.id):
        auditor = browser_of(shop, make_member(Role.AUDITOR))
        agent = browser_of(shop, make_member(Role.AGENT))
    for path in (BEGIN, url):
        assert auditor.get(path).status_code == 403
        assert agent.get(path).status_code in (302, 403)
    neighbour = make_organization()
    with organization_scope(neighbour.id):
        elsewhere = browser_of(neighbour, make_member(Role.OWNER))
    assert elsewhere.get(url).status_code == 404
    assert client.get(url.replace("customers", "nonsense")).status_code == 404
    assert client.post(BEGIN, {"kind": "nonsense"}, follow=True).status_code == 200
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.count() == 1
        drafts.discard_draft(policy=EthicsPolicy.objects.get(), member=owner)
    assert client.get(url).status_code == 404
