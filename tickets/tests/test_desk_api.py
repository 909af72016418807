"""The API: the same rights as the desk, and no way around an approval."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.test import Client

from governance.models import AIDecision
from helpdesk.people.models import ApiToken, Membership
from tickets.models import ComposerDraft, Message, Ticket
from tickets.tests.desk import Desk, make_desk
from tickets.tests.factories import (
    make_ai_text,
    make_article,
    make_composer_draft,
    make_inbound,
    make_reply,
    make_ticket,
    make_ticket_tag,
)

pytestmark = pytest.mark.django_db
SECRET = "a-token-of-a-program"


@pytest.fixture
def desk() -> Desk:
    """A desk with its people."""
    return make_desk()


def program(desk: Desk, member: Membership) -> Client:
    """A program with a token of the member."""
    with desk.scope():
        digest = hashlib.sha256(SECRET.encode()).hexdigest()
        ApiToken.objects.get_or_create(token_hash=digest, defaults={"membership": member, "name": "program"})
    return desk.client(headers={"Authorization": f"Bearer {SECRET}"})


def waiting(desk: Desk, **fields: Any) -> Ticket:
    """A ticket with a customer's message, in the agent's inbox."""
    with desk.scope():
        return make_inbound(make_ticket(**{"inbox": desk.inbox, **fields})).ticket


def post(client: Client, url: str, data: dict[str, Any], method: str = "post") -> Any:
    """A request with JSON."""
    return getattr(client, method)(url, data, content_type="application/json")


def test_a_program_reads_what_its_member_sees(desk: Desk) -> None:
    ticket = waiting(desk, subject="Mine")
    hidden = waiting(desk, inbox=desk.other_inbox)
    client = program(desk, desk.agent)
    listed = client.get("/api/v1/tickets/").json()["results"]
    assert [one["number"] for one in listed] == [ticket.number]
    assert listed[0]["customer"]["addresses"]
    assert client.get(f"/api/v1/tickets/{ticket.number}/").json()["subject"] == "Mine"
    messages = client.get(f"/api/v1/tickets/{ticket.number}/messages/").json()
    assert messages[0]["text"].startswith("Hello")
    assert [one["name"] for one in client.get("/api/v1/inboxes/").json()["results"]] == ["Shop"]
    for part in ("", "messages/"):
        assert client.get(f"/api/v1/tickets/{hidden.number}/{part}").status_code == 404
    assert post(client, f"/api/v1/tickets/{hidden.number}/notes/", {"text": "x"}).status_code == 404


def test_a_token_is_worth_nothing_elsewhere_or_when_wrong(desk: Desk) -> None:
    other, ticket = make_desk(), waiting(desk)
    program(desk, desk.owner)
    for client in (
        other.client(headers={"Authorization": f"Bearer {SECRET}"}),
        desk.client(headers={"Authorization": "Bearer wrong"}),
        desk.client(),
        other.client(desk.owner),
    ):
        assert client.get(f"/api/v1/tickets/{ticket.number}/").status_code == 401
    with desk.scope():
        ApiToken.objects.update(revoked_at=ticket.created_at)
    assert program(desk, desk.owner).get("/api/v1/tickets/").status_code == 401


def test_an_auditors_program_reads_only(desk: Desk) -> None:
    ticket, client = waiting(desk), program(desk, desk.auditor)
    assert client.get("/api/v1/tickets/").status_code == 200
    url = f"/api/v1/tickets/{ticket.number}/"
    assert post(client, url, {"status": "spam"}, "patch").status_code == 403
    assert post(client, f"{url}notes/", {"text": "x"}).status_code == 403
    assert post(client, f"{url}replies/", {"text": "x", "revision": 1}).status_code == 403
    assert post(client, "/api/v1/tickets/", {}).status_code == 403


def test_a_ticket_is_opened_changed_and_noted(desk: Desk) -> None:
    client = program(desk, desk.agent)
    data = {"inbox": desk.inbox.pk, "address": "Ann@Example.org", "subject": "Hello", "text": "Where is it?"}
    made = post(client, "/api/v1/tickets/", data)
    assert made.status_code == 201, made.json()
    assert made.json()["customer"]["addresses"] == ["ann@example.org"]
    url = f"/api/v1/tickets/{made.json()['number']}/"
    changes = {"status": "pending", "assignee": desk.agent.pk, "priority": 4, "tags": ["vip"]}
    changed = post(client, url, changes, "patch").json()
    assert {key: changed[key] for key in changes} == changes
    assert post(client, f"{url}notes/", {"text": "Called back"}).status_code == 201
    assert post(client, "/api/v1/tickets/", {**data, "inbox": desk.other_inbox.pk}).status_code == 400


def test_a_refused_change_changes_nothing(desk: Desk) -> None:
    ticket, client = waiting(desk), program(desk, desk.agent)
    url = f"/api/v1/tickets/{ticket.number}/"
    refused = post(client, url, {"status": "solved", "tags": ["a,b"]}, "patch")
    assert refused.status_code == 409
    assert refused.json()["title"]
    assert client.get(url).json()["status"] == "new"
    for bad in ({"status": "new"}, {"priority": 7}, {"tags": ["x" * 41]}):
        assert post(client, url, bad, "patch").status_code == 400
    assert client.get("/api/v1/tickets/?status=nonsense").status_code == 400
    assert client.get("/api/v1/tickets/?assignee=x").status_code == 400


def test_a_persons_own_words_are_sent(desk: Desk) -> None:
    ticket, client = waiting(desk), program(desk, desk.agent)
    url = f"/api/v1/tickets/{ticket.number}/replies/"
    sent = post(client, url, {"text": "It left on Monday.", "revision": 1, "status": "solved"})
    assert sent.status_code == 201, sent.json()
    assert (sent.json()["state"], sent.json()["ai_involvement"]) == ("queued", "none")
    assert post(client, url, {"text": "Again", "revision": 0}).status_code == 409


def test_what_the_member_is_typing_is_left_alone(desk: Desk) -> None:
    ticket, client = waiting(desk), program(desk, desk.agent)
    url = f"/api/v1/tickets/{ticket.number}/"
    with desk.scope():
        make_ai_text(ticket, "Your parcel left our warehouse on Monday and should reach you by Thursday.")
        typed = {"kind": "reply", "text": "Dear Ann, I am still loo", "cc": "boss@shop.example"}
        make_composer_draft(ticket=ticket, author=desk.agent, **typed)
        before = list(ComposerDraft.objects.values())
    for text, answer in (
        ("It left on Monday.", 201),
        ("Your parcel left our warehouse on Monday and should reach you by Thursday.", 409),
    ):
        assert post(client, f"{url}replies/", {"text": text, "revision": 1}).status_code == answer
    assert post(client, f"{url}replies/", {"text": "Late", "revision": 0}).status_code == 409
    assert post(client, f"{url}notes/", {"text": "Called back"}).status_code == 201
    with desk.scope():
        assert list(ComposerDraft.objects.values()) == before


def test_a_reply_by_a_program_leaves_no_draft_behind(desk: Desk) -> None:
    ticket, client = waiting(desk), program(desk, desk.agent)
    url = f"/api/v1/tickets/{ticket.number}/replies/"
    assert post(client, url, {"text": "It left on Monday.", "revision": 1}).status_code == 201
    assert post(client, url, {"text": "Late", "revision": 0}).status_code == 409
    with desk.scope():
        assert not ComposerDraft.objects.exists()


def test_the_ais_words_are_refused_and_the_refusal_is_kept(desk: Desk) -> None:
    ticket, client = waiting(desk), program(desk, desk.owner)
    with desk.scope():
        make_ai_text(ticket, "Your parcel left our warehouse on Monday and should reach you by Thursday.")
    for text in (
        "Your parcel left our warehouse on Monday and should reach you by Thursday.",
        "Hi! Your parcel left our warehouse on Monday and should reach you by Thursday. Ann",
    ):
        refused = post(client, f"/api/v1/tickets/{ticket.number}/replies/", {"text": text, "revision": 1})
        assert refused.status_code == 409
        assert refused.json()["title"]
    with desk.scope():
        assert not Message.objects.filter(kind="reply").exists()
        assert AIDecision.objects.filter(action="approve", allowed=False).count() == 2


@pytest.mark.parametrize("size", [2, 20])
def test_the_list_takes_the_same_queries_at_any_length(
    desk: Desk, size: int, django_assert_num_queries: Any
) -> None:
    with desk.scope():
        for _ in range(size):
            make_ticket_tag(ticket=make_reply(make_ticket(inbox=desk.inbox)).ticket)
            make_article()
    client = program(desk, desk.agent)
    client.get("/api/v1/tickets/")
    # organization, begin, scope, token, inboxes, tickets, addresses, tags x 2, end of scope, commit
    with django_assert_num_queries(11):
        assert len(client.get("/api/v1/tickets/").json()["results"]) == size
    assert len(client.get("/api/v1/articles/").json()["results"]) == size


def test_the_document_describes_it(desk: Desk) -> None:
    from drf_spectacular.generators import SchemaGenerator
    from drf_spectacular.validation import validate_schema

    schema = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    assert {"/api/v1/tickets/", "/api/v1/tickets/{number}/replies/"} <= set(schema["paths"])
    assert desk.client().get("/api/v1/schema/").status_code == 200
