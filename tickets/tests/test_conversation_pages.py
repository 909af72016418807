"""The desk's pages of a conversation: what they do, who may, what others get, and undo where it was done."""

from __future__ import annotations

import re
from typing import Any

import pytest

from helpdesk.portal.tests.support import signed_in as portal_client
from tickets.models import BlockedSender, ComposerDraft, Message, MessageKind, RawMail, Status, Ticket
from tickets.services import drafts, replying
from tickets.services.merging import merge
from tickets.tests.desk import HTMX, Desk, make_desk
from tickets.tests.factories import make_attachment, make_inbound, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
NOTE = re.compile(r'name="note" value="([^"]+)"')


@pytest.fixture(name="desk")
def _desk() -> Desk:
    return make_desk()


def asked(desk: Desk, **fields: Any) -> Ticket:
    with desk.scope():
        return make_inbound(make_ticket(inbox=desk.inbox, **fields)).ticket


def now(desk: Desk, ticket: Ticket) -> Ticket:
    with desk.scope():
        return Ticket.objects.get(pk=ticket.pk)


def undo(client: Any, page: Any) -> Any:
    """Press Undo in what the page says."""
    (note,) = NOTE.findall(page.content.decode())
    return client.post(
        "/undo/", {"note": note}, headers={**HTMX, "HX-Current-URL": "http://x/tickets/1/?view=open"}
    )


@pytest.mark.parametrize(
    ("path", "data", "field", "value"),
    [
        ("solve/", {}, "status", Status.SOLVED),
        ("take/", {}, "assignee_id", "agent"),
        ("properties/", {"priority": "4"}, "priority", 4),
        ("block/", {}, "status", Status.SPAM),
    ],
)
def test_what_was_set_is_undone_where_it_was_done(
    desk: Desk, path: str, data: dict[str, str], field: str, value: object
) -> None:
    ticket, client = asked(desk), desk.client(desk.agent)
    before = getattr(ticket, field)
    page = client.post(f"/tickets/{ticket.number}/{path}", data, headers=HTMX)
    assert page.status_code == 200
    changed = getattr(now(desk, ticket), field)
    assert changed == (desk.agent.pk if value == "agent" else value)
    answer = undo(client, page)
    assert answer["HX-Redirect"] == "/tickets/1/?view=open"
    assert getattr(now(desk, ticket), field) == before


def test_many_at_once_are_undone_at_once(desk: Desk) -> None:
    tickets, client = [asked(desk) for _ in range(3)], desk.client(desk.agent)
    page = client.post(
        "/bulk/", {"action": "solve", "tickets": [one.number for one in tickets]}, headers=HTMX
    )
    assert {now(desk, one).status for one in tickets} == {Status.SOLVED}
    undo(client, page)
    assert {now(desk, one).status for one in tickets} == {Status.NEW}


def test_nobody_undoes_with_a_note_of_their_own_making(desk: Desk) -> None:
    ticket = asked(desk)
    client = desk.client(desk.agent)
    assert client.post("/undo/", {"note": "x"}, headers=HTMX).status_code == 200
    page = client.post(f"/tickets/{ticket.number}/solve/", headers=HTMX)
    undo(desk.client(desk.owner), page)
    assert now(desk, ticket).status == Status.SOLVED
    assert desk.client(desk.auditor).post("/undo/", {"note": "x"}).status_code == 403


def test_a_mail_written_first_is_on_its_way(desk: Desk) -> None:
    given = {
        "inbox": desk.inbox.pk, "to": "cleo@customer.example", "name": "Cleo", "subject": "Your order",
        "text": "It is here.", "bcc": "boss@x.example", "status": "pending",
    }  # fmt: skip
    client = desk.client(desk.agent)
    assert client.get("/tickets/write/").status_code == 200
    page = client.post("/tickets/write/", given, follow=True)
    assert "On its way to cleo@customer.example" in page.content.decode()
    with desk.scope():
        message = Message.objects.get()
        assert (message.state, message.recipients_bcc, message.ticket.channel) == (
            "queued",
            "boss@x.example",
            "agent",
        )
    undo(client, page)
    with desk.scope():
        assert ComposerDraft.objects.get().text == "It is here."


@pytest.mark.parametrize("wrong", [{"to": "nobody"}, {"text": ""}, {"bcc": "x y"}, {"inbox": "other"}])
def test_a_first_mail_that_cannot_go_stays_on_the_page(desk: Desk, wrong: dict[str, Any]) -> None:
    given = {
        "inbox": desk.inbox.pk, "to": "cleo@customer.example", "subject": "S", "text": "Own words", "status": "pending",
        **wrong,
    }  # fmt: skip
    given["inbox"] = desk.other_inbox.pk if given["inbox"] == "other" else given["inbox"]
    page = desk.client(desk.agent).post("/tickets/write/", given)
    assert page.status_code == 422
    assert "Own words" in page.content.decode() or not given["text"]
    with desk.scope():
        assert not Ticket.objects.exists()


