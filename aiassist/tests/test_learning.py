"""Learning without taking: only from customers who agreed, in small steps, and all of it can be forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from aiassist.core import learned
from aiassist.core.drafts import Passage
from aiassist.core.learned import Learned, adjust, passage_key
from aiassist.learning_tasks import learn as learn_task
from aiassist.models import AnswerFact, Draft, GoldenTicket, Lesson
from aiassist.services import learning
from aiassist.tests.factories import make_draft
from aiassist.tests.factories_learning import make_answer_fact, make_golden, make_lesson
from governance.core.starter import starter
from governance.models import AIDecision, Consent, LedgerEntry
from governance.services import consents, policies, requests, stops
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Customer, Membership, Role
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.privacy.erasure import erase
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Message
from tickets.tests.factories import make_inbound, make_reply, make_ticket

pytestmark = pytest.mark.django_db
SOURCE = {
    "number": 1,
    "kind": "article",
    "id": 1,
    "title": "Returns",
    "passage": "30 days.",
    "updated": "2026-11-01",
}
KEY = passage_key("Returns", "30 days.")


@pytest.fixture
def organization() -> Organization:
    organization = make_organization()
    with organization_scope(organization.id):
        policies.adopt_starter(starter=starter(), member=make_member())
    return organization


def agree(customer: Customer, state: str = "granted") -> Consent:
    return consents.record_choice(customer=customer, purpose="improve", state=state, method="portal")


def answered(
    state: str = "used",
    *,
    text: str = "You have 30 days.",
    agreed: bool = True,
    reason: str = "",
    topic: str = "returns",
) -> tuple[Draft, Message]:
    customer = make_customer()
    if agreed:
        agree(customer)
    ticket = make_ticket(customer=customer, topic=topic)
    draft = make_draft(make_inbound(ticket), state=state, reject_reason=reason, sources=[SOURCE])
    taken = {"decision": draft.decision} if state in ("used", "edited") else {}
    return draft, make_reply(ticket, text=text, state="sent", sent_at=timezone.now(), **taken)


def test_an_answer_is_noted_once_in_numbers(organization: Organization) -> None:
    with organization_scope(organization.id):
        draft, reply = answered("edited", text="You have 14 days.")
        fact = learning.note_answer(reply.pk)
        assert fact is not None
        assert (fact.became, fact.topic, fact.changed) == ("edited", "returns", 0.25)
        assert fact.message_id == draft.message_id
        assert learning.note_answer(reply.pk) == fact
        second = make_reply(draft.ticket, state="sent", sent_at=timezone.now())
        assert learning.note_answer(second.pk) is None, "a second answer to the same message"
        assert AnswerFact.objects.count() == 1
        assert Lesson.objects.count() == 2, "about the passage and about the topic"


@pytest.mark.parametrize(
    ("state", "reason", "value"),
    [
        ("used", "", 1.0),
        ("edited", "", 0.5),
        ("rejected", "wrong_source", -1.0),
        ("rejected", "", -0.5),
        ("rejected", "tone", None),
        ("proposed", "", None),
    ],
)
def test_what_agents_do_teaches_by_a_fixed_rule(
    organization: Organization, state: str, reason: str, value: float | None
) -> None:
    with organization_scope(organization.id):
        text = "You have 30 days, dear Marta." if state == "edited" else "You have 30 days."
        _draft, reply = answered(state, reason=reason, text=text)
        learning.note_answer(reply.pk)
        assert set(Lesson.objects.values_list("value", flat=True)) == (
            {value} if value is not None else set()
        )


def test_nothing_is_learned_without_the_customers_yes(organization: Organization) -> None:
    with organization_scope(organization.id):
        _draft, reply = answered(agreed=False)
        assert learning.note_answer(reply.pk) is not None
        assert Lesson.objects.count() == 0
        assert not AIDecision.objects.filter(action="reuse").exists()
        _draft, reply = answered()
        agree(reply.ticket.customer, "refused")
        learning.note_answer(reply.pk)
        assert Lesson.objects.count() == 0


def test_every_check_is_asked_and_a_stop_stops_learning_too(organization: Organization) -> None:
    with organization_scope(organization.id):
        _draft, reply = answered()
        learning.note_answer(reply.pk)
        allowed = AIDecision.objects.get(action="reuse")
        assert allowed.allowed
        assert {one.decision_id for one in Lesson.objects.all()} == {allowed.pk}
        stops.stop_ai(scope="organization", member=Membership.objects.earliest("pk"))
        _draft, other = answered()
        learning.note_answer(other.pk)
        assert not AIDecision.objects.filter(action="reuse").latest("pk").allowed
        assert Lesson.objects.count() == 2


@pytest.mark.parametrize(
    ("purpose", "state"), [("improve", "refused"), ("improve", "objected"), ("ai_assist", "objected"), ("humans_only", "granted")]
)  # fmt: skip
def test_a_no_takes_what_was_learned_with_it_at_once(
    organization: Organization, purpose: str, state: str
) -> None:
    with organization_scope(organization.id):
        _draft, reply = answered()
        _draft, kept = answered()
        for one in (reply, kept):
            learning.note_answer(one.pk)
        before = learning.learned_now().weights[KEY]
        make_golden(customer=reply.ticket.customer)
        consents.record_choice(customer=reply.ticket.customer, purpose=purpose, state=state, method="portal")
        assert {one.customer_id for one in Lesson.objects.all()} == {kept.ticket.customer_id}
        assert not GoldenTicket.objects.exists(), "a test question in the customer's words"
        assert 0 < learning.learned_now().weights[KEY] < before


def test_a_pause_takes_it_too(organization: Organization) -> None:
    with organization_scope(organization.id):
        _draft, reply = answered()
        learning.note_answer(reply.pk)
        requests.open_request(customer=reply.ticket.customer, kind="restrict")
        assert not Lesson.objects.exists()


def test_an_erasure_takes_it_too(organization: Organization) -> None:
    with organization_scope(organization.id):
        _draft, reply = answered()
        learning.note_answer(reply.pk)
        make_golden(customer=reply.ticket.customer)
        make_golden(title="In our own words")
        counts = erase(reply.ticket.customer)
        assert counts["aiassist.answerfact"] == 1
        assert not Lesson.objects.exists()
        assert [one.title for one in GoldenTicket.objects.all()] == ["In our own words"]
        assert learning.learned_now() == Learned()


def test_lessons_move_little_and_the_same_lessons_move_the_same(organization: Organization) -> None:
    assert learned.weight(1, 1) == 0.01
    assert learned.weight(1_000_000, 1_000_000) <= learned.MOST
    assert learned.weight(-1_000_000, 1_000_000) >= -learned.MOST
    assert learned.caution(5, 9) == 0.0, "a topic never asks for less than the threshold"
    assert 0 < learned.caution(-9, 9) <= learned.MOST_CAUTION
    near = (Passage("a", "text a", "A", score=0.60), Passage("b", "text b", "B", score=0.58))
    assert adjust(near, Learned()) == near
    helped = Learned({passage_key("B", "text b"): 0.04})
    assert [one.source_id for one in adjust(near, helped)] == ["b", "a"]
    far = (Passage("a", "text a", "A", score=0.60), Passage("b", "text b", "B", score=0.50))
    assert [one.source_id for one in adjust(far, Learned({passage_key("B", "text b"): learned.MOST}))] == [
        "a",
        "b",
    ]
    careful = adjust(near, Learned(caution={"returns": 0.03}), "returns")
    assert [one.score for one in careful] == [0.57, 0.55]
    with organization_scope(organization.id):
        for value in (1.0, 0.5, -0.5):
            make_lesson(passage=KEY, value=value)
            make_lesson(topic="delivery", value=-1.0)
        assert learning.learned_now() == learning.learned_now()
        assert learning.learned_now().weights == {KEY: learned.weight(1.0, 3)}
        assert learning.learned_now().caution == {"delivery": learned.caution(-3.0, 3)}


def test_an_owner_begins_anew_and_takes_it_back(organization: Organization) -> None:
    with organization_scope(organization.id):
        owner = make_member(role=Role.OWNER)
        with pytest.raises(InvalidState):
            learning.begin_anew(member=owner)
        make_lesson(passage=KEY)
        with pytest.raises(NotAllowed):
            learning.begin_anew(member=make_member(role=Role.AGENT))
        assert learning.learned_now().weights
        learning.begin_anew(member=owner)
        assert learning.learned_now() == Learned()
        assert learning.take_back(member=owner) == 1
        assert learning.learned_now().weights
        learning.begin_anew(member=owner)
        assert learning.tidy(now=timezone.now() + timedelta(hours=25), days=90) == 1
        with pytest.raises(InvalidState):
            learning.take_back(member=owner)
    with organization_scope(organization.id):
        events = LedgerEntry.objects.values_list("event", flat=True)
        assert list(events).count("learned_forgotten") == 2


def test_the_daily_run_finds_what_was_lost_and_forgets_what_is_old(organization: Organization) -> None:
    with organization_scope(organization.id):
        _draft, reply = answered()
        old = make_answer_fact()
        make_lesson(fact=old)
        days = starter().clauses.ai_log_days
        AnswerFact.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=days + 1))
    assert learn_task(organization_id=str(organization.id)) == 2
    with organization_scope(organization.id):
        assert [one.message.ticket_id for one in AnswerFact.objects.all()] == [reply.ticket_id]


def test_reading_what_was_learned_is_one_query(
    organization: Organization, django_assert_num_queries: object
) -> None:
    with organization_scope(organization.id):
        for number in range(5):
            make_lesson(passage=f"passage {number}")
        with django_assert_num_queries(1):  # type: ignore[operator]
            learning.learned_now()
