"""Tickets that are alike in meaning: found in other words, solved ones only, and never out of sight."""

from __future__ import annotations

import pytest

from aiassist import meanings
from aiassist.core.embed import default_embedder
from aiassist.core.retrieve import make_query
from aiassist.meanings import similar
from tickets.models import Inbox, Ticket
from tickets.tests.desk import Desk, make_desk
from tickets.tests.factories import make_ticket

pytestmark = pytest.mark.django_db

#: Pairs of the same wish in other words, and what only sounds alike.
ALIKE = (
    (
        "My parcel has not arrived yet, where is it?",
        "Still no delivery after ten days. Can you track my package?",
    ),
    ("How do I send the jacket back?", "I would like to return a coat that does not fit me."),
    ("I was charged twice for one order.", "There are two payments for my order on the bank statement."),
    ("Can I change the name on my ticket?", "There is a typo in my name on the booking, please correct it."),
    (
        "The zip of my bag broke after a week.",
        "The bag that I bought is defective, the zipper does not close.",
    ),
)
OTHERS = (
    "Do you have a shop in Vienna?",
    "Please send me an invoice with my VAT number.",
    "Is the wool in your sweaters from sheep that were treated well?",
    "I would like to work for you this summer.",
)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def about(inbox: Inbox, text: str, status: str = "solved") -> Ticket:
    ticket = make_ticket(inbox=inbox, subject="Question", status=status)
    meanings.keep(ticket, make_query(text, default_embedder()).vectors[0])
    return ticket


def test_the_same_wish_in_other_words_is_found_and_another_is_not(desk: Desk) -> None:
    with desk.scope():
        for text in OTHERS:
            about(desk.inbox, text)
        solved = [about(desk.inbox, one) for one, _other in ALIKE]
        found = [similar(about(desk.inbox, other, "open"), desk.agent) for _one, other in ALIKE]
    assert [one[0] if one else None for one in found] == solved
    assert sum(len(one) for one in found) <= len(ALIKE) + 2, "hardly anything that is about something else"


def test_what_is_out_of_sight_or_still_open_is_not_shown(desk: Desk) -> None:
    text = ALIKE[0][0]
    with desk.scope():
        mine = about(desk.inbox, text, "open")
        hidden, _open = about(desk.other_inbox, text), about(desk.inbox, text, "open")
        assert similar(mine, desk.agent) == []
        assert similar(mine, desk.owner) == [hidden]


def test_another_organizations_tickets_are_not_alike(desk: Desk) -> None:
    other = make_desk()
    with other.scope():
        about(other.inbox, ALIKE[0][0])
    with desk.scope():
        assert similar(about(desk.inbox, ALIKE[0][0], "open"), desk.owner) == []


def test_a_later_message_does_not_change_what_a_ticket_is_about(desk: Desk) -> None:
    with desk.scope():
        ticket = about(desk.inbox, ALIKE[0][0], "open")
        solved = about(desk.inbox, ALIKE[0][1])
        meanings.keep(ticket, make_query("Any news?", default_embedder()).vectors[0])
        assert similar(ticket, desk.agent) == [solved]


def test_it_costs_the_same_at_any_number(desk: Desk, django_assert_num_queries: object) -> None:
    with desk.scope():
        ticket = about(desk.inbox, ALIKE[0][0], "open")
        for more in (1, 15):
            for _ in range(more):
                about(desk.inbox, ALIKE[0][1])
            with django_assert_num_queries(2):  # type: ignore[operator]
                similar(ticket, desk.owner)
