"""The assistant's page, as visitors and customers meet it: without script, without an account, with a person at hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from aiassist.assistant import answering, views
from aiassist.assistant.models import Conversation, Question
from aiassist.services import indexing
from aiassist.tests.factories_assistant import make_answered, make_conversation, make_question
from governance import demands
from governance.core.starter import starter
from governance.models import AIStop, OutcomeFact
from governance.selectors import assistant
from governance.services import consents, policies, stops
from helpdesk.people.models import Customer, CustomerAddress, Membership, Role
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.people.tokens import token_hash
from helpdesk.portal.tests.support import signed_in
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import AIText, Message, Ticket
from tickets.tests.factories import make_article, make_inbox

pytestmark = pytest.mark.django_db
URL = "/portal/assistant/"
ASKED = "How long do I have to return an item?"
AI = "The assistant, an AI, not a person:"


def a_shop(*, on: bool = True) -> tuple[Organization, Membership]:
    organization = make_organization()
    with organization_scope(organization.id):
        owner = make_member(Role.OWNER)
        base = starter()
        rules = replace(base.clauses, self_service=on)
        policies.adopt_starter(starter=replace(base, clauses=rules), member=owner)
        make_inbox()
        body = "You can return any item within 30 days of delivery. Returns are free of charge."
        make_article(title="Returns and refunds", slug="returns", body=body)
    indexing.index_organization(organization.id)
    return organization, owner


@pytest.fixture
def shop() -> Organization:
    return a_shop()[0]


def ask(shop: Organization, client: Client, text: str = ASKED) -> str:
    """Post a question, let the worker take it, and read the page."""
    posted = client.post(URL, {"question": text})
    assert posted.status_code == 302, posted.content
    with organization_scope(shop.id):
        key = Question.objects.get(state="waiting").pk
    with mock.patch.object(connection, "is_test_transaction", True, create=True):
        answering.handle(
            shop.id, key
        )  # a worker is in no transaction; this test's own is none of the product's
    return client.get(URL).content.decode()


def talk_of(shop: Organization, client: Client, customer: Customer | None = None) -> Conversation:
    """A conversation that this browser holds."""
    client.cookies[views.COOKIE] = "a-token"
    with organization_scope(shop.id):
        return make_conversation(token_hash=token_hash("a-token"), customer=customer)


def test_a_visitor_is_told_first_whose_words_these_are(shop: Organization) -> None:
    client = browser_of(shop)
    page = ask(shop, client)
    assert page.index("The assistant is an AI, not a person.") < page.index('name="question"')
    assert "30 days" in page
    assert page.index(AI) < page.index("30 days")
    assert 'href="/help/returns/"' in page
    assert "Was this right?" in page
    with organization_scope(shop.id):
        talk = Conversation.objects.get()
        assert (talk.customer, talk.ticket) == (None, None), "nobody is known"
    cookie = client.cookies[views.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (URL, True, "Lax")


def test_looking_keeps_nothing(shop: Organization) -> None:
    client = browser_of(shop)
    page = client.get(f"{URL}?q=What+about+returns")
    assert "What about returns" in page.content.decode()
    assert views.COOKIE not in client.cookies
    with organization_scope(shop.id):
        assert not Conversation.objects.exists()


def test_the_help_centre_offers_it_only_where_the_rules_turn_it_on() -> None:
    for on in (True, False):
        organization, _owner = a_shop(on=on)
        client = browser_of(organization)
        assert ("Ask our assistant" in client.get("/help/").content.decode()) is on
        if not on:
            assert client.get(URL).headers["Location"] == "/help/"
            assert client.post(URL, {"question": ASKED}).headers["Location"] == "/help/"
            with organization_scope(organization.id):
                assert not Question.objects.exists()


def test_while_the_ai_is_stopped_a_person_is_there_at_once(shop: Organization) -> None:
    with organization_scope(shop.id):
        stops.stop_ai(scope="organization", member=make_member())
    client = browser_of(shop)
    page = client.get(URL).content.decode()
    assert "switched off at the moment" in page
    assert 'name="question"' not in page
    assert 'name="address"' in page
    client.post(URL, {"question": ASKED})
    with organization_scope(shop.id):
        assert not Question.objects.exists()


def test_who_said_no_meets_a_person_and_no_assistant(shop: Organization) -> None:
    with organization_scope(shop.id):
        customer = make_customer()
        consents.answer_without_ai(customer=customer, method="portal")
    client = signed_in(shop, customer)
    page = client.get(URL).content.decode()
    assert "so the assistant stays away" in page
    assert 'name="question"' not in page
    client.post(URL, {"question": ASKED})
    with organization_scope(shop.id):
        assert not Question.objects.exists()


def test_one_question_at_a_time_and_no_more_than_twenty(shop: Organization) -> None:
    client = browser_of(shop)
    assert client.post(URL, {"question": ASKED}).status_code == 302
    again = client.post(URL, {"question": ASKED})
    assert again.status_code == 409
    assert "not answered yet" in again.content.decode()
    with organization_scope(shop.id):
        talk = Conversation.objects.get()
        Question.objects.update(state="person", why="unknown")
        for _n in range(19):
            make_question(talk, state="person", why="unknown")
    assert client.post(URL, {"question": ASKED}).status_code == 409


def test_a_question_that_no_worker_took_does_not_block_the_next(shop: Organization) -> None:
    client = browser_of(shop)
    talk = talk_of(shop, client)
    with organization_scope(shop.id):
        make_question(talk, created_at=timezone.now() - answering.PATIENCE * 2)
    assert "took too long" in client.get(f"{URL}newest/").content.decode()
    assert client.post(URL, {"question": ASKED}).status_code == 302
    with organization_scope(shop.id):
        assert sorted(Question.objects.values_list("state", "why")) == [("person", "late"), ("waiting", "")]


def test_what_a_person_took_over_is_not_answered_by_the_ai_any_more(shop: Organization) -> None:
    client = browser_of(shop)
    client.post(URL, {"question": ASKED})
    assert client.post(f"{URL}person/", {"address": "ana@example.org"}).status_code == 200
    with organization_scope(shop.id):
        key = Question.objects.get().pk
    answering.handle(shop.id, key)
    with organization_scope(shop.id):
        assert Question.objects.get().answer == ""


@pytest.mark.parametrize("text", ["", " ", "x", "y" * 1_001])
def test_bad_questions_are_refused_with_a_word(shop: Organization, text: str) -> None:
    page = browser_of(shop).post(URL, {"question": text})
    assert page.status_code == 422
    assert "field-error" in page.content.decode() or "errorlist" in page.content.decode()


def test_too_many_questions_from_one_place_wait(shop: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_OF_ONE", 1)
    assert browser_of(shop).post(URL, {"question": ASKED}).status_code == 302
    other = browser_of(shop)
    assert other.post(URL, {"question": ASKED}).status_code == 429
    assert "talk to a person" in other.post(URL, {"question": ASKED}).content.decode()


def test_too_many_questions_in_all_wait_too(shop: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_OF_ALL", 1)
    for place, status in (("203.0.113.7", 302), ("203.0.113.8", 429)):
        client = browser_of(shop)
        assert client.post(URL, {"question": ASKED}, REMOTE_ADDR=place).status_code == status


def test_the_page_waits_and_says_nothing_until_there_is_something(shop: Organization) -> None:
    client = browser_of(shop)
    talk = talk_of(shop, client)
    with organization_scope(shop.id):
        question = make_question(talk)
    page = client.get(URL).content.decode()
    assert "Looking through our articles" in page
    assert 'hx-get="/portal/assistant/newest/"' in page
    assert client.get(f"{URL}newest/").status_code == 204
    with organization_scope(shop.id):
        Question.objects.filter(pk=question.pk).update(state="person", why="unknown")
    part = client.get(f"{URL}newest/").content.decode()
    assert "I do not know" in part
    assert "hx-get" not in part


def test_was_this_right_is_kept_and_can_be_changed(shop: Organization) -> None:
    client = browser_of(shop)
    ask(shop, client)
    with organization_scope(shop.id):
        key = Question.objects.get().pk
    for said, value in (("yes", 1.0), ("no", 0.0)):
        assert client.post(f"{URL}right/", {"answer": key, "right": said}).status_code == 302
        with organization_scope(shop.id):
            assert Question.objects.get().right is (said == "yes")
            assert OutcomeFact.objects.get(event="assistant_right").value == value
    assert "A person can help:" in client.get(URL).content.decode()


def test_nobody_says_it_of_anothers_answer(shop: Organization) -> None:
    with organization_scope(shop.id):
        foreign = make_answered()
    client = browser_of(shop)
    talk_of(shop, client)
    for key in (foreign.pk, 0, "x", 10**30):
        assert client.post(f"{URL}right/", {"answer": key, "right": "no"}).status_code == 404
    assert client.post(f"{URL}right/", {"answer": foreign.pk, "right": "maybe"}).status_code == 404


# A person


def test_a_customer_is_handed_over_with_one_click_and_the_whole_conversation(shop: Organization) -> None:
    with organization_scope(shop.id):
        customer = make_customer()
    client = signed_in(shop, customer)
    ask(shop, client)
    done = client.post(f"{URL}person/", {"words": "And my order is late."})
    with organization_scope(shop.id):
        ticket = Ticket.objects.get()
        message = Message.objects.get(ticket=ticket)
        talk = Conversation.objects.get()
        assert done.headers["Location"] == f"/portal/tickets/{ticket.number}/"
        assert (ticket.customer, ticket.channel, ticket.human_only) == (customer, "portal", True)
        assert ticket.number
        assert message.text.startswith("And my order is late.")
        assert ASKED in message.text
        assert f"> {AI}" in message.text, "the AI's words are told apart"
        assert talk.ticket == ticket
        assert AIStop.objects.filter(scope="ticket", subject_id=ticket.pk, lifted_at=None).exists()
        assert AIText.objects.filter(ticket=ticket, text=Question.objects.get().answer).exists()
        assert assistant.counted(talk.created_at).persons == 1
        assert ticket.events.get(kind="from_assistant").data == {"answers": 1, "is_known": True}
    assert client.get(URL).content.decode().count("turn-mine") == 0, "the next question begins anew"


def test_a_visitor_gives_an_address_and_it_is_said_that_nobody_confirmed_it(shop: Organization) -> None:
    client = browser_of(shop)
    ask(shop, client, "Do you sell bicycle pumps for tandems?")
    bare = client.post(f"{URL}person/", {"words": ""})
    assert bare.status_code == 422
    done = client.post(f"{URL}person/", {"address": "Ana@Example.org", "words": ""})
    assert "writes to Ana@Example.org" in done.content.decode()
    with organization_scope(shop.id):
        ticket = Ticket.objects.select_related("customer").get()
        assert CustomerAddress.objects.get(customer=ticket.customer).address == "ana@example.org"
        assert ticket.events.get(kind="from_assistant").data["is_known"] is False
    assert "tandems" not in client.get(URL).content.decode(), "the conversation is closed"


def test_a_person_is_asked_for_without_a_question_to_the_ai(shop: Organization) -> None:
    client = browser_of(shop)
    assert client.post(f"{URL}person/", {"address": "ana@example.org"}).status_code == 422
    said = {"address": "ana@example.org", "words": "I would like to talk to somebody."}
    assert client.post(f"{URL}person/", said).status_code == 200
    with organization_scope(shop.id):
        assert Message.objects.get().text == said["words"]
        assert not Conversation.objects.exists()


def test_a_program_that_fills_the_trap_leaves_nothing(shop: Organization) -> None:
    said = {"address": "ana@example.org", "words": "Buy now", "website": "https://spam.example"}
    assert browser_of(shop).post(f"{URL}person/", said).status_code == 200
    with organization_scope(shop.id):
        assert not Ticket.objects.exists()
    assert not mail.outbox


@pytest.mark.parametrize("limit", ["MOST_HANDED_OVER", "MOST_TO_ONE", "MOST_HANDED_OVER_BY_ALL"])
def test_nobody_is_flooded(shop: Organization, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, limit, 1)
    said = {"address": "ana@example.org", "words": "Hello there"}
    assert browser_of(shop).post(f"{URL}person/", said).status_code == 200
    assert browser_of(shop).post(f"{URL}person/", said).status_code == 429
    with organization_scope(shop.id):
        assert Ticket.objects.count() == 1


# Whose conversation it is


def test_a_customers_conversation_is_shown_to_nobody_else(shop: Organization) -> None:
    with organization_scope(shop.id):
        customer, other = make_customer(), make_customer()
    secret = "How long may I keep the green hat?"
    for client in (browser_of(shop), signed_in(shop, other)):
        with organization_scope(shop.id):
            Conversation.objects.all().delete()
        talk = talk_of(shop, client, customer)
        with organization_scope(shop.id):
            make_question(talk, text=secret)
        assert secret not in client.get(URL).content.decode()
        client.post(f"{URL}person/", {"address": "x@example.org", "words": "mine"})
        with organization_scope(shop.id):
            assert not Message.objects.filter(text__contains=secret).exists()


def test_another_organizations_token_opens_nothing(shop: Organization) -> None:
    client = browser_of(shop)
    talk = talk_of(shop, client)
    with organization_scope(shop.id):
        make_question(talk, text="How long may I keep the green hat?")
    elsewhere = browser_of(a_shop()[0])
    elsewhere.cookies[views.COOKIE] = "a-token"
    assert "green hat" not in elsewhere.get(URL).content.decode()


def test_who_signs_in_goes_on_as_themselves(shop: Organization) -> None:
    with organization_scope(shop.id):
        customer = make_customer()
    client = signed_in(shop, customer)
    talk = talk_of(shop, client)
    client.get(URL)
    with organization_scope(shop.id):
        talk.refresh_from_db()
        assert talk.customer == customer


def test_a_visitor_can_delete_what_they_asked(shop: Organization) -> None:
    client = browser_of(shop)
    ask(shop, client)
    assert client.post(f"{URL}forget/").status_code == 302
    with organization_scope(shop.id):
        assert not Question.objects.exists()
    assert "turn-mine" not in client.get(URL).content.decode()


@pytest.mark.parametrize("path", ["right/", "person/", "forget/"])
def test_changes_are_posted_with_a_token_against_forgery(shop: Organization, path: str) -> None:
    client = Client(HTTP_HOST=f"{shop.slug}.localhost", enforce_csrf_checks=True)
    assert client.get(f"{URL}{path}").status_code == 405
    assert client.post(f"{URL}{path}").status_code == 403
    assert client.post(URL, {"question": ASKED}).status_code == 403


def test_it_speaks_the_readers_language(shop: Organization) -> None:
    client = browser_of(shop)
    page = client.get(URL, headers={"accept-language": "de"}).content.decode()
    assert "Der Assistent ist eine KI, kein Mensch." in page
    assert "Mit einem Menschen sprechen" in page


def test_a_long_conversation_costs_no_more_queries(
    shop: Organization, django_assert_max_num_queries: Any
) -> None:
    client = browser_of(shop)
    talk = talk_of(shop, client)
    client.get(URL)
    counts = []
    for _round in range(2):
        with organization_scope(shop.id):
            for _n in range(4):
                make_answered(talk)
        with django_assert_max_num_queries(30) as counted:
            client.get(URL)
        counts.append(len(counted.captured_queries))
    assert counts[0] == counts[1]


# For the owner, and for everybody


def test_owner_home_and_trust_page_count_it() -> None:
    organization, owner = a_shop()
    client = browser_of(organization)
    ask(organization, client)
    with organization_scope(organization.id):
        key = Question.objects.get().pk
    client.post(f"{URL}right/", {"answer": key, "right": "yes"})
    home = browser_of(organization, owner).get("/admin/").content.decode()
    assert (
        "Answered by the assistant: 1. Right, said readers: 1, not right: 0. Asked for a person: 0." in home
    )
    trust = browser_of(organization).get("/trust/").content.decode()
    assert "answered by itself on our help pages" in trust


def test_where_it_is_off_nobody_hears_of_it() -> None:
    organization, owner = a_shop(on=False)
    assert "Answered by the assistant" not in browser_of(organization, owner).get("/admin/").content.decode()
    assert "answered by itself" not in browser_of(organization).get("/trust/").content.decode()


def test_the_owner_reads_what_it_said(django_assert_max_num_queries: Any) -> None:
    organization, owner = a_shop()
    desk = browser_of(organization, owner)
    counts = []
    for _round in range(2):
        with organization_scope(organization.id):
            for _n in range(3):
                make_answered()
            make_question(state="person", why="unknown")
        with django_assert_max_num_queries(40) as counted:
            page = desk.get("/settings/assistant/")
        counts.append(len(counted.captured_queries))
    assert counts[0] == counts[1]
    said = page.content.decode()
    assert "You have 30 days." in said
    assert "I do not know." in said
    assert "You have 30 days." not in desk.get("/settings/assistant/?only=person").content.decode()
    assert desk.get("/settings/assistant/?before=abc&only=odd").status_code == 200


def test_agents_do_not_read_what_visitors_asked(shop: Organization) -> None:
    with organization_scope(shop.id):
        agent = make_member(Role.AGENT)
    assert browser_of(shop, agent).get("/settings/assistant/").status_code in {302, 403, 404}


def test_an_answer_without_source_breaks_a_demand_and_wrong_ones_are_published() -> None:
    organization, _owner = a_shop()
    with organization_scope(organization.id):
        before = demands.standing_of(29).said
        assert "answers of the assistant" not in before
        make_answered(right=False)
        assert "Each of the 1 answers of the assistant" in demands.standing_of(29).said
        make_answered(sources=[])
        standing = demands.standing_of(29)
        assert standing.state == "failing"
        assert "1 of 2 answers of the assistant" in standing.said
    trust = browser_of(organization).get("/trust/").content.decode()
    assert "1 answer of the assistant in 90 days was not right" in trust
