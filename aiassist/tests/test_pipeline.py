"""Steps 3 and 4 of a message's way: asked, masked, found, drafted, checked, asked again, saved with one outcome."""

from __future__ import annotations

from uuid import UUID

import pytest

from aiassist import egress, pipeline
from aiassist.core.drafts import DraftRequest, DraftResult, NoDraft
from aiassist.core.prompts import SYSTEM
from aiassist.core.providers.base import ProviderError, ProviderTimeout
from aiassist.core.providers.builtin import BuiltIn
from aiassist.models import Draft, Passage
from aiassist.retrieval import shelf_for_inbox
from aiassist.services import indexing
from aiassist.signals import data_held_back
from aiassist.tasks import RETRIES, handle_message
from governance.core.starter import starter
from governance.models import AIDecision, AISpend, DraftExplanation
from governance.services import consents, policies, stops
from helpdesk.people.models import Membership
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.privacy.erasure import erase
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import AIText, Article, ArticleStatus, Message, MessageOutcome
from tickets.tests.factories import make_article, make_inbound, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
RETURNS = "You can return any item within 30 days of delivery. Returns are free of charge. We refund you within 5 working days."
QUESTION = "Hello, this is Marta Oliveira, marta@example.com. How long do I have to return an item, and is the return free?"


@pytest.fixture
def organization() -> Organization:
    organization = make_organization(name="Linden & Vale")
    with organization_scope(organization.id):
        policies.adopt_starter(starter=starter(), member=make_member())
        make_article(title="Returns and refunds", body=RETURNS)
        make_article(
            title="Opening hours", slug="hours", body="Our shop is open from Monday to Saturday, 9 to 18."
        )
    indexing.index_organization(organization.id)
    return organization


def arrive(organization: Organization, text: str = QUESTION) -> int:
    with organization_scope(organization.id):
        customer = make_customer("marta@example.com", name="Marta Oliveira")
        return make_inbound(make_ticket(customer=customer, subject="Return"), text=text).pk


def outcome(organization: Organization, message_id: int) -> MessageOutcome:
    with organization_scope(organization.id):
        return MessageOutcome.objects.select_related("decision").get(message_id=message_id)


def test_a_question_that_an_article_answers_gets_a_cited_draft(organization: Organization) -> None:
    message_id = arrive(organization)
    pipeline.handle(organization.id, message_id)
    assert outcome(organization, message_id).result == "drafted"
    with organization_scope(organization.id):
        draft = Draft.objects.get(message_id=message_id)
        assert "30 days" in draft.text
        assert "Marta" in draft.text, "names come back"
        assert "marta@example.com" not in draft.masked_request, "and never left"
        assert "Oliveira" not in draft.masked_request
        assert SYSTEM in draft.masked_request, "all that a service is told, not the message alone"
        assert "Returns and refunds" in draft.masked_request
        assert [source["title"] for source in draft.sources][:1] == ["Returns and refunds"]
        assert any(1 in one["cites"] for one in draft.sentences)
        explanation = DraftExplanation.objects.get(decision=draft.decision)
        assert explanation.service == "built-in"
        assert explanation.replaced["EMAIL"] == 1
        assert AIText.objects.get(ticket=draft.ticket).text == draft.text
        assert AISpend.objects.get().drafts == 1
        assert set(AIDecision.objects.filter(subject_id=message_id).values_list("action", flat=True)) == {
            "draft",
            "save",
        }


def test_what_no_source_answers_gets_no_draft_with_a_next_step(organization: Organization) -> None:
    message_id = arrive(organization, "Do you sell bicycle pumps for tandems with Schrader valves?")
    pipeline.handle(organization.id, message_id)
    found = outcome(organization, message_id)
    assert (found.result, bool(found.reason), bool(found.next_step)) == ("no_draft", True, True)


def test_running_twice_changes_nothing(organization: Organization) -> None:
    message_id = arrive(organization)
    pipeline.handle(organization.id, message_id)
    pipeline.handle(organization.id, message_id)
    with organization_scope(organization.id):
        assert Draft.objects.count() == MessageOutcome.objects.count() == 1


