"""Messages are sorted under topics learned from solved tickets: suggested or set, undone by a click, all on record."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from aiassist.core import mood, urgency
from aiassist.core.tests.test_triage import DELIVERY, REFUND, SIZES
from aiassist.services import merging_topics, sorting, topic_learning
from aiassist.sorting_models import LearnedTopics, Sorting
from aiassist.sorting_tasks import sort_message
from aiassist.tests.ruled import in_force
from governance.core.clauses import Clauses
from governance.core.clauses import Sorting as Rule
from governance.models import AIDecision
from governance.services import consents, stops
from governance.tests.factories import make_decision
from helpdesk.errors import InvalidState
from helpdesk.people.models import Membership, Role
from helpdesk.people.permissions import grant_inbox
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.privacy.erasure import erase
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Message, Ticket, TicketEvent
from tickets.portal_touched import lines
from tickets.tests.factories import make_inbound, make_inbox, make_ticket

pytestmark = pytest.mark.django_db
ASKED = "Where is my parcel? The courier has not delivered it."


def _shop(**clauses: Any) -> Organization:
    organization = make_organization()
    with organization_scope(organization.id):
        in_force(make_member(Role.OWNER), **clauses)
        solve_all()
    return organization


@pytest.fixture
def shop() -> Organization:
    return _shop()


def solve_all() -> None:
    for topic, texts in (("delivery", DELIVERY), ("refund", REFUND), ("sizes", SIZES)):
        for text in texts:
            solved(topic, text)


def solved(topic: str, text: str, **fields: Any) -> Ticket:
    ticket = make_ticket(topic=topic, status="solved", subject="", **fields)
    make_inbound(ticket, text=text, subject="")
    return ticket


def learn(shop: Organization) -> str:
    return topic_learning.learn_topics(shop.id)


def arrive(shop: Organization, text: str = ASKED, **fields: Any) -> Message:
    with organization_scope(shop.id):
        message = make_inbound(make_ticket(subject="", **fields), text=text, subject="")
    sort_message(organization_id=str(shop.id), message_id=message.pk)
    return message


def sorted_as(shop: Organization, message: Message) -> Sorting | None:
    with organization_scope(shop.id):
        return Sorting.objects.select_related("ticket", "decision").filter(message=message).first()


# Learning


def test_from_five_solved_tickets_a_topic_it_learns_and_says_how_sure(shop: Organization) -> None:
    assert learn(shop) == "learned 3 topics from 18 messages"
    with organization_scope(shop.id):
        learned = LearnedTopics.objects.get()
        assert {one["name"]: one["examples"] for one in learned.topics} == {
            "delivery": 6,
            "refund": 6,
            "sizes": 6,
        }
        assert learned.figures["accuracy"] >= 0.8
        decision = learned.decision
        assert decision is not None
        assert decision.request["customers"]["left_out"] == 0
        assert "jumper" not in learned.data, "no words"
    assert learn(shop) == "nothing new"


@pytest.mark.parametrize("few", ["one topic", "four examples", "set by the AI", "open"])
def test_where_too_little_is_known_nothing_is_learned(few: str) -> None:
    organization = make_organization()
    with organization_scope(organization.id):
        in_force(make_member(Role.OWNER))
        for text in DELIVERY:
            solved("delivery", text)
        for text in REFUND[: 4 if few == "four examples" else 5]:
            ticket = solved("delivery" if few == "one topic" else "refund", text)
            if few == "open":
                Ticket.objects.filter(pk=ticket.pk).update(status="open")
            if few == "set by the AI":
                message = Message.objects.get(ticket=ticket)
                decision = make_decision(action="triage", subject_id=message.pk)
                Sorting.objects.create(
                    ticket=ticket, message=message, decision=decision, topic="refund", state="applied"
                )
    assert learn(organization).startswith("too few topics")
    with organization_scope(organization.id):
        assert not LearnedTopics.objects.exists()


def _object(customer: Any) -> None:
    consents.record_choice(customer=customer, purpose="ai_assist", state="objected", method="portal")


@pytest.mark.parametrize(
    "say", [_object, erase, lambda one: consents.answer_without_ai(customer=one, method="p")]
)
def test_a_customers_no_takes_what_was_learned_away_at_once(shop: Organization, say: Any) -> None:
    with organization_scope(shop.id):
        theirs = solved("sizes", "Does the linen shirt shrink?", customer=make_customer("no@example.com"))
    learn(shop)
    with organization_scope(shop.id):
        message = Message.objects.get(ticket=theirs)
        assert message.pk in LearnedTopics.objects.get().examples
        say(theirs.customer)
        assert not LearnedTopics.objects.exists()
    learn(shop)
    with organization_scope(shop.id):
        assert message.pk not in LearnedTopics.objects.get().examples, "learned again without them"


def test_a_no_while_it_learns_is_heard(shop: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = topic_learning.learn

    def slowly(*args: Any) -> Any:
        with organization_scope(shop.id):
            _object(Ticket.objects.filter(topic="sizes").first().customer)  # type: ignore[union-attr]
        return inner(*args)

    monkeypatch.setattr(topic_learning, "learn", slowly)
    assert "said no meanwhile" in learn(shop)
    with organization_scope(shop.id):
        assert not LearnedTopics.objects.exists()


def test_a_stop_stops_learning(shop: Organization) -> None:
    with organization_scope(shop.id):
        stops.stop_ai(scope="organization", member=Membership.objects.first())  # type: ignore[arg-type]
    assert "of customers who let us" in learn(shop)


# Sorting


def test_a_suggestion_changes_nothing_until_a_person_takes_it(shop: Organization) -> None:
    learn(shop)
    message = arrive(shop)
    row = sorted_as(shop, message)
    assert row is not None
    assert (row.state, row.topic, row.ticket.topic) == ("proposed", "delivery", "")
    assert (row.decision.action, row.decision.allowed) == ("triage", True)
    with organization_scope(shop.id):
        topics = set(Message.objects.filter(pk__in=row.nearest).values_list("ticket__topic", flat=True))
        assert topics == {"delivery"}
        owner = Membership.objects.get(role="owner")
        sorting.accept(sorting=row, member=owner)
        assert Ticket.objects.get(pk=row.ticket_id).topic == "delivery"
        assert (
            "AI suggested “delivery”; a person agreed." in lines(Ticket.objects.get(pk=row.ticket_id))[0].text
        )


def test_a_stranger_is_not_sorted(shop: Organization) -> None:
    learn(shop)
    row = sorted_as(shop, arrive(shop, "The cello sonata modulates to E flat in the second movement."))
    assert row is not None
    assert (row.state, row.topic) == ("unsure", "")


def test_where_the_rules_let_it_the_topic_is_set_and_one_click_takes_it_back() -> None:
    shop = _shop(sorting=Rule.APPLY)
    learn(shop)
    row = sorted_as(shop, arrive(shop))
    assert row is not None
    assert (row.state, row.ticket.topic) == ("applied", "delivery")
    with organization_scope(shop.id):
        ticket, owner = row.ticket, Membership.objects.get(role="owner")
        assert lines(ticket)[0].text == "AI sorted it under “delivery”."
        event = TicketEvent.objects.get(ticket=ticket, kind="topic")
        assert (event.actor_id, event.data["to"]) == (None, "delivery")
    browser = _signed_in(shop, owner)
    shown = browser.get(f"/tickets/{ticket.number}/sorting/").content.decode()
    assert "AI set the topic <b>delivery</b>" in shown
    undone = browser.post(f"/tickets/{ticket.number}/sorting/{row.pk}/undo/")
    assert undone.status_code == 200
    with organization_scope(shop.id):
        assert Ticket.objects.get(pk=ticket.pk).topic == ""
        found = Sorting.objects.get(pk=row.pk)
        assert (found.state, found.decided_by_id) == ("taken_back", owner.pk)
        assert "AI sorted" not in lines(Ticket.objects.get(pk=ticket.pk))[0].text


def test_undo_leaves_what_somebody_set_since() -> None:
    shop = _shop(sorting=Rule.APPLY)
    learn(shop)
    row = sorted_as(shop, arrive(shop))
    assert row is not None
    with organization_scope(shop.id):
        owner = Membership.objects.get(role="owner")
        Ticket.objects.filter(pk=row.ticket_id).update(topic="lost parcels")
        sorting.take_back(sorting=row, member=owner)
        assert Ticket.objects.get(pk=row.ticket_id).topic == "lost parcels"
        with pytest.raises(InvalidState):
            sorting.take_back(sorting=row, member=owner)


@pytest.mark.parametrize("why", ["off", "stopped", "objected", "people only", "person please"])
def test_nothing_is_sorted_where_it_may_not_be(why: str) -> None:
    shop = _shop(sorting=Rule.SUGGEST)
    learn(shop)
    text = ASKED
    with organization_scope(shop.id):
        customer = make_customer("c@example.com")
        if why == "off":
            in_force(Membership.objects.get(role="owner"), sorting=Rule.OFF)
        if why == "stopped":
            stops.stop_ai(scope="organization", member=Membership.objects.get(role="owner"))
        if why == "objected":
            _object(customer)
            LearnedTopics.objects.update(examples=[])
        if why == "people only":
            consents.answer_without_ai(customer=customer, method="portal")
        if why == "person please":
            text += " A person, please."
    row = sorted_as(shop, arrive(shop, text, customer=customer))
    if why in ("stopped", "objected"):
        assert row is not None
        assert (row.state, row.topic, row.decision.allowed) == ("unsure", "", False)
    else:
        assert row is None


def test_a_topic_of_their_own_that_people_keep_is_found_with_care() -> None:
    shop = _shop(human_only_topics=(*Clauses().human_only_topics, "sizes"), sorting=Rule.SUGGEST)
    learn(shop)
    row = sorted_as(shop, arrive(shop, "Which size should I take, are the boots running small?"))
    assert row is not None
    assert row.human_topics == ["sizes"]
    assert row.ticket.human_only
    from aiassist.reading import topics_of

    with organization_scope(shop.id):
        assert "sizes" in topics_of(row.ticket)


@pytest.mark.parametrize("rule", [Rule.OFF, Rule.SUGGEST])
def test_what_belongs_to_people_is_found_by_meaning_whatever_the_rules_say_of_sorting(rule: Rule) -> None:
    shop = _shop(sorting=rule)
    row = sorted_as(shop, arrive(shop, "I wear a pacemaker; is the magnetic clasp safe for me?"))
    assert row is not None
    assert (row.human_topics, row.ticket.human_only, row.state) == (["health"], True, "unsure")


# Urgency and mood


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("There is smoke coming out of the kettle", "danger"),
        ("I did not order this, somebody used my card", "fraud"),
        ("You charged me twice for one order", "paid_twice"),
        ("My flight leaves tomorrow and I have no ticket", "soon"),
        ("Ich kann mich nicht anmelden", "down"),
        ("J'ai été débité deux fois", "paid_twice"),
        ("No puedo entrar en mi cuenta", "down"),
        ("Where is my order?", ""),
        ("URGENT!!! I am FURIOUS, answer me NOW!!!", ""),
        ("I would like to know how to wash the shirt by tomorrow's standards", ""),
    ],
)
def test_urgency_follows_the_matter(text: str, because: str) -> None:
    assert urgency.urgency(text)[1] == because


@pytest.mark.parametrize("text", ["Where is my parcel?", "You charged me twice for one order"])
def test_mood_never_moves_priority_or_topic(shop: Organization, text: str) -> None:
    """The same matter said angrily and kindly, with the customer's yes to reading the mood."""
    learn(shop)
    found = []
    for opening in (
        "I am furious, this is outrageous and unacceptable! ",
        "I am happy with you, you are wonderful! ",
    ):
        with organization_scope(shop.id):
            customer = make_customer(f"{len(found)}@example.com")
            consents.record_choice(customer=customer, purpose="sentiment", state="granted", method="portal")
        row = sorted_as(shop, arrive(shop, opening + text, customer=customer))
        assert row is not None
        found.append(row)
    assert [one.mood for one in found] == ["angry", "pleased"]
    assert found[0].priority == found[1].priority
    assert found[0].because == found[1].because


