"""The customer's ticket pages: own tickets only, answers with files, reasons, a second look."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import gate
from governance.core.facts import GateRequest
from governance.core.starter import starter
from governance.core.vocabulary import Action
from governance.models import AIStop, DataRequest
from governance.services.consents import record_choice
from governance.services.decisions import explain
from governance.services.policies import adopt_starter, draft_from, publish
from governance.services.stops import lift
from governance.tests.factories import make_decision
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.portal.tests.support import path_of, signed_in
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.api import MessageSerializer
from tickets.models import Attachment, Message, Ticket
from tickets.portal_links import why_url
from tickets.tests.factories import (
    make_approval,
    make_attachment,
    make_inbound,
    make_inbox,
    make_reply,
    make_ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Organization:
    return make_organization()


class Asked:
    """A customer with an answered ticket: an AI-assisted reply that Marta approved and sent."""

    def __init__(self, shop: Organization, **ticket: Any) -> None:
        with organization_scope(shop.id):
            self.customer = make_customer()
            self.marta = make_member("agent", name="Marta")
            self.ticket = make_ticket(customer=self.customer, subject="Blue shoes", **ticket)
            make_inbound(self.ticket, text="Where are <b>my</b> shoes?")
            self.note = make_reply(self.ticket, kind="note", state="done", text="Be nice to this one")
            self.reply = self._reply()
        self.client = signed_in(shop, self.customer)
        self.path = f"/portal/tickets/{self.ticket.number}/"

    def _reply(self) -> Message:
        decision = make_decision(system="built-in")
        source = {"kind": "article", "title": "Delivery", "passage": "Two days.", "slug": "delivery"}
        other = {"kind": "earlier_answer", "title": "To Bob", "passage": "Bob's own words"}
        explain(
            decision=decision,
            sources=[{**source, "updated": "2026-05-01"}, other],
            service="built-in",
            replaced={"PERSON": 2},
            fields_used=["subject", "message"],
        )
        reply = make_reply(
            self.ticket, author=self.marta, text="In two days.", ai_involvement="edited", decision=decision
        )
        reply.disclosure = "Written with AI assistance, checked and sent by Marta."
        reply.save()
        make_approval(reply)
        for state in ("queued", "sending", "sent"):
            reply.state = state
            reply.save()
        return reply


@pytest.fixture
def asked(shop: Organization) -> Asked:
    return Asked(shop)


def test_the_ticket_shows_the_conversation_and_nothing_of_the_team(asked: Asked, shop: Organization) -> None:
    with organization_scope(shop.id):
        make_reply(asked.ticket, state="held", text="Not sent yet")
    page = asked.client.get(asked.path).content.decode()
    assert "Where are &lt;b&gt;my&lt;/b&gt; shoes?" in page
    assert "In two days." in page
    assert "Written with AI assistance, checked and sent by Marta." in page
    assert "Be nice" not in page
    assert "Not sent yet" not in page
    assert "Blue shoes" in asked.client.get("/portal/tickets/").content.decode()


def test_the_line_about_ai_has_words_of_its_own_where_the_rules_say_so(
    asked: Asked, shop: Organization
) -> None:
    portal, api = "{name} answers for this; AI helped.", "AI helped {name}."
    with organization_scope(shop.id):
        owner = make_member("owner")
        adopt_starter(starter=starter(), member=owner)
        draft = draft_from(policy=gate.policy_in_force(), member=owner)
        draft.clauses = {
            **draft.clauses,
            "disclosure_elsewhere": {"portal": {"en": portal}, "api": {"en": api, "de": ""}},
        }
        draft.save()
        publish(policy=draft, member=owner)
        asked.reply.refresh_from_db()
        reply = Message.objects.select_related("author__user").get(pk=asked.reply.pk)
        reply.language = "en"
        assert MessageSerializer(reply).data["disclosure"] == "AI helped Marta."
        reply.language = "de"
        assert MessageSerializer(reply).data["disclosure"] == reply.disclosure, "else as it went out"
        asked.note.refresh_from_db()
        assert MessageSerializer(asked.note).data["disclosure"] == ""
    page = asked.client.get(asked.path).content.decode()
    assert "Marta answers for this; AI helped." in page
    assert "checked and sent by Marta" not in page


def test_why_this_answer_tells_sources_service_rules_person_and_what_was_replaced(asked: Asked) -> None:
    page = asked.client.get(f"{asked.path}answers/{asked.reply.pk}/why/").content.decode()
    for said in ("Delivery", "Two days.", "/help/delivery/", "built-in", "Marta", "names (2)", "1 May 2026"):
        assert said in page, said
    assert "earlier answer of our team" in page
    assert "Bob" not in page, "never another customer's words"


def test_the_link_of_a_mail_shows_that_one_explanation_without_sign_in(
    asked: Asked, shop: Organization
) -> None:
    with organization_scope(shop.id):
        path = path_of(why_url(asked.reply))
    stranger = browser_of(shop)
    page = stranger.get(path)
    assert page.status_code == 200
    assert "Two days." in page.content.decode()
    assert "Where are" not in page.content.decode(), "not the conversation"
    assert stranger.get(asked.path).status_code == 302, "and it signs nobody in"
    assert stranger.get(path[:-3] + "zz/").status_code == 404
    assert browser_of(make_organization()).get(path).status_code == 404


def test_a_second_look_reopens_the_ticket_once_and_keeps_the_ai_away(
    asked: Asked, shop: Organization
) -> None:
    with organization_scope(shop.id):
        Ticket.objects.filter(pk=asked.ticket.pk).update(status="closed")
    for _ in range(2):
        done = asked.client.post(f"{asked.path}answers/{asked.reply.pk}/look-again/")
        assert done.status_code == 302
    with organization_scope(shop.id):
        ticket = Ticket.objects.get(pk=asked.ticket.pk)
        [request] = DataRequest.objects.all()
        assert (ticket.status, ticket.human_only, ticket.is_unread) == ("open", True, True)
        assert (request.kind, request.subject_kind, request.subject_id) == (
            "human_review", "message", asked.reply.pk,
        )  # fmt: skip
        assert ticket.events.filter(kind="look_again").count() == 1
        stop = AIStop.objects.get()
        adopt_starter(starter=starter(), member=make_member())
        question = GateRequest(action=Action.DRAFT, subject=f"ticket:{ticket.pk}", customer_known=True)
        answer = gate.check(question, subject_kind="message", subject_id=1, customer=ticket.customer)
        assert not answer.allowed
        assert "G13" in [one.code for one in answer.judgement.stopped_by]
        lift(stop=stop, member=asked.marta)
    assert "We will write to you" in asked.client.get(asked.path).content.decode()
    with organization_scope(shop.id):
        owner = make_member()
    desk = browser_of(shop, owner).get(f"/tickets/{asked.ticket.number}/").content.decode()
    assert "The customer asks a person to look again." in desk


def test_a_second_look_can_be_asked_from_the_mail(asked: Asked, shop: Organization) -> None:
    with organization_scope(shop.id):
        path = path_of(why_url(asked.reply))
    client = browser_of(shop)
    client.get(path)
    with organization_scope(shop.id):
        assert not DataRequest.objects.exists(), "opening it asks for nothing"
    assert client.post(path).status_code == 200
    with organization_scope(shop.id):
        assert DataRequest.objects.get().kind == "human_review"


def test_a_customer_answers_with_files(asked: Asked, shop: Organization) -> None:
    files = [
        SimpleUploadedFile("../../photo.jpg", b"jpeg", "image/jpeg"),
        SimpleUploadedFile("b.txt", b"two"),
    ]
    done = asked.client.post(asked.path, {"text": "Still nothing.", "files": files})
    assert done.status_code == 302
    with organization_scope(shop.id):
        message = Message.objects.filter(kind="inbound").latest("pk")
        assert message.text == "Still nothing."
        assert Ticket.objects.get(pk=asked.ticket.pk).customer_messages == 2
        names = [one.name for one in Attachment.objects.filter(message=message)]
        assert len(names) == 2
        assert not any("/" in name for name in names)
        pk = Attachment.objects.filter(message=message).earliest("pk").pk
    got = asked.client.get(f"{asked.path}files/{pk}/")
    assert b"".join(got.streaming_content) == b"jpeg"
    assert got["Content-Disposition"].startswith("attachment")
    assert asked.client.post(asked.path, {"text": "  "}).status_code == 422


def test_files_above_the_limit_are_refused_in_words(asked: Asked, settings: Any) -> None:
    settings.MAX_ATTACHMENT_BYTES = 3
    files = [SimpleUploadedFile("a.txt", b"1234")]
    refused = asked.client.post(asked.path, {"text": "x", "files": files})
    assert refused.status_code == 422
    assert "25 MB" in refused.content.decode()


def test_a_new_question_becomes_a_ticket_with_a_number(asked: Asked, shop: Organization) -> None:
    done = asked.client.post("/portal/tickets/new/", {"subject": "A bag", "text": "Do you have it in red?"})
    with organization_scope(shop.id):
        ticket = Ticket.objects.latest("pk")
        assert (ticket.subject, ticket.channel, ticket.customer_messages) == ("A bag", "portal", 1)
        assert ticket.number == asked.ticket.number + 1
    assert done["Location"] == f"/portal/tickets/{ticket.number}/"


@pytest.mark.parametrize(
    ("basis", "chosen", "said", "may_refuse"),
    [
        ("legitimate_interest", {}, "AI may help draft the answer. A person reads and sends it.", True),
        ("ask_first", {}, "May AI help draft the answer? Only if you say yes.", True),
        ("ask_first", {"ai_assist": "granted"}, "AI may help draft the answer.", True),
        ("legitimate_interest", {"humans_only": "granted"}, "You are answered without AI.", False),
        ("legitimate_interest", {"ai_assist": "objected"}, "You are answered without AI.", False),
        ("ask_first", {"ai_assist": "refused"}, "You are answered without AI.", False),
    ],
)
def test_who_asks_here_is_told_of_ai_before(
    shop: Organization, basis: str, chosen: dict[str, str], said: str, may_refuse: bool
) -> None:
    with organization_scope(shop.id):
        customer, member = make_customer(), make_member()
        rules = adopt_starter(starter=starter(), member=member)
        draft = draft_from(policy=rules, member=member)
        draft.clauses = {**draft.clauses, "basis": basis}
        draft.save()
        publish(policy=draft, member=member)
        for purpose, state in chosen.items():
            record_choice(customer=customer, purpose=purpose, state=state, method="portal")
    client = signed_in(shop, customer)
    page = client.get("/portal/tickets/new/").content.decode()
    assert said in page
    assert 'href="/portal/choices/"' in page.split("</h1>")[1].split("<form")[0]
    link = re.search(r'href="(/portal/no-ai/[^"]+)"', page)
    assert bool(link) is may_refuse
    if link:
        assert client.get(link[1]).status_code == 200
        client.post(link[1])
        assert "You are answered without AI." in client.get("/portal/tickets/new/").content.decode()


def test_without_rules_no_ai_is_told_of(shop: Organization) -> None:
    with organization_scope(shop.id):
        customer = make_customer()
    page = signed_in(shop, customer).get("/portal/tickets/new/").content.decode()
    assert "AI may help" not in page
    assert "/portal/no-ai/" not in page


def test_without_an_inbox_a_question_is_not_lost_in_silence(shop: Organization) -> None:
    with organization_scope(shop.id):
        customer = make_customer()
    client = signed_in(shop, customer)
    refused = client.post("/portal/tickets/new/", {"subject": "A bag", "text": "Red?"})
    assert refused.status_code == 422
    assert "mail" in refused.content.decode()


def test_a_closed_ticket_points_to_a_new_one(shop: Organization) -> None:
    asked = Asked(shop, status="closed")
    assert "/portal/tickets/new/" in asked.client.get(asked.path).content.decode()
    assert asked.client.post(asked.path, {"text": "hello?"}).status_code == 404


def test_what_belongs_to_others_does_not_exist(asked: Asked, shop: Organization) -> None:
    """Another customer of the shop, another organization's customer, and nobody: on every URL of a ticket."""
    with organization_scope(shop.id):
        path = default_storage.save("x", ContentFile(b"x"))
        inbound = Message.objects.get(ticket=asked.ticket, kind="inbound")
        file = make_attachment(inbound, file=path)
        hidden = make_attachment(asked.note, file=path)
        rival = make_customer()
        make_ticket(customer=rival)
    elsewhere = make_organization()
    with organization_scope(elsewhere.id):
        stranger = make_customer()
        make_inbox()
    urls = [
        ("get", asked.path),
        ("get", f"{asked.path}ai/"),
        ("post", asked.path),
        ("get", f"{asked.path}files/{file.pk}/"),
        ("get", f"{asked.path}answers/{asked.reply.pk}/why/"),
        ("post", f"{asked.path}answers/{asked.reply.pk}/look-again/"),
        ("post", f"{asked.path}ai/"),
        ("post", f"{asked.path}settle/"),
        ("post", f"{asked.path}reopen/"),
    ]
    rival_client, stranger_client = signed_in(shop, rival), signed_in(elsewhere, stranger)
    for method, url in urls:
        assert getattr(rival_client, method)(url, {"text": "x"}).status_code == 404, url
        assert getattr(stranger_client, method)(url, {"text": "x"}).status_code == 404, url
        assert getattr(browser_of(shop), method)(url)["Location"] == "/portal/sign-in/", url
    own = asked.client.get(f"{asked.path}files/{file.pk}/")
    assert b"".join(own.streaming_content) == b"x"
    assert asked.client.get(f"{asked.path}files/{hidden.pk}/").status_code == 404, (
        "a note's file is the team's"
    )


def test_pages_cost_the_same_with_two_and_with_twenty_rows(asked: Asked, shop: Organization) -> None:
    counts = []
    for size in (2, 20):
        with organization_scope(shop.id):
            for _ in range(size):
                make_ticket(customer=asked.customer)
                make_attachment(make_inbound(asked.ticket))
        with CaptureQueriesContext(
            connection,
        ) as listing:
            asked.client.get("/portal/tickets/")
        with CaptureQueriesContext(connection) as single:
            asked.client.get(asked.path)
        counts.append((len(listing), len(single)))
    assert counts[0] == counts[1]