def test_who_said_no_is_not_drafted_for_and_no_service_is_called(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = arrive(organization)
    with organization_scope(organization.id):
        consents.answer_without_ai(customer=Message.objects.get(pk=message_id).customer, method="portal")
    monkeypatch.setattr(BuiltIn, "draft", lambda *_: pytest.fail("called"))
    pipeline.handle(organization.id, message_id)
    found = outcome(organization, message_id)
    assert found.result == "not_allowed"
    assert found.reason


def test_a_person_please_is_understood_before_anything_else(organization: Organization) -> None:
    message_id = arrive(
        organization, "Please let a real person answer me. How long do I have to return an item?"
    )
    pipeline.handle(organization.id, message_id)
    assert outcome(organization, message_id).result == "not_allowed"
    with organization_scope(organization.id):
        customer = Message.objects.get(pk=message_id).customer
        assert consents.choices(customer)["humans_only"] == "granted"


def test_a_human_only_topic_is_left_to_people(organization: Organization) -> None:
    message_id = arrive(
        organization, "My mother died last week and I have to return her coat. How long do I have?"
    )
    pipeline.handle(organization.id, message_id)
    assert outcome(organization, message_id).result == "not_allowed"
    with organization_scope(organization.id):
        assert Message.objects.get(pk=message_id).ticket.human_only


def test_the_topic_of_an_earlier_message_stays_the_tickets(organization: Organization) -> None:
    first = arrive(organization, "My mother died last week and I have to return her coat.")
    pipeline.handle(organization.id, first)
    with organization_scope(organization.id):
        later = make_inbound(Message.objects.get(pk=first).ticket, text=QUESTION).pk
    pipeline.handle(organization.id, later)
    assert outcome(organization, later).result == "not_allowed"


def test_a_no_of_the_tickets_customer_holds_when_somebody_else_writes(organization: Organization) -> None:
    first = arrive(organization)
    with organization_scope(organization.id):
        ticket = Message.objects.get(pk=first).ticket
        consents.answer_without_ai(customer=ticket.customer, method="portal")
        later = make_inbound(ticket, customer=make_customer("husband@example.com"), text=QUESTION).pk
    pipeline.handle(organization.id, later)
    assert outcome(organization, later).result == "not_allowed"


@pytest.mark.parametrize("what", ["stop", "objection"])
def test_work_in_flight_is_refused_at_saving(
    organization: Organization, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    message_id = arrive(organization)
    draft = BuiltIn.draft

    def meanwhile(self: BuiltIn, request: DraftRequest, timeout: float = 0.0) -> DraftResult | NoDraft:
        with organization_scope(organization.id):
            if what == "stop":
                stops.stop_ai(scope="organization", member=Membership.objects.get())
            else:
                customer = Message.objects.get(pk=message_id).customer
                consents.record_choice(
                    customer=customer, purpose="ai_assist", state="objected", method="portal"
                )
        return draft(self, request, timeout)

    monkeypatch.setattr(BuiltIn, "draft", meanwhile)
    pipeline.handle(organization.id, message_id)
    assert outcome(organization, message_id).result == "not_allowed"
    with organization_scope(organization.id):
        assert not Draft.objects.exists()
        assert not AIText.objects.exists()


def test_what_was_deleted_while_the_ai_wrote_does_not_come_back(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = arrive(organization)
    draft = BuiltIn.draft

    def meanwhile(self: BuiltIn, request: DraftRequest, timeout: float = 0.0) -> DraftResult | NoDraft:
        with organization_scope(organization.id):
            erase(Message.objects.get(pk=message_id).ticket.customer)
        return draft(self, request, timeout)

    monkeypatch.setattr(BuiltIn, "draft", meanwhile)
    pipeline.handle(organization.id, message_id)
    assert outcome(organization, message_id).result == "no_draft"
    with organization_scope(organization.id):
        assert not Draft.objects.exists()
        assert not AIText.objects.exists()


def test_a_service_that_may_recover_is_tried_again_and_then_given_up(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = arrive(organization)

    def slow(*_: object, **__: object) -> None:
        raise ProviderTimeout

    monkeypatch.setattr(BuiltIn, "draft", slow)
    with pytest.raises(ProviderTimeout):
        pipeline.handle(organization.id, message_id)
    with organization_scope(organization.id):
        assert not MessageOutcome.objects.exists()
    pipeline.give_up(organization.id, message_id, "It did not answer in time.")
    assert outcome(organization, message_id).result == "failed"


def test_a_message_that_breaks_the_worker_ends_with_an_outcome_too(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = arrive(organization)
    monkeypatch.setattr(pipeline, "write", lambda *_: 1 // 0)
    arguments = {"organization_id": str(organization.id), "message_id": message_id}
    with organization_scope(organization.id):
        assert not MessageOutcome.objects.exists()
    handle_message.apply(kwargs=arguments, retries=RETRIES)
    assert outcome(organization, message_id).result == "failed"


def test_a_service_that_failed_for_good_is_an_outcome(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = arrive(organization)

    def refuse(*_: object, **__: object) -> None:
        raise ProviderError

    monkeypatch.setattr(BuiltIn, "draft", refuse)
    pipeline.handle(organization.id, message_id)
    assert outcome(organization, message_id).result == "failed"


def test_an_unpublished_article_is_gone_at_once(organization: Organization) -> None:
    with organization_scope(organization.id):
        Article.objects.filter(title="Returns and refunds").update(status=ArticleStatus.DRAFT)
    message_id = arrive(organization)
    pipeline.handle(organization.id, message_id)
    assert outcome(organization, message_id).result == "no_draft"
    indexing.index_organization(organization.id)
    with organization_scope(organization.id):
        assert set(Passage.objects.values_list("title", flat=True)) == {"Opening hours"}


def test_no_call_without_a_decision_that_allowed_it(organization: Organization) -> None:
    request = DraftRequest(question="?", passages=())
    with organization_scope(organization.id):
        denied = AIDecision(pk=0)
    with pytest.raises(egress.NotDecidedError):
        egress.call_draft(
            BuiltIn(), request, organization_id=organization.id, decision_id=denied.pk, timeout=1
        )


def test_no_call_inside_a_transaction(organization: Organization) -> None:
    message_id = arrive(organization)
    with organization_scope(organization.id):
        prepared = pipeline.prepare(message_id)
        assert prepared is not None
        with pytest.raises(egress.NotDecidedError, match="transaction"):
            pipeline.write(organization.id, prepared)


def test_another_organizations_decision_allows_nothing(organization: Organization) -> None:
    message_id = arrive(organization)
    with organization_scope(organization.id):
        prepared = pipeline.prepare(message_id)
    assert prepared is not None
    other: UUID = make_organization().id
    with pytest.raises(egress.NotDecidedError):
        pipeline.write(other, prepared)


def test_what_is_kept_in_memory_never_outlives_a_withdrawal(organization: Organization) -> None:
    with organization_scope(organization.id):
        inbox = make_ticket().inbox
        before = shelf_for_inbox(inbox.pk)
        assert shelf_for_inbox(inbox.pk) is before, "nothing changed: nothing is read again"
        Article.objects.filter(title="Returns and refunds").update(status=ArticleStatus.DRAFT)
        after = shelf_for_inbox(inbox.pk)
        assert {one.title for one in before.passages} - {one.title for one in after.passages} == {
            "Returns and refunds"
        }
    with organization_scope(make_organization().id):
        assert shelf_for_inbox(inbox.pk).passages == ()


@pytest.mark.parametrize(
    "clauses",
    [
        {"languages": ["de"]},
        {"ai_fields": ["subject", "language", "articles"]},
        {"ai_fields": ["subject", "message", "language", "canned_replies"]},
    ],
)
def test_the_rules_on_languages_and_fields_hold(
    organization: Organization, clauses: dict[str, list[str]]
) -> None:
    with organization_scope(organization.id):
        member = Membership.objects.get()
        draft = policies.draft_from(
            policy=policies.EthicsPolicy.objects.get(status="published"), member=member
        )
        draft.clauses = {**draft.clauses, **clauses}
        draft.save()
        policies.publish(policy=draft, member=member)
    message_id = arrive(organization)
    pipeline.handle(organization.id, message_id)
    assert outcome(organization, message_id).result == (
        "not_allowed" if "languages" in clauses else "no_draft"
    )
    with organization_scope(organization.id):
        assert not Draft.objects.exists()


class _Talkative(BuiltIn):
    """A service that adds a sentence of its own to what the built-in one writes."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self._sentence = sentence

    def draft(self, request: DraftRequest, timeout: float) -> DraftResult | NoDraft:
        result = super().draft(request, timeout)
        assert isinstance(result, DraftResult)
        first = result.sentences[0]
        added = type(first)(self._sentence, (), first.kind, first.lead)
        return result.with_sentences((*result.sentences, added))


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("I said the same to Otto Habicht yesterday.", "PERSON"),
        ("Otto wrote from otto@other.example too.", "EMAIL"),
        ("We told [PERSON_9] the same.", "STAND_IN"),
    ],
)
def test_other_customers_data_in_a_draft_is_held_back_and_said(
    organization: Organization, monkeypatch: pytest.MonkeyPatch, sentence: str, kind: str
) -> None:
    with organization_scope(organization.pk):
        make_customer("otto@other.example", name="Otto Habicht")
    monkeypatch.setattr(egress, "provider_for", lambda service: _Talkative(sentence))
    heard: list[tuple[str, ...]] = []

    def listen(kinds: tuple[str, ...], **other: object) -> None:
        heard.append(kinds)

    data_held_back.connect(listen)
    try:
        message_id = arrive(organization)
        pipeline.handle(organization.pk, message_id)
    finally:
        data_held_back.disconnect(listen)
    saved = outcome(organization, message_id)
    assert saved.result == "no_draft"
    assert "thrown away" in saved.reason
    assert heard == [(kind,)]
    with organization_scope(organization.pk):
        assert not Draft.objects.filter(message_id=message_id).exists()
