"""The team's own sent answers as sources: without personal data, without the customer's words, and only while we may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aiassist import pipeline
from aiassist.core.earlier import reusable
from aiassist.core.people import KnownPerson
from aiassist.models import Draft, Passage
from aiassist.retrieval import SOURCES, may_see, shelf_for_inbox
from aiassist.services import indexing
from aiassist.tests.factories import make_draft
from aiassist.tests.ruled import in_force
from governance.core.clauses import DEFAULT_AI_FIELDS
from governance.models import AIDecision, DraftExplanation
from governance.services import consents, requests
from helpdesk.people.models import Membership, Role
from helpdesk.people.permissions import grant_inbox
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.privacy.erasure import erase
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Message, MessageOutcome, Status, Ticket
from tickets.tests.factories import make_article, make_inbound, make_inbox, make_reply, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
ANSWER = (
    "Hello Marta,\n\nThe boots of the Vela line run one size small, so please choose one size more than usual."
    " Your order 40293 is on its way to Marta Oliveira.\n\nKind regards\nJo"
)
ASKED = "My name is Marta Oliveira. Which size should I take for the Vela boots?"


@pytest.fixture
def shop() -> Organization:
    organization = make_organization(name="Linden & Vale")
    with organization_scope(organization.id):
        allow_earlier_answers()
        make_article(title="The Vela line", body="Boots made by hand.", slug="vela")
    return organization


def allow_earlier_answers(*, yes: bool = True) -> None:
    fields = DEFAULT_AI_FIELDS | ({"earlier_answers"} if yes else set())
    in_force(ai_fields=frozenset(fields))


def solved(answer: str = ANSWER, *, name: str = "Marta Oliveira", **fields: Any) -> Message:
    """A ticket that a person answered and solved."""
    address = f"{name.split(maxsplit=1)[0].lower()}@example.com"
    ticket = make_ticket(customer=make_customer(address, name=name), status=Status.SOLVED, **fields)
    make_inbound(ticket, text=ASKED)
    return make_reply(ticket, text=answer, state="sent", sent_at=timezone.now())


def passages(shop: Organization) -> list[str]:
    indexing.index_organization(shop.id)
    with organization_scope(shop.id):
        return [one.text for one in Passage.objects.filter(message__isnull=False).exclude(text="")]


def test_what_is_kept_names_nobody_and_promises_nothing() -> None:
    kept = reusable(
        f"{ANSWER}\nWe refund 30 euros today. As you wrote, which size should I take for the Vela boots is a fair question.",
        asked=[ASKED],
        people=[KnownPerson("Marta Oliveira")],
        published={"vela"},
    )
    assert kept == (
        "The boots of the Vela line run one size small, so please choose one size more than usual."
    )
    assert reusable(ANSWER, asked=[ASKED], people=[KnownPerson("Marta Vela")], published={"vela"}) == ""
    assert reusable("Thank you, Marta. See you on Friday.", asked=[]) == ""


def test_an_answer_is_found_in_its_inbox_and_in_no_other(shop: Organization) -> None:
    with organization_scope(shop.id):
        ticket = solved().ticket
        other = make_inbox()
    assert passages(shop) == [
        "The boots of the Vela line run one size small, so please choose one size more than usual."
    ]
    with organization_scope(shop.id):
        kinds = {
            inbox: [one.kind for one in shelf_for_inbox(inbox, SOURCES).passages]
            for inbox in (ticket.inbox_id, other.pk)
        }
        assert kinds == {ticket.inbox_id: ["article", "earlier"], other.pk: ["article"]}
        assert len(shelf_for_inbox(ticket.inbox_id).passages) == 1, "where nobody asks for earlier answers"
        asked = AIDecision.objects.get(action="index", customer=None, request__customers__isnull=False)
        assert asked.request["customers"] == {"allowed": 1, "left_out": 0}
    assert indexing.index_organization(shop.id) == 0, "running it twice reads nothing again"


@pytest.mark.parametrize(
    "unfit",
    [
        {"state": "queued"},
        {"ai_involvement": "edited"},
        {"sent_at": timezone.now() - timedelta(days=800)},
        {"kind": "note", "state": "done"},
    ],
)
def test_what_was_not_sent_by_a_person_alone_is_not_read(shop: Organization, unfit: dict[str, Any]) -> None:
    with organization_scope(shop.id):
        ticket = solved("Thanks for asking, a colleague will look.").ticket
        Message.objects.filter(ticket=ticket, kind="reply").delete()
        values = {"state": "sent", "sent_at": timezone.now(), "text": ANSWER, **unfit}
        if unfit.get("ai_involvement"):
            values["state"] = "prepared"
        make_reply(ticket, **values)
    assert passages(shop) == []


@pytest.mark.parametrize("status", ["open", "spam"])
def test_only_of_solved_tickets_that_people_need_not_keep(shop: Organization, status: str) -> None:
    with organization_scope(shop.id):
        ticket = solved().ticket
        Ticket.objects.filter(pk=ticket.pk).update(status=status)
        private = solved(name="Ada Berg").ticket
        Ticket.objects.filter(pk=private.pk).update(human_only=True)
    assert passages(shop) == []


def _object(customer: Any) -> None:
    consents.record_choice(customer=customer, purpose="ai_assist", state="objected", method="portal")


def _without_ai(customer: Any) -> None:
    consents.answer_without_ai(customer=customer, method="portal")


def _pause(customer: Any) -> None:
    requests.open_request(customer=customer, kind="restrict")


@pytest.mark.parametrize("say", [_object, _without_ai, _pause, erase])
def test_a_customers_no_takes_the_answer_away_at_once(shop: Organization, say: Any) -> None:
    with organization_scope(shop.id):
        kept = solved(name="Ada Berg")
        gone = solved()
    assert len(passages(shop)) == 2
    with organization_scope(shop.id):
        say(gone.ticket.customer)
    with organization_scope(shop.id):
        left = Passage.objects.filter(message__isnull=False).values_list("message", flat=True)
        assert list(left) == [kept.pk], "at once, without a worker"
    assert len(passages(shop)) == 1, "and it does not come back"


def test_somebody_elses_no_in_the_ticket_counts_too(shop: Organization) -> None:
    with organization_scope(shop.id):
        ticket = solved().ticket
        second = make_customer("second@example.com", name="Second Person")
        make_inbound(ticket, customer=second, text="I ask too")
        _object(second)
    assert passages(shop) == []


def test_where_the_rules_do_not_name_them_nothing_is_read_and_what_was_goes(shop: Organization) -> None:
    with organization_scope(shop.id):
        solved()
    assert len(passages(shop)) == 1
    with organization_scope(shop.id):
        allow_earlier_answers(yes=False)
    assert passages(shop) == []


def test_a_draft_says_that_it_stands_on_an_earlier_answer(shop: Organization) -> None:
    with organization_scope(shop.id):
        old = solved().ticket
    passages(shop)
    with organization_scope(shop.id):
        ticket = make_ticket(inbox=old.inbox, customer=make_customer("new@example.com", name="New Person"))
        message = make_inbound(ticket, text="Do the boots of the Vela line run small? Which size do I take?")
    pipeline.handle(shop.id, message.pk)
    with organization_scope(shop.id):
        assert MessageOutcome.objects.get(message=message).result == "drafted"
        (source,) = Draft.objects.get(message=message).sources
        assert (source["kind"], source["title"]) == ("earlier_answer", "")
        assert "Marta" not in str(source)
        assert "earlier_answers" in DraftExplanation.objects.get().fields_used


def _signed_in(shop: Organization, member: Membership) -> Client:
    client = Client(headers={"host": f"{shop.slug}.localhost"})
    client.force_login(member.user)
    return client


def test_a_draft_is_hidden_from_who_may_not_see_its_sources(shop: Organization) -> None:
    """The ticket went to another inbox after the draft was written: its colleagues do not see the first one."""
    with organization_scope(shop.id):
        owner, agent = make_member(Role.OWNER), make_member(Role.AGENT)
        old = solved()
        here = make_inbox()
        grant_inbox(agent, here)
        ticket = make_ticket(inbox=here)
        message = make_inbound(ticket, text="Which size?")
        source = {
            "number": 1,
            "kind": "earlier_answer",
            "id": old.pk,
            "title": "",
            "passage": "Boots run small.",
            "updated": "2026-01-01",
            "slug": "",
        }
        draft = make_draft(message, text="Boots run small indeed.", sources=[source], sentences=[])
        assert may_see(draft.sources, owner)
        assert not may_see(draft.sources, agent)
    shown = _signed_in(shop, owner).get(f"/tickets/{ticket.number}/ai/").content.decode()
    assert "An earlier answer of our team" in shown
    hidden = _signed_in(shop, agent).get(f"/tickets/{ticket.number}/ai/").content.decode()
    assert "Boots run small" not in hidden
    assert "may not see" in hidden
    for step in ("use", "edit", "reject"):
        assert _signed_in(shop, agent).post(f"/tickets/{ticket.number}/ai/{step}/").status_code == 404