def test_a_message_is_forwarded_from_its_page_and_seen_in_the_thread(desk: Desk) -> None:
    ticket, client = asked(desk), desk.client(desk.agent)
    with desk.scope():
        message = Message.objects.get()
    newest = client.get(f"/tickets/{ticket.number}/forward/")
    assert newest["Location"] == f"/tickets/{ticket.number}/messages/{message.pk}/forward/"
    assert "where is my order" in client.get(newest["Location"]).content.decode()
    page = client.post(newest["Location"], {"to": "w@partner.example", "text": "Yours?"}, follow=True)
    shown = page.content.decode()
    assert "On its way to w@partner.example" in shown
    assert "to w@partner.example" in shown
    assert "the customer does not see it" in shown
    assert client.post(newest["Location"], {"to": "x"}).status_code == 422


def test_a_merge_shows_both_and_the_number_leads_there(desk: Desk) -> None:
    one = asked(desk)
    other = asked(desk, customer=one.customer)
    client = desk.client(desk.agent)
    assert f"#{other.number}" in client.get(f"/tickets/{one.number}/merge/").content.decode()
    page = client.post(f"/tickets/{one.number}/merge/", {"number": other.number}, follow=True)
    assert page.redirect_chain[-1][0] == f"/tickets/{other.number}/"
    assert page.content.decode().count('class="message inbound"') == 2
    assert client.get(f"/tickets/{one.number}/")["Location"] == f"/tickets/{other.number}/"
    with desk.scope():
        late = one.messages.get()
        make_attachment(late)
    assert client.get(f"/tickets/{other.number}/messages/{late.pk}/forward/").status_code == 200
    answer = undo(client, page)
    assert answer["HX-Redirect"] == f"/tickets/{one.number}/"
    assert now(desk, one).status == Status.NEW


def test_what_was_typed_in_a_ticket_that_was_merged_meanwhile_is_kept(desk: Desk) -> None:
    one = asked(desk)
    other = asked(desk, customer=one.customer)
    with desk.scope():
        merge(source=one, target=other, member=desk.owner)
    client = desk.client(desk.agent)
    data = {"kind": "reply", "body": "My answer", "revision": "1-0"}
    assert client.post(f"/tickets/{one.number}/draft/", data, headers=HTMX).status_code == 200
    page = client.post(f"/tickets/{one.number}/send/", data, headers=HTMX)
    assert page.status_code == 409
    assert "My answer" in page.content.decode()
    with desk.scope():
        assert ComposerDraft.objects.get().ticket_id == other.pk


@pytest.mark.parametrize("number", [0, 999, "x"])
def test_a_merge_with_nothing(desk: Desk, number: object) -> None:
    ticket = asked(desk)
    page = desk.client(desk.agent).post(f"/tickets/{ticket.number}/merge/", {"number": number})
    assert page.status_code == 422


def test_tickets_of_an_inbox_out_of_sight_cannot_be_merged_into(desk: Desk) -> None:
    one = asked(desk)
    with desk.scope():
        hidden = make_inbound(make_ticket(inbox=desk.other_inbox, customer=one.customer)).ticket
    page = desk.client(desk.agent).post(f"/tickets/{one.number}/merge/", {"number": hidden.number})
    assert page.status_code == 422
    assert "There is no such ticket" in page.content.decode()


def test_the_customer_finds_a_merged_request_where_it_is(desk: Desk) -> None:
    one = asked(desk)
    other = asked(desk, customer=one.customer)
    with desk.scope():
        merge(source=one, target=other, member=desk.owner)
    client = portal_client(desk.organization, one.customer)
    assert client.get(f"/portal/tickets/{one.number}/")["Location"] == f"/portal/tickets/{other.number}/"
    shown = client.get(f"/portal/tickets/{other.number}/").content.decode()
    assert shown.count("where is my order") == 2
    assert f"/portal/tickets/{one.number}/" not in client.get("/portal/tickets/").content.decode()


def test_messages_are_taken_out_and_put_back(desk: Desk) -> None:
    ticket, client = asked(desk), desk.client(desk.agent)
    with desk.scope():
        second = make_inbound(ticket, text="An invoice, please")
    path = f"/tickets/{ticket.number}/split/"
    assert "An invoice, please" in client.get(path).content.decode()
    assert client.post(path, {"messages": []}).status_code == 422
    page = client.post(path, {"messages": [second.pk], "subject": "Invoice"}, follow=True)
    assert "Invoice" in page.content.decode()
    with desk.scope():
        new = Ticket.objects.get(subject="Invoice")
    assert page.redirect_chain[-1][0] == f"/tickets/{new.number}/"
    assert undo(client, page)["HX-Redirect"] == f"/tickets/{ticket.number}/"
    with desk.scope():
        assert Message.objects.get(pk=second.pk).ticket_id == ticket.pk


