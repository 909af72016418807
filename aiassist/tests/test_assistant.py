"""The assistant on the help pages: every check is asked, and whatever is not certain ends with a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, transaction
from django.utils import timezone

from aiassist.assistant import answering, asking
from aiassist.assistant.models import Conversation, Question
from aiassist.core.drafts import DraftRequest, DraftResult, DraftSentence, NoDraft
from aiassist.core.providers.base import ProviderTimeout
from aiassist.core.providers.builtin import BuiltIn
from aiassist.services import indexing, sorting
from aiassist.tests.factories_assistant import make_answered, make_conversation, make_question
from governance import gate
from governance.core.gates import GATES
from governance.core.starter import starter
from governance.models import AIDecision, AISpend, DraftExplanation, EthicsPolicy, Incident
from governance.services import consents, policies, stops
from helpdesk.people.models import Customer
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Article
from tickets.tests.factories import make_article, make_canned_reply

pytestmark = pytest.mark.django_db(transaction=True)
RETURNS = "You can return any item within 30 days of delivery. Returns are free of charge. We refund you within 5 working days."
ASKED = "How long do I have to return an item?"


def adopt(**clauses: Any) -> EthicsPolicy:
    base = starter()
    rules = replace(base.clauses, **{"self_service": True, **clauses})
    return policies.adopt_starter(starter=replace(base, clauses=rules), member=make_member())


@pytest.fixture
def shop() -> Organization:
    return a_shop()


def a_shop(**clauses: Any) -> Organization:
    organization = make_organization(name="Linden & Vale")
    with organization_scope(organization.id):
        adopt(**clauses)
        make_article(title="Returns and refunds", slug="returns", body=RETURNS)
        make_article(
            title="Opening hours", slug="hours", body="Our shop is open from Monday to Saturday, 9 to 18."
        )
    indexing.index_organization(organization.id)
    return organization


def question_of(shop: Organization, text: str = ASKED, customer: Customer | None = None) -> int:
    with organization_scope(shop.id):
        return make_question(make_conversation(customer=customer), text=text).pk


def answered(shop: Organization, text: str = ASKED, customer: Customer | None = None) -> Question:
    """What became of a question that the worker took."""
    key = question_of(shop, text, customer)
    answering.handle(shop.id, key)
    with organization_scope(shop.id):
        return Question.objects.select_related("decision").get(pk=key)


def never_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BuiltIn, "draft", lambda *_: pytest.fail("an AI was asked"))


def writes(monkeypatch: pytest.MonkeyPatch, *sentences: str, cites: bool = True) -> None:
    """The service writes these sentences, each said to rest on the first passage."""

    def draft(_self: BuiltIn, request: DraftRequest, _timeout: float = 0) -> DraftResult | NoDraft:
        source = (request.passages[0].source_id,) if cites else ()
        rows = tuple(DraftSentence(one, source) for one in sentences)
        return DraftResult(rows, request.language, BuiltIn.model, confidence=0.9)

    monkeypatch.setattr(BuiltIn, "draft", draft)


# An answer


def test_a_routine_question_is_answered_from_an_article_with_its_source(shop: Organization) -> None:
    found = answered(shop)
    assert (found.state, found.why) == ("answered", "")
    assert "30 days" in found.answer
    assert "Hello" not in found.answer
    assert "regards" not in found.answer, "no courtesies: nobody means them"
    assert found.label.startswith("The assistant, an AI")
    assert all(one["cites"] for one in found.sentences)
    assert [one["slug"] for one in found.sources] == ["returns"]
    with organization_scope(shop.id):
        explanation = DraftExplanation.objects.get(decision=found.decision)
        assert [one["title"] for one in explanation.sources] == ["Returns and refunds"]
        assert AISpend.objects.get().drafts == 1


def test_all_22_checks_see_it_and_both_steps_are_on_record(shop: Organization) -> None:
    found = answered(shop)
    with organization_scope(shop.id):
        steps = list(AIDecision.objects.filter(subject_kind="assistant", subject_id=found.pk).order_by("pk"))
    assert [one.action for one in steps] == ["self_service", "answer"]
    assert all(one.allowed for one in steps)
    assert {row["code"] for one in steps for row in one.reasons} == {one.code for one in GATES}


def test_what_leaves_for_a_service_is_masked(shop: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[DraftRequest] = []
    real = BuiltIn.draft

    def draft(self: BuiltIn, request: DraftRequest, timeout: float = 0) -> DraftResult | NoDraft:
        asked.append(request)
        return real(self, request, timeout)

    monkeypatch.setattr(BuiltIn, "draft", draft)
    answered(shop, "I am Marta Oliveira, marta@example.com. How long do I have to return an item?")
    assert "Oliveira" not in asked[0].question
    assert "marta@example.com" not in asked[0].question
    assert all(one.kind == "article" for one in asked[0].passages)


def test_a_customer_is_answered_whatever_their_name_looks_like(shop: Organization) -> None:
    with organization_scope(shop.id):
        customer = make_customer(name="Customer 25")
    found = answered(shop, customer=customer)
    assert found.state == "answered"
    assert "Customer" not in found.answer


def test_running_twice_answers_once(shop: Organization) -> None:
    found = answered(shop)
    answering.handle(shop.id, found.pk)
    with organization_scope(shop.id):
        assert AIDecision.objects.filter(subject_kind="assistant").count() == 2


def test_prepared_replies_are_not_for_the_public(shop: Organization) -> None:
    with organization_scope(shop.id):
        make_canned_reply(
            title="Warehouse", body="Our warehouse code for couriers is 4711, ring at the blue gate."
        )
    indexing.index_organization(shop.id)
    found = answered(shop, "What is the warehouse code for couriers?")
    assert (found.state, found.answer) == ("person", "")


# A person instead


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Do you sell bicycle pumps for tandems with Schrader valves?", "unknown"),
        ("My mother died last week, how long do I have to return her coat?", "topic"),
        ("I am a lawyer and will sue you. How long do I have to return an item?", "topic"),
        ("Please let a real person answer me. How long do I have to return an item?", "asked"),
        ("Quanto tempo ho per restituire un articolo che ho comprato da voi?", "language"),
    ],
)
def test_what_is_not_routine_goes_to_a_person(shop: Organization, text: str, why: str) -> None:
    found = answered(shop, text)
    assert (found.state, found.why, found.answer) == ("person", why, "")


def test_a_topic_of_the_shops_own_list_is_known_from_its_tickets(monkeypatch: pytest.MonkeyPatch) -> None:
    never_called(monkeypatch)
    monkeypatch.setattr(sorting, "likely", lambda _text: "Custom orders")
    assert answered(a_shop(human_only_topics=("custom_orders",))).why == "topic"


@pytest.mark.parametrize("said", ["humans_only", "objected", "paused"])
def test_a_customer_who_said_no_gets_a_person_and_no_ai_is_asked(
    shop: Organization, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_called(monkeypatch)
    with organization_scope(shop.id):
        customer = make_customer()
        if said == "humans_only":
            consents.answer_without_ai(customer=customer, method="portal")
        elif said == "objected":
            consents.record_choice(customer=customer, purpose="ai_assist", state="objected", method="portal")
        else:
            from governance.services import requests

            requests.open_request(customer=customer, kind="restrict")
    found = answered(shop, customer=customer)
    assert found.state == "person"
    assert found.why == ("without_ai" if said == "humans_only" else "choice")


def test_where_the_rules_ask_first_silence_is_no(monkeypatch: pytest.MonkeyPatch) -> None:
    never_called(monkeypatch)
    from governance.core.clauses import Basis

    assert answered(a_shop(basis=Basis.ASK_FIRST)).why == "choice"


def test_off_unless_the_rules_turn_it_on(monkeypatch: pytest.MonkeyPatch) -> None:
    never_called(monkeypatch)
    assert starter().clauses.self_service is False
    found = answered(a_shop(self_service=False))
    assert (found.state, found.why) == ("person", "rules")


@pytest.mark.parametrize(
    "how", ["stop", "installation", "incident", "budget", "second_look", "rules_expired"]
)
def test_whatever_stops_the_ai_leads_to_a_person(
    how: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    from governance.core.clauses import Budget

    rules = {"budget": {"budget": Budget(daily_drafts=0)}}.get(how, {})
    shop = a_shop(**rules)
    if how != "second_look":
        never_called(monkeypatch)
    with organization_scope(shop.id):
        if how == "stop":
            stops.stop_ai(scope="organization", member=make_member())
        if how == "installation":
            settings.AI_STOPPED = True
        if how == "incident":
            Incident.objects.create(title="A leak", is_serious=True, noticed_at=timezone.now())
        if how == "rules_expired":
            later = timezone.now() + timedelta(days=3_000)
            monkeypatch.setattr("governance.facts.timezone.now", lambda: later)
        if how == "second_look":
            monkeypatch.setattr(sorting, "likely", lambda _text: "Warranty")
            other_rules(monkeypatch, second_look_topics=("warranty",))
    found = answered(shop)
    assert found.state == "person"
    assert found.answer == ""


def other_rules(monkeypatch: pytest.MonkeyPatch, **clauses: Any) -> None:
    """From now on the checks read these rules."""
    real = gate.registers.load

    def load(*about: Any) -> Any:
        facts, key = real(*about)
        policy = facts.policy and replace(facts.policy, clauses=replace(facts.policy.clauses, **clauses))
        return replace(facts, policy=policy), key

    monkeypatch.setattr(gate.registers, "load", load)


@pytest.mark.parametrize(
    ("sentences", "why"),
    [
        (("You can return any item within 90 days.",), "held"),
        (("You can return any item within 30 days of delivery.", "Our founder was born in Lisbon."), "held"),
        (("Hello,", "Thank you for your message."), "held"),
        (("You can return any item within 30 days of delivery, only today, hurry.",), "held"),
    ],
    ids=["a number no source has", "one sentence without source", "nothing but courtesies", "pressure"],
)
def test_words_that_do_not_pass_are_never_shown(
    shop: Organization, sentences: tuple[str, ...], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes(monkeypatch, *sentences)
    found = answered(shop)
    assert (found.state, found.why, found.answer, found.sentences) == ("person", why, "", [])


def test_a_check_that_only_warns_an_agent_stops_here(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = a_shop(warn_only=frozenset({"G08", "G15", "G21", "G22"}))
    assert answered(shop, "My mother died, how long do I have to return her coat?").why == "topic"
    writes(monkeypatch, "You can return any item within 90 days.")
    assert answered(shop).why == "held"


@pytest.mark.parametrize("what", ["stop", "no", "off"])
def test_what_changes_while_it_writes_counts(
    shop: Organization, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with organization_scope(shop.id):
        customer = make_customer()
    real = BuiltIn.draft

    def draft(self: BuiltIn, request: DraftRequest, timeout: float = 0) -> DraftResult | NoDraft:
        with organization_scope(shop.id):
            if what == "stop":
                stops.stop_ai(scope="organization", member=make_member())
            elif what == "no":
                consents.answer_without_ai(customer=customer, method="portal")
            else:
                other_rules(monkeypatch, self_service=False)
        return real(self, request, timeout)

    monkeypatch.setattr(BuiltIn, "draft", draft)
    found = answered(shop, customer=customer)
    assert found.state == "person"
    assert found.answer == ""


def test_another_customers_name_is_held_back(shop: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    with organization_scope(shop.id):
        make_customer(name="Beatrix Kornblum")
    writes(monkeypatch, "Beatrix Kornblum can return any item within 30 days of delivery.")
    assert answered(shop).why == "held"
    with organization_scope(shop.id):
        assert Incident.objects.get().affected == [f"assistant:{Question.objects.get().pk}"]


def test_what_came_back_with_somebodys_data_is_held_back(
    shop: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes(monkeypatch, "You can return any item within 30 days of delivery, as we told ben@other.example.")
    assert answered(shop).why == "held"


def test_a_service_that_fails_leaves_the_visitor_to_a_person(
    shop: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draft(*_: Any) -> DraftResult:
        raise ProviderTimeout

    monkeypatch.setattr(BuiltIn, "draft", draft)
    found = answered(shop)
    assert (found.state, found.why) == ("person", "late")
    with organization_scope(shop.id):
        spend = AISpend.objects.get()
        assert (spend.drafts, spend.reserved_drafts) == (0, 0), "what was promised is free again"


def test_an_old_question_is_not_answered_behind_the_visitors_back(
    shop: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_called(monkeypatch)
    key = question_of(shop)
    with organization_scope(shop.id):
        Question.objects.filter(pk=key).update(created_at=timezone.now() - answering.PATIENCE * 2)
    answering.handle(shop.id, key)
    with organization_scope(shop.id):
        assert Question.objects.get(pk=key).why == "late"


def test_a_withdrawn_article_answers_nothing_any_more(shop: Organization) -> None:
    with organization_scope(shop.id):
        Article.objects.filter(slug="returns").update(status="draft")
    assert answered(shop).state == "person"


# The database's own guard


@pytest.mark.parametrize(
    "told",
    [
        {"state": "answered", "label": "AI:", "answer": "Yes."},
        {"state": "person", "answer": "Yes."},
        {"answer": "Yes."},
    ],
    ids=["no decision", "words without being an answer", "words while waiting"],
)
def test_no_words_without_a_decision_that_let_them(shop: Organization, told: dict[str, str]) -> None:
    with organization_scope(shop.id):
        question = make_question()
        with pytest.raises(Error), transaction.atomic():
            Question.objects.filter(pk=question.pk).update(**told)


@pytest.mark.parametrize(
    "change", [{"answer": "No."}, {"label": "Us:"}, {"state": "waiting", "answer": ""}, {"sources": []}]
)
def test_what_was_said_is_not_changed_afterwards(shop: Organization, change: dict[str, Any]) -> None:
    with organization_scope(shop.id):
        question = make_answered()
        with pytest.raises(Error, match="not changed"), transaction.atomic():
            Question.objects.filter(pk=question.pk).update(**change)


def test_another_questions_decision_opens_nothing(shop: Organization) -> None:
    with organization_scope(shop.id):
        other, question = make_answered(), make_question()
        with pytest.raises(Error, match="exactly this one"), transaction.atomic():
            Question.objects.filter(pk=question.pk).update(
                state="answered", label="AI:", answer="Yes.", decision=other.decision
            )


def test_an_answer_says_whose_words_it_is(shop: Organization) -> None:
    with organization_scope(shop.id), pytest.raises(Error, match="whose words"), transaction.atomic():
        make_answered(label="")


# Forgetting


def test_conversations_are_forgotten_after_the_days_in_the_rules(shop: Organization) -> None:
    from aiassist.services.retention import forget_old_texts

    answered(shop)
    days = starter().clauses.ai_log_days
    with organization_scope(shop.id):
        forget_old_texts(now=timezone.now() + timedelta(days=days - 1))
        assert Conversation.objects.exists()
        forget_old_texts(now=timezone.now() + timedelta(days=days + 1))
        assert not Question.objects.exists()
        assert AIDecision.objects.filter(action="answer").exists(), "that it answered stays on record"


def test_erasure_takes_the_conversation_and_the_download_has_it(shop: Organization) -> None:
    from helpdesk.privacy.erasure import erase
    from helpdesk.privacy.export import export_customer

    with organization_scope(shop.id):
        customer = make_customer()
    found = answered(shop, customer=customer)
    with organization_scope(shop.id):
        row = export_customer(customer)["data"]["aiassist.question"][0]
        assert (row["text"], row["answer"]) == (ASKED, found.answer)
        assert erase(customer)["aiassist.conversation"] == 1
        assert not Conversation.objects.exists()


def test_what_was_deleted_while_it_wrote_does_not_come_back(
    shop: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = BuiltIn.draft

    def draft(self: BuiltIn, request: DraftRequest, timeout: float = 0) -> DraftResult | NoDraft:
        with organization_scope(shop.id):
            asking.forget(talk=Conversation.objects.get())
        return real(self, request, timeout)

    monkeypatch.setattr(BuiltIn, "draft", draft)
    answering.handle(shop.id, question_of(shop))
    with organization_scope(shop.id):
        assert not Question.objects.exists()
        assert not AIDecision.objects.filter(action="answer").exists()