def test_without_a_yes_no_mood_is_read(shop: Organization) -> None:
    learn(shop)
    row = sorted_as(shop, arrive(shop, "I am furious! Where is my parcel?"))
    assert row is not None
    assert row.mood == ""
    with organization_scope(shop.id):
        assert not AIDecision.objects.filter(purpose="sentiment").exists()


def test_mood_knows_no_from_yes() -> None:
    assert mood.mood("I am not angry, but where is it?") == ""
    assert mood.mood("Ich bin wirklich wütend") == "angry"


# Screens


def _signed_in(shop: Organization, member: Membership) -> Client:
    client = Client(headers={"host": f"{shop.slug}.localhost"})
    client.force_login(member.user)
    return client


def test_examples_are_those_that_the_viewer_may_see(shop: Organization) -> None:
    learn(shop)
    row = sorted_as(shop, arrive(shop))
    assert row is not None
    with organization_scope(shop.id):
        here = make_inbox()
        Ticket.objects.filter(pk=row.ticket_id).update(inbox=here)
        agent = make_member(Role.AGENT)
        grant_inbox(agent, here)
        near = list(Ticket.objects.filter(messages__in=row.nearest).values_list("number", flat=True))
        owner = Membership.objects.get(role="owner")
    path = f"/tickets/{row.ticket.number}/sorting/"
    seen = _signed_in(shop, owner).get(path).content.decode()
    assert all(f"/tickets/{number}/" in seen for number in near)
    hidden = _signed_in(shop, agent).get(path).content.decode()
    assert "Take it" in hidden
    assert not any(f"/tickets/{number}/" in hidden for number in near)