def test_a_colleagues_unsent_text_is_seen_and_taken_over(desk: Desk) -> None:
    ticket = asked(desk)
    with desk.scope():
        theirs = drafts.save_composer(ticket=ticket, member=desk.owner, kind="reply", text="Half a sen")
        drafts.save_composer(ticket=ticket, member=desk.agent, kind="reply", text="Mine")
    client = desk.client(desk.agent)
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "has an unsent text here" in page
    assert "Half a sen" not in page, "it is theirs until somebody takes it over"
    taken = client.post(
        f"/tickets/{ticket.number}/draft/{theirs.pk}/take-over/", headers=HTMX
    ).content.decode()
    assert "Half a sen" in taken
    assert "Another version is kept" in taken
    assert "has an unsent text here" not in taken
    below = client.post(f"/tickets/{ticket.number}/draft/bring-back/", headers=HTMX).content.decode()
    assert "Half a sen\n\nMine" in below
    assert client.post(f"/tickets/{ticket.number}/draft/999999/take-over/", headers=HTMX).status_code == 404


def test_a_text_thrown_away_is_brought_back(desk: Desk) -> None:
    ticket, client = asked(desk), desk.client(desk.agent)
    with desk.scope():
        drafts.save_composer(ticket=ticket, member=desk.agent, kind="reply", text="Mine", bcc="b@x.example")
    page = client.post(f"/tickets/{ticket.number}/draft/throw-away/", headers=HTMX)
    undo(client, page)
    shown = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert ">Mine</textarea>" in shown
    assert 'value="b@x.example"' in shown


def test_a_held_answer_shows_its_reason_and_every_way_out(desk: Desk) -> None:
    ticket, client = asked(desk), desk.client(desk.agent)
    with desk.scope():
        reply = replying.send_reply(ticket=ticket, member=desk.agent, text="Yes.", seen_revision=1)
        Message.objects.filter(pk=reply.pk).update(
            state="held", held_reason="The customer asked for a person."
        )
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    for words in ("The customer asked for a person.", "Write it myself", "Ask the owner", "Try again"):
        assert words in page
    path = f"/tickets/{ticket.number}/messages/{reply.pk}"
    asking = client.post(f"{path}/ask-owner/", headers=HTMX).content.decode()
    assert "Can you help?" in asking
    again = client.post(f"{path}/try-again/", headers=HTMX)
    assert "It leaves in a few seconds." in again.content.decode()
    assert client.post(f"{path}/try-again/", headers=HTMX).status_code == 404
    with desk.scope():
        assert Message.objects.filter(kind=MessageKind.REPLY, state="queued").count() == 1


def test_blocked_senders_are_listed_and_let_in_again(desk: Desk) -> None:
    ticket = asked(desk)
    client = desk.client(desk.agent)
    assert "Nobody is blocked" in client.get("/settings/blocked/").content.decode()
    client.post(f"/tickets/{ticket.number}/block/", headers=HTMX)
    with desk.scope():
        blocked = BlockedSender.objects.get()
        RawMail.objects.create(
            inbox=desk.inbox,
            content_key="k",
            source=b"From: a@b\n\nx",
            size=1,
            outcome="blocked",
            blocked=blocked,
        )
    assert blocked.address in client.get("/settings/blocked/").content.decode()
    client.post(f"/settings/blocked/{blocked.pk}/unblock/")
    with desk.scope():
        assert not BlockedSender.objects.exists()
        assert RawMail.objects.get().outcome != "blocked"


PATHS = ("forward/", "merge/", "split/", "block/", "draft/throw-away/", "draft/bring-back/", "draft/forget/")


@pytest.mark.parametrize("path", PATHS)
def test_every_page_checks_who_asks(desk: Desk, path: str) -> None:
    ticket = asked(desk)
    with desk.scope():
        hidden = make_inbound(make_ticket(inbox=desk.other_inbox)).ticket
    other = make_desk()
    verb = "get" if path in ("forward/", "merge/", "split/") else "post"
    for client, number, status in (
        (desk.client(), ticket.number, 302),
        (desk.client(desk.auditor), ticket.number, 403),
        (desk.client(desk.agent), hidden.number, 404),
        (other.client(other.owner), ticket.number, 404),
    ):
        assert getattr(client, verb)(f"/tickets/{number}/{path}").status_code == status, (path, status)
