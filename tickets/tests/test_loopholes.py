"""Ways past a customer's no: a topic found after the draft, a no of somebody else whom the answer concerns."""

from __future__ import annotations

import pytest
from django.core import mail

from governance.models import AIDecision
from governance.services import consents, decisions, requests
from governance.tests.factories import make_decision
from helpdesk.errors import NotAllowed
from helpdesk.people.models import Customer
from tickets import sensitive
from tickets.models import Message, MessageKind
from tickets.tests.at_work import DRAFT, Desk, desk
from tickets.tests.factories import make_ai_text
from tickets.tests.mails import arrive

pytestmark = pytest.mark.django_db
FOR_BO = "Hello Bo, forty days are fine for you as well, and the slip that Ana has is good for both of your parcels."


@pytest.fixture(name="at")
def _at() -> Desk:
    return desk()


def test_a_draft_from_before_cannot_answer_what_only_people_answer(at: Desk) -> None:
    arrive(at.inbox, "My mother died last week, they were hers.", in_reply_to="<q1@customer.example>")
    with pytest.raises(NotAllowed, match="leave this topic to people"):
        at.draft_reply()
    assert at.reply("I am so sorry. Send them whenever you can.").ai_involvement == "none"


def test_a_topic_is_asked_about_again_when_the_answer_leaves(
    at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = at.draft_reply()
    monkeypatch.setattr(sensitive, "_readers", [lambda _ticket: frozenset({"legal"})])
    assert at.send(reply) == ""
    assert (at.state(reply), mail.outbox) == ("held", [])
    with at.scope():
        assert "lawyers and courts" in Message.objects.get(pk=reply.pk).held_reason


def bo_asks_too(at: Desk) -> tuple[Customer, AIDecision]:
    """Bo reads in copy, asks something, and a draft is written for him."""
    at.send(at.reply(cc="bo@customer.example"))
    sent = mail.outbox.pop()
    fields = {"from": "bo@customer.example", "in_reply_to": sent.extra_headers["Message-ID"]}
    assert arrive(at.inbox, "And mine?", **fields).ticket_number == 1
    with at.scope():
        bo = Message.objects.filter(kind=MessageKind.INBOUND).latest("pk").customer
        assert bo is not None
        decision = make_decision(subject_id=at.ticket.pk, customer=bo)
        decisions.explain(decision=decision, sources=[], service="built-in")
        make_ai_text(at.ticket, FOR_BO, decision=decision)
    return bo, decision


def test_whoever_the_draft_was_written_for_can_say_no(at: Desk) -> None:
    bo, decision = bo_asks_too(at)
    with at.scope():
        consents.record_choice(customer=bo, purpose="ai_assist", state="objected", method="portal")
    with pytest.raises(NotAllowed, match="said no"):
        at.reply(FOR_BO, used_decision_id=decision.pk)


def test_a_no_of_a_reader_in_copy_holds_what_is_on_its_way(at: Desk) -> None:
    bo, decision = bo_asks_too(at)
    reply = at.reply(FOR_BO, used_decision_id=decision.pk)
    with at.scope():
        consents.answer_without_ai(customer=bo, method="mail_link")
    assert at.send(reply) == ""
    assert (at.state(reply), mail.outbox) == ("held", [])


def test_a_pause_counts_like_a_no_whoever_of_them_asked_for_it(at: Desk) -> None:
    bo, _decision = bo_asks_too(at)
    with at.scope():
        requests.open_request(customer=at.ticket.customer, kind="restrict")
        assert consents.whose_choice([bo, at.ticket.customer]) == at.ticket.customer
        consents.allow_ai_again(customer=bo, method="portal")
        assert consents.whose_choice([bo, at.ticket.customer]) == at.ticket.customer
    with pytest.raises(NotAllowed, match="pause"):
        at.reply(DRAFT, used_decision_id=at.ai_text.decision_id)


def test_where_nobody_says_no_the_drafts_leave(at: Desk) -> None:
    _bo, decision = bo_asks_too(at)
    assert at.send(at.reply(FOR_BO, used_decision_id=decision.pk)) == "sent"