def test_a_person_names_the_topic_and_the_suggestion_learns_from_it(shop: Organization) -> None:
    learn(shop)
    row = sorted_as(shop, arrive(shop))
    assert row is not None
    with organization_scope(shop.id):
        owner = Membership.objects.get(role="owner")
    browser = _signed_in(shop, owner)
    browser.post(f"/tickets/{row.ticket.number}/sorting/topic/", {"topic": "Lost parcels"})
    with organization_scope(shop.id):
        assert Ticket.objects.get(pk=row.ticket_id).topic == "lost_parcels"
        assert Sorting.objects.get(pk=row.pk).state == "refused"
        assert "A person sorted it under" in lines(Ticket.objects.get(pk=row.ticket_id))[0].text
    answer = browser.post(f"/tickets/{row.ticket.number}/sorting/topic/", {"topic": "x" * 41})
    assert "at most 40 characters" in answer.content.decode()


def test_the_page_of_topics_asks_as_many_questions_for_many_topics(
    shop: Organization, django_assert_max_num_queries: Any
) -> None:
    learn(shop)
    with organization_scope(shop.id):
        owner, agent = Membership.objects.get(role="owner"), make_member(Role.AGENT)
        for n in range(60):
            make_ticket(topic=f"topic_{n}")
    browser = _signed_in(shop, owner)
    with django_assert_max_num_queries(25):
        shown = browser.get("/settings/topics/?topic=delivery").content.decode()
    assert "6 of 6 examples" in shown or "5 of 6 examples" in shown
    assert "Where is my" not in shown, "subjects, no words of customers"
    assert _signed_in(shop, agent).get("/settings/topics/").status_code == 403


def test_topics_are_put_together_and_taken_apart_again(shop: Organization) -> None:
    learn(shop)
    with organization_scope(shop.id):
        owner = Membership.objects.get(role="owner")
        made = merging_topics.merge(source="sizes", target="refund", member=owner)
        assert (len(made.tickets), Ticket.objects.filter(topic="sizes").count()) == (6, 0)
        assert not LearnedTopics.objects.exists()
        moved = Ticket.objects.filter(pk=made.tickets[0])
        moved.update(topic="elsewhere")
        merging_topics.undo(made=made, member=owner)
        merging_topics.undo(made=made, member=owner)
        assert Ticket.objects.filter(topic="sizes").count() == 5
        with pytest.raises(InvalidState):
            merging_topics.merge(source="refund", target="refund", member=owner)


def test_a_merge_does_not_take_protection_away() -> None:
    shop = _shop(human_only_topics=(*Clauses().human_only_topics, "sizes"))
    with organization_scope(shop.id):
        owner = Membership.objects.get(role="owner")
        with pytest.raises(InvalidState, match="protect"):
            merging_topics.merge(source="sizes", target="refund", member=owner)
        assert Ticket.objects.filter(topic="sizes").count() == 6
