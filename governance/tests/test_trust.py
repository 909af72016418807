"""What anyone reads and may ask: figures with their cases, the badge, the machine copies, questions from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.utils import timezone

from governance import anchors
from governance.core.clauses import Clauses
from governance.core.starter import starter
from governance.models import Change, Incident, LedgerEntry, Record, RegisterChange, Vendor
from governance.selectors import public_figures, trust
from governance.selectors.badge import badge
from governance.selectors.known_failures import known_failures
from governance.services import outside
from governance.services.overrides import give_way
from governance.services.policies import adopt_starter
from governance.services.stops import stop_ai
from governance.tests.factories import make_decision
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of, delivered
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db

PASSED = [{"code": code, "outcome": "passed", "reason": {"text": "ok"}} for code in ("G16", "G18")]


@pytest.fixture
def shop() -> Organization:
    cache.clear()
    return make_organization(name="Zoé & Söhne")


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        member = make_member()
        adopt_starter(starter=starter(), member=member)
    return member


def page(shop: Organization, path: str = "/trust/", language: str = "en") -> str:
    return str(browser_of(shop).get(path, HTTP_ACCEPT_LANGUAGE=language).content.decode())


# Figures


def test_a_figure_of_few_cases_says_so_and_one_of_many_has_its_interval(
    shop: Organization, owner: Membership
) -> None:
    assert "there were only 0 cases in 90 days" in page(shop)
    with organization_scope(shop.id):
        for number in range(20):
            make_decision(action="send", reasons=PASSED if number else PASSED[:1])
        cache.clear()
        found = {one.key: one for one in public_figures.measured()}
    assert (found["transparency"].n, found["transparency"].value) == (20, 19 / 20)
    assert found["person"].value == 1
    assert found["transparency"].low is not None
    assert 0.7 < found["transparency"].low < 0.95 < (found["transparency"].high or 0) < 1
    assert found["satisfied"].value is None
    assert "95 %" in page(shop)


def test_the_figures_are_counted_with_the_same_queries_however_many_rows(
    shop: Organization, owner: Membership, django_assert_max_num_queries: Any
) -> None:
    with organization_scope(shop.id):
        for _number in range(15):
            make_decision(action="send", reasons=PASSED)
    cache.clear()
    with django_assert_max_num_queries(45):
        page(shop)


def test_every_rule_is_said_in_public_but_the_one_that_has_a_reason(
    shop: Organization, owner: Membership
) -> None:
    said = page(shop)
    for rule in (
        "AI services may work with data in:",
        "Finished requests are kept until the customer asks us to delete them.",
        "Whether customers are treated alike is checked every",
        "How much risk we take",
    ):
        assert rule in said, rule
    assert "How much risk you take" not in said
    assert "of goodwill without asking" not in said
    assert "an amount in public becomes a price" in said


def test_what_our_ai_gets_wrong_is_counted_and_never_empty(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        assert len(known_failures()) >= 3
        unsourced = [{"code": "G15", "outcome": "stopped", "reason": {"text": "no"}}]
        make_decision(action="draft", allowed=False, reasons=unsourced)
        first = known_failures()[0]
    assert first.times == 1
    assert "found no source" in first.text


# What is released, and nothing else


def test_incidents_changes_and_services_stand_there_once_released(
    shop: Organization, owner: Membership
) -> None:
    now = timezone.now()
    with organization_scope(shop.id):
        Incident.objects.create(title="Inside only", noticed_at=now, public_text="Nobody reads this")
        Incident.objects.create(
            title="A wrong price", noticed_at=now, public_text="We said 5.", is_published=True
        )
        real = LedgerEntry.objects.filter(object_ref__startswith="policy:")[0].object_ref
        Change.objects.create(said="Too stiff", changed="Warmer", change_ref=real, published_at=now)
        Change.objects.create(said="Lies", changed="Nothing", change_ref="policy:999", published_at=now)
        Change.objects.create(said="Draft", changed="Not yet", change_ref=real)
        Vendor.objects.create(
            name="Letters Inc",
            provider="letters",
            region="eu",
            state="approved",
            approved_at=now,
            expires_on=timezone.localdate(),
            sub_processors=[{"name": "Racks Ltd", "purpose": "servers", "region": "eu"}],
        )
    said = page(shop)
    for shown in (
        "A wrong price",
        "We said 5.",
        "Too stiff",
        "Warmer",
        "Letters Inc",
        "Racks Ltd",
        "the European Union",
    ):
        assert shown in said, shown
    for hidden in ("Inside only", "Nobody reads this", "Lies", "Not yet"):
        assert hidden not in said, hidden


def test_the_machine_copy_says_the_same_and_names_the_head_of_the_record(
    shop: Organization, owner: Membership
) -> None:
    with organization_scope(shop.id):
        signed = anchors.anchor()
    response = browser_of(shop).get("/trust/facts.json")
    facts = response.json()
    assert facts["format"] == "helpdesk-trust/1"
    assert facts["policy"]["rules"]["regions"].startswith("AI services may work")
    assert "goodwill_micro" not in facts["policy"]["rules"]
    assert {one["key"] for one in facts["figures"]} == set(public_figures.LABELS)
    assert signed is not None
    assert facts["record_head"]["hash"] == signed.head.hash
    assert len(facts["record_head"]["public_key"]) == 64
    assert "max-age=300" in response["Cache-Control"]
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert str(owner.user.email) not in response.content.decode()


def test_the_feed_is_atom_with_stable_names(shop: Organization, owner: Membership) -> None:
    response = browser_of(shop).get("/trust/changes.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    atom = {"a": "http://www.w3.org/2005/Atom"}
    ids = [one.text or "" for one in ElementTree.fromstring(response.content).findall("a:entry/a:id", atom)]  # noqa: S314 - our own
    assert any(":policy:" in one for one in ids)
    again = browser_of(shop).get("/trust/changes.atom").content
    assert [one.text for one in ElementTree.fromstring(again).findall("a:entry/a:id", atom)] == ids  # noqa: S314


# The badge


def test_the_badge_and_the_page_never_say_drafts_only_where_the_assistant_answers(
    shop: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    with organization_scope(shop.id):
        adopt_starter(starter=starter(), member=make_member(Role.OWNER))
    assert "drafts only" in page(shop, "/trust/")
    with organization_scope(shop.id):
        assert "AI drafts only" in badge().says
        real = Clauses.from_dict
        on = classmethod(lambda _cls, data: replace(real(data), self_service=True))
        monkeypatch.setattr(Clauses, "from_dict", on)
        assert badge().tone == "good"
        assert "only" not in badge().says
    cache.clear()
    assert "drafts only, a person sends every answer" not in page(shop, "/trust/")
    assert "answers on our help pages, marked as AI" in page(shop, "/trust/")


def test_the_badge_turns_by_itself(shop: Organization) -> None:
    assert "#5b6470" in page(shop, "/trust/badge.svg")
    with organization_scope(shop.id):
        owner = make_member()
        adopt_starter(starter=starter(), member=owner)
        assert badge().tone == "good"
    good = page(shop, "/trust/badge.svg?lang=de")
    assert "ein Mensch sendet jede Antwort" in good
    assert "Zoé &amp; Söhne" in good
    ElementTree.fromstring(good)  # noqa: S314 - our own
    with organization_scope(shop.id):
        now = timezone.now()
        serious = Incident.objects.create(title="x", noticed_at=now, is_serious=True)
        assert badge().tone == "warn"
        serious.delete()
        give_way(
            code="G05", member=owner, why="A feast", value_given_way="speed", until=now + timedelta(days=1)
        )
        assert badge().tone == "warn"
        make_decision(action="send", reasons=PASSED[1:])
        assert badge().tone == "bad", "an answer without a person's yes"
        stop_ai(scope="organization", member=owner)
        assert badge().tone == "bad", "stopping does not hide it"


def test_the_badge_may_stand_anywhere_and_follows_nobody(shop: Organization, owner: Membership) -> None:
    response = browser_of(shop).get("/trust/badge.svg")
    assert response["Content-Type"].startswith("image/svg+xml")
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=300" in response["Cache-Control"]
    assert not response.cookies
    assert not re.search(r"<script|style=|<style|href=", response.content.decode())
    assert browser_of(shop).post("/trust/badge.svg").status_code == 405
    assert "/trust/badge.svg?lang=" in page(shop, "/trust/badge/")


# Ask or object


def ask(shop: Organization, **said: Any) -> Any:
    values = {"about": "question", "text": "Who reads my mail?", "website": ""}
    return browser_of(shop).post("/trust/ask/", {**values, **said})


def test_a_question_without_a_name_is_kept_with_a_date(shop: Organization, owner: Membership) -> None:
    assert ask(shop).status_code == 200
    with organization_scope(shop.id):
        row = Record.objects.get()
        assert row.is_anonymous
        assert row.is_from_outside
        assert row.due == timezone.localdate() + outside.ANSWER_WITHIN
        assert row.accountable == owner
        assert not RegisterChange.objects.filter(object_ref=f"record:{row.pk}").exists()
    with organization_scope(shop.id):
        assert LedgerEntry.objects.filter(event="question_taken", object_ref=f"record:{row.pk}").count() == 1
    assert "Who reads my mail?" not in page(shop)


def test_a_program_that_fills_everything_keeps_nothing(shop: Organization, owner: Membership) -> None:
    assert ask(shop, website="https://spam.example").status_code == 200
    assert ask(shop, text="").status_code == 422
    assert ask(shop, about="nonsense").status_code == 422
    assert ask(shop, contact="no address").status_code == 422
    with organization_scope(shop.id):
        assert not Record.objects.exists()


def test_one_place_may_not_ask_all_day(shop: Organization, owner: Membership) -> None:
    assert [ask(shop).status_code for _try in range(6)] == [200] * 5 + [429]


def test_the_answer_goes_by_mail_and_on_the_page_only_if_both_want_it(
    shop: Organization, owner: Membership, mailoutbox: Any
) -> None:
    ask(shop, text="I am Ada of Bath, who reads it?", contact="ada@example.com", may_publish="on")
    with organization_scope(shop.id), delivered():
        row = Record.objects.get()
        with pytest.raises(InvalidState, match="address or a number"):
            outside.answer(record=row, member=owner, title="Who?", text="Call 020 7946 0000", publish=True)
        outside.answer(
            record=row, member=owner, title="Who reads mails?", text="The team does.", publish=True
        )
        with pytest.raises(InvalidState, match="answered already"):
            outside.answer(record=row, member=owner, title="Who?", text="Us.", publish=True)
    [mail] = mailoutbox
    assert mail.to == ["ada@example.com"]
    with organization_scope(shop.id):
        assert Record.objects.get().contact == "", "what it was left for is done"
    assert "The team does." in mail.body
    said = page(shop)
    assert "Who reads mails?" in said
    assert "The team does." in said
    assert "Ada of Bath" not in said
    ask(shop, text="And this?")
    with organization_scope(shop.id):
        other = Record.objects.get(state="open")
        with pytest.raises(InvalidState, match="did not agree"):
            outside.answer(record=other, member=owner, title="This", text="Yes.", publish=True)
        with pytest.raises(NotAllowed):
            outside.answer(
                record=other, member=make_member(role=Role.AGENT), title="This", text="Yes.", publish=False
            )
        assert trust.answered()[0].pk == row.pk


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Fragen oder widersprechen"), ("fr", "Demander ou"), ("es", "Preguntar u")]
)
def test_the_form_speaks_the_readers_language(shop: Organization, language: str, said: str) -> None:
    assert said in page(shop, "/trust/ask/", language)


def test_the_page_of_questions_answers_one_and_keeps_what_was_typed(
    shop: Organization, owner: Membership
) -> None:
    ask(shop, may_publish="on")
    with organization_scope(shop.id):
        row = Record.objects.get()
    desk, path = browser_of(shop, owner), f"/settings/outside/{row.pk}/"
    assert "Who reads my mail?" in page_of(desk)
    values = {
        f"{row.pk}-title": "Who reads?",
        f"{row.pk}-answer": "Ask ada@example.com",
        f"{row.pk}-publish": "on",
    }
    refused = desk.post(path, values)
    assert refused.status_code == 422
    assert "Ask ada@example.com" in refused.content.decode()
    assert desk.post(path, {**values, f"{row.pk}-answer": "We do."}).status_code == 302
    assert "We do." in page(shop)
    with organization_scope(shop.id):
        agent = make_member(role=Role.AGENT)
    assert browser_of(shop, agent).get("/settings/outside/").status_code == 403
    assert browser_of(shop).get("/settings/outside/").status_code == 302


def test_another_organizations_question_does_not_exist(shop: Organization, owner: Membership) -> None:
    other = make_organization()
    ask(other)
    with organization_scope(other.id):
        row = Record.objects.get()
    assert browser_of(shop, owner).post(f"/settings/outside/{row.pk}/", {}).status_code == 404
    assert "Who reads my mail?" not in page_of(browser_of(shop, owner))


def page_of(client: Any) -> str:
    return str(client.get("/settings/outside/").content.decode())
