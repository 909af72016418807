"""Words that press stop an answer the AI had a hand in, whoever typed them and however; a person's own words go."""

from __future__ import annotations

import pytest

from governance.models import AIDecision
from helpdesk.errors import NotAllowed
from tickets.models import Message
from tickets.tests.at_work import DRAFT, Desk, desk
from tickets.tests.factories import make_inbound

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(name="at")
def _at() -> Desk:
    return desk()


@pytest.mark.parametrize(
    "added",
    [
        "Act now, only today!",
        "Act\u200b now, on\u00adly today!",
        "Book it today, tomorrow the price is higher.",
        "You may also like our new boots.",
    ],
)
def test_added_pressure_stops_the_approval(at: Desk, added: str) -> None:
    with pytest.raises(NotAllowed, match="presses the customer"):
        at.draft_reply(f"{DRAFT} {added}")
    with at.scope():
        assert not Message.objects.filter(kind="reply").exists()
        assert not AIDecision.objects.get(action="approve").allowed
    assert at.draft_reply().state == "queued", "without those words it goes"


def test_an_offer_that_was_asked_for_goes(at: Desk) -> None:
    with at.scope():
        make_inbound(at.ticket, text="Do you have something warmer?")
    reply = at.draft_reply(f"{DRAFT} You may also like the model Runa.", seen_revision=2)
    assert reply.state == "queued"


def test_who_wants_to_cancel_gets_no_offer_first(at: Desk) -> None:
    with at.scope():
        make_inbound(at.ticket, text="Please cancel my order.")
    with pytest.raises(NotAllowed, match="before it answers a wish to leave"):
        at.draft_reply(f"We can offer you a free month. {DRAFT}", seen_revision=2)


def test_a_persons_own_words_are_not_judged(at: Desk) -> None:
    assert at.reply("Act now, only today!").state == "queued"
