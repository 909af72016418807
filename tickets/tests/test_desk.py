"""The desk's pages and fragments: what they show, who may, what other organizations and inboxes get, constant queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tickets.models import ComposerDraft, Message, MessageState, Status, Ticket
from tickets.tests.desk import HTMX, Desk, make_desk
from tickets.tests.factories import (
    make_attachment,
    make_canned_reply,
    make_event,
    make_inbound,
    make_outcome,
    make_reply,
    make_ticket,
    make_ticket_tag,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    """A desk with its people."""
    return make_desk()


def waiting(desk: Desk, **fields: Any) -> Ticket:
    """A ticket with a customer's message, in the agent's inbox."""
    with desk.scope():
        return make_inbound(make_ticket(**{"inbox": desk.inbox, **fields})).ticket


def text_of(response: Any) -> str:
    """The page as text."""
    return str(response.content.decode())


def test_list_and_ticket_stand_side_by_side(desk: Desk) -> None:
    ticket = waiting(desk, subject="Where is <my> parcel?")
    page = text_of(desk.client(desk.agent).get(f"/tickets/{ticket.number}/?view=unassigned"))
    assert 'id="list"' in page
    assert 'id="thread"' in page
    assert "Where is &lt;my&gt; parcel?" in page
    assert "where is my order 10482" in page
    assert 'data-view="unassigned" aria-current="page"' in page
    with desk.scope():
        assert not Ticket.objects.get(pk=ticket.pk).is_unread


def test_htmx_gets_the_part_it_asks_for(desk: Desk) -> None:
    ticket = waiting(desk)
    client = desk.client(desk.agent)
    pane = text_of(client.get(f"/tickets/{ticket.number}/", headers={**HTMX, "HX-Target": "ticket"}))
    assert "<html" not in pane
    assert 'id="thread"' in pane
    assert 'id="list"' not in pane
    for url in ("/", f"/tickets/{ticket.number}/"):
        part = text_of(client.get(url, headers={**HTMX, "HX-Target": "list"}))
        assert "<html" not in part
        assert 'id="list"' in part
        assert 'id="thread"' not in part
    rows = text_of(client.get("/?after=2001-01-01T00:00:00%2B00:00_1", headers=HTMX))
    assert 'id="list"' not in rows
    assert client.get("/?after=nonsense", headers=HTMX).status_code == 200


FRAGMENTS = ["", "row/", "thread/", "properties/", "presence/", "replies/"]
POSTS = ["take/", "solve/", "draft/", "send/", "files/", "properties/", "presence/"]


@pytest.mark.parametrize("part", FRAGMENTS)
def test_every_part_of_a_ticket_checks_who_asks(desk: Desk, part: str) -> None:
    ticket = waiting(desk)
    url, stranger = f"/tickets/{ticket.number}/{part}", make_desk()
    waiting(stranger)
    with desk.scope():
        hidden = make_inbound(make_ticket(inbox=desk.other_inbox)).ticket
    assert desk.client(desk.agent).get(url).status_code == 200
    assert desk.client(desk.agent).get(f"/tickets/{hidden.number}/{part}").status_code == 404
    assert desk.client().get(url).status_code == 302
    assert desk.client(stranger.owner).get(url).status_code == 302, (
        "a member of another organization is nobody here"
    )
    assert stranger.client(stranger.owner).get(f"/tickets/{hidden.number}/{part}").status_code == 404


@pytest.mark.parametrize("part", POSTS)
def test_writing_is_for_those_who_work_in_the_inbox(desk: Desk, part: str) -> None:
    ticket = waiting(desk)
    with desk.scope():
        hidden = make_inbound(make_ticket(inbox=desk.other_inbox)).ticket
    data = {"body": "Hello", "status": "spam", "tags": "x", "assignee": ""}
    assert desk.client(desk.agent).post(f"/tickets/{hidden.number}/{part}", data).status_code == 404
    response = desk.client(desk.auditor).post(f"/tickets/{ticket.number}/{part}", data)
    if part not in ("presence/", "properties/"):
        assert response.status_code == 403
    assert desk.client().post(f"/tickets/{ticket.number}/{part}", data).status_code == 302
    with desk.scope():
        assert set(Ticket.objects.values_list("status", "assignee")) == {("new", None)}
        assert not ComposerDraft.objects.exists()
        assert not Message.objects.exclude(kind="inbound").exists()


def test_a_post_without_its_token_is_refused(desk: Desk) -> None:
    ticket = waiting(desk)
    client = desk.client(desk.agent, enforce_csrf_checks=True)
    assert client.post(f"/tickets/{ticket.number}/solve/").status_code == 403


def test_an_auditor_reads_and_gets_no_way_to_write(desk: Desk) -> None:
    ticket = waiting(desk)
    page = text_of(desk.client(desk.auditor).get(f"/tickets/{ticket.number}/"))
    assert 'id="composer"' not in page
    assert 'id="bulk"' not in page
    assert "You can read here" in page
    with desk.scope():
        assert Ticket.objects.get(pk=ticket.pk).is_unread


def test_properties_are_saved_and_refused_in_place(desk: Desk) -> None:
    ticket = waiting(desk)
    client, url = desk.client(desk.agent), f"/tickets/{ticket.number}/properties/"
    data = {"assignee": desk.agent.pk, "status": "pending", "priority": "4", "tags": "vip, refund"}
    page = text_of(client.post(url, data, headers=HTMX))
    assert 'id="properties"' in page
    assert 'id="status-word" hx-swap-oob="true"' in page
    assert 'value="refund, vip"' in page
    refused = text_of(client.post(url, {**data, "status": "solved", "tags": "x" * 50}, headers=HTMX))
    assert 'role="alert"' in refused
    with desk.scope():
        now = Ticket.objects.get(pk=ticket.pk)
        assert (now.status, now.priority, now.assignee_id) == ("pending", 4, desk.agent.pk)


def test_take_and_solve(desk: Desk) -> None:
    ticket, client = waiting(desk), desk.client(desk.agent)
    assert 'id="properties"' in text_of(client.post(f"/tickets/{ticket.number}/take/", headers=HTMX))
    assert 'id="thread"' in text_of(client.post(f"/tickets/{ticket.number}/solve/", headers=HTMX))
    with desk.scope():
        now = Ticket.objects.get(pk=ticket.pk)
        assert (now.status, now.assignee_id) == (Status.SOLVED, desk.agent.pk)
    thread = text_of(client.get(f"/tickets/{ticket.number}/thread/"))
    assert f"{desk.agent.display_name} took the ticket." in thread
    assert f"{desk.agent.display_name} set the status to Solved." in thread


def test_many_at_once_touches_visible_tickets_only(desk: Desk) -> None:
    ticket = waiting(desk)
    with desk.scope():
        hidden = make_ticket(inbox=desk.other_inbox)
    client = desk.client(desk.agent)
    data = {"tickets": [ticket.number, hidden.number, "x"], "action": "close", "back": "/?view=open"}
    page = text_of(client.post("/bulk/", data, headers={**HTMX, "HX-Target": "list"}))
    assert "1 ticket changed." in page
    assert 'name="back" value="/?view=open"' in page
    with desk.scope():
        assert Ticket.objects.get(pk=ticket.pk).status == Status.CLOSED
        assert Ticket.objects.get(pk=hidden.pk).status == Status.NEW
    assert desk.client(desk.auditor).post("/bulk/", data).status_code == 403
    assert client.post("/bulk/", {**data, "back": "https://evil.example/"}).url == "/"


def test_the_composer_saves_itself_and_comes_back(desk: Desk) -> None:
    ticket, client = waiting(desk), desk.client(desk.agent)
    answer = text_of(
        client.post(f"/tickets/{ticket.number}/draft/", {"body": "Half a sen", "cc": "x@y.example"})
    )
    assert "Saved" in answer
    assert "Half a sen" in text_of(client.get(f"/tickets/{ticket.number}/"))
    assert "Half a sen" not in text_of(desk.client(desk.owner).get(f"/tickets/{ticket.number}/"))


def test_a_reply_is_sent_and_can_be_taken_back(desk: Desk) -> None:
    ticket, client = waiting(desk), desk.client(desk.agent)
    page = _send(client, ticket, "It left on Monday.")
    assert page.status_code == 200, text_of(page)
    assert "On its way to" in text_of(page)
    assert "It left on Monday." not in text_of(page)
    with desk.scope():
        message = Message.objects.get(kind="reply")
        assert message.state == MessageState.QUEUED
        assert message.ai_involvement == "none"
    back = client.post(f"/tickets/{ticket.number}/messages/{message.pk}/undo/", headers=HTMX)
    assert "It left on Monday." in text_of(back)
    with desk.scope():
        assert Message.objects.get(kind="reply").state == MessageState.CANCELLED


def _send(client: Client, ticket: Ticket, body: str, revision: str = "", **data: Any) -> Any:
    if not revision:
        page = text_of(client.get(f"/tickets/{ticket.number}/"))
        revision = page.split('name="revision" value="')[1].split('"')[0]
    data = {"kind": "reply", "body": body, "revision": revision, "status": "pending", **data}
    return client.post(f"/tickets/{ticket.number}/send/", data, headers=HTMX)


def test_the_second_of_two_answers_is_told_before_sending(desk: Desk) -> None:
    ticket = waiting(desk)
    first, second = desk.client(desk.owner), desk.client(desk.agent)
    revision = (
        text_of(second.get(f"/tickets/{ticket.number}/")).split('name="revision" value="')[1].split('"')[0]
    )
    _send(first, ticket, "First!")
    told = _send(second, ticket, "Second!", revision)
    assert told.status_code == 409
    assert f"{desk.owner.display_name} answered at" in text_of(told)
    assert "Second!" in text_of(told)
    with desk.scope():
        assert Message.objects.filter(kind="reply").count() == 1
        assert ComposerDraft.objects.get(author=desk.agent).text == "Second!"
    assert _send(second, ticket, "Second!", revision, confirm_conflict="1").status_code == 200


def test_an_answer_to_what_was_not_read_is_held_back(desk: Desk) -> None:
    ticket, client = waiting(desk), desk.client(desk.agent)
    with desk.scope():
        make_inbound(Ticket.objects.get(pk=ticket.pk), text="Wait, I found it")
    told = _send(client, ticket, "It left on Monday.", "1-1")
    assert told.status_code == 409
    assert "The customer wrote again." in text_of(told)
    assert "It left on Monday." in text_of(told)
    assert _send(client, ticket, "Good to hear.", "").status_code == 200


@pytest.mark.parametrize("data", [{"body": "   "}, {"body": "Hi", "cc": "not an address"}])
def test_what_cannot_be_sent_is_said_in_place_and_nothing_is_lost(desk: Desk, data: dict[str, str]) -> None:
    ticket, client = waiting(desk), desk.client(desk.agent)
    answer = _send(client, ticket, **data)
    assert answer.status_code == 422
    assert 'role="alert"' in text_of(answer)
    assert data.get("cc", "") in text_of(answer)
    with desk.scope():
        assert not Message.objects.filter(kind="reply").exists()


def test_a_note_stays_in_the_house(desk: Desk) -> None:
    ticket, client = waiting(desk), desk.client(desk.agent)
    assert _send(client, ticket, "Ask the warehouse", kind="note").status_code == 200
    assert "note for the team" in text_of(client.get(f"/tickets/{ticket.number}/thread/"))
    with desk.scope():
        assert Message.objects.get(kind="note").state == MessageState.DONE


def test_a_ready_reply_goes_below_what_was_typed(desk: Desk) -> None:
    ticket, client = waiting(desk), desk.client(desk.agent)
    with desk.scope():
        ours = make_canned_reply(title="Returns", body="Send it back within 30 days.")
        other = make_canned_reply(title="Wholesale only", inbox=desk.other_inbox)
    picker = text_of(client.get(f"/tickets/{ticket.number}/replies/?q=return"))
    assert "Returns" in picker
    assert "Wholesale only" not in text_of(client.get(f"/tickets/{ticket.number}/replies/"))
    url = f"/tickets/{ticket.number}/replies"
    page = text_of(client.post(f"{url}/{ours.pk}/", {"body": "Dear Marta,"}, headers=HTMX))
    assert "Dear Marta,\n\nSend it back within 30 days." in page
    assert client.post(f"{url}/{other.pk}/", headers=HTMX).status_code == 404


def test_words_of_strangers_are_only_words(desk: Desk) -> None:
    ticket = waiting(desk, subject="<script>alert(1)</script>")
    with desk.scope():
        make_inbound(
            Ticket.objects.get(pk=ticket.pk), text="<img src=x onerror=alert(2)>", quoted="<b>old</b>"
        )
        make_ticket_tag(ticket=ticket)
    page = text_of(desk.client(desk.agent).get(f"/tickets/{ticket.number}/"))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>old" not in page


def test_a_long_conversation_begins_with_its_end(desk: Desk) -> None:
    ticket = waiting(desk)
    with desk.scope():
        for n in range(60):
            make_reply(
                ticket, author=desk.owner, text=f"answer {n:03}", state="sent", sent_at=ticket.created_at
            )
    client = desk.client(desk.agent)
    short = text_of(client.get(f"/tickets/{ticket.number}/thread/"))
    assert "answer 059" in short
    assert "answer 005" not in short
    assert "answer 005" in text_of(client.get(f"/tickets/{ticket.number}/thread/?all=1"))


def _fill(desk: Desk, size: int) -> Ticket:
    with desk.scope():
        first = make_ticket(inbox=desk.inbox)
        for _ in range(size):
            message = make_inbound(first)
            make_attachment(message)
            make_event(ticket=first, kind="status", data={"to": "open"}, actor=desk.owner)
            make_reply(first, author=desk.owner)
            earlier = make_inbound(make_ticket(inbox=desk.inbox, customer=first.customer))
            make_outcome(earlier, result="drafted")
            make_ticket_tag(ticket=first)
            make_canned_reply()
        return first


# Around every page: organization, begin, scope, session, user, member, end of scope, commit.
FRAME = 8
PAGES: list[tuple[str, Callable[[Ticket], str], int]] = [
    # inboxes, saved views, counts, rows, people, tags, AI switch, notices (outside tests counts and views are remembered)
    ("list", lambda _ticket: "/", 8),
    # and ticket, about, messages, events, files, people of the inbox
    ("ticket", lambda ticket: f"/tickets/{ticket.number}/", 14),
    # inboxes, ticket, messages, events, files, people
    ("thread", lambda ticket: f"/tickets/{ticket.number}/thread/", 6),
    # inboxes, row
    ("row", lambda ticket: f"/tickets/{ticket.number}/row/", 2),
    # inboxes, counts, saved views
    ("counts", lambda _ticket: "/counts/", 3),
    # the list and the search
    ("search", lambda _ticket: "/?q=order", 9),
]


@pytest.mark.parametrize(("name", "url", "expected"), PAGES, ids=[one[0] for one in PAGES])
def test_pages_take_the_same_queries_at_any_length(
    name: str, url: Callable[[Ticket], str], expected: int, django_assert_max_num_queries: Any
) -> None:
    for size in (2, 20):
        desk = make_desk()
        ticket = _fill(desk, size)
        with desk.scope():
            Ticket.objects.update(is_unread=False)
        client = desk.client(desk.agent)
        client.get("/")
        with django_assert_max_num_queries(60) as captured:
            assert client.get(url(ticket)).status_code == 200
        taken = [one["sql"] for one in captured.captured_queries]
        assert len(taken) == FRAME + expected, "\n".join(one[:200] for one in taken)


def test_every_name_the_templates_use_resolves() -> None:
    for name in ("desk:home", "desk:profile", "desk:ticket_new", "desk:ai_stop", "desk", "help"):
        assert reverse(name).startswith("/")
    assert reverse("ticket", args=[7]) == "/tickets/7/"
