"""Copies, quotes and forwards: who gets what, what comes back, and what the database lets pass."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.test import Client

from governance.services import consents
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.tests.factories import make_member
from helpdesk.privacy.export import export_customer
from tickets import portal_reads
from tickets.content import content_hash
from tickets.mail.keys import forward_address, reply_address
from tickets.models import Approval, Attachment, Message, MessageKind, Ticket
from tickets.services.forwarding import forward
from tickets.services.replying import take_back
from tickets.tests.at_work import DRAFT, Desk, desk
from tickets.tests.factories import make_ticket
from tickets.tests.mails import arrive

pytestmark = pytest.mark.django_db
WAREHOUSE = "warehouse@partner.example"


@pytest.fixture(name="at")
def _at() -> Desk:
    return desk()


def asked(at: Desk) -> Message:
    with at.scope():
        return Message.objects.select_related("ticket").get(kind=MessageKind.INBOUND)


def passed_on(at: Desk, message: Message | None = None, **fields: object) -> Message:
    """Forwarded to the warehouse and gone."""
    with at.scope():
        sent = forward(**{"message": message or asked(at), "member": at.member, "to": WAREHOUSE, **fields})
    assert at.send(sent) == "sent"
    return sent


def test_a_secret_copy_is_in_no_header_and_no_portal_and_is_approved(at: Desk) -> None:
    reply = at.draft_reply(cc="bo@customer.example", bcc="boss@shop.example, bo@customer.example")
    assert at.send(reply) == "sent"
    (sent,) = mail.outbox
    assert (sent.cc, sent.bcc) == (["bo@customer.example"], ["boss@shop.example"])
    assert "boss@shop.example" not in sent.message().as_string()
    with at.scope():
        stored = Message.objects.get(pk=reply.pk)
        shown = "".join(map(str, portal_reads.thread(at.ticket)))
        assert DRAFT[:20] in shown
        assert "boss" not in shown
        approval = Approval.objects.get()
        assert approval.content_hash == content_hash(stored, [])
        stored.recipients_bcc = ""
        assert approval.content_hash != content_hash(stored, [])
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            Message.objects.filter(pk=reply.pk).update(recipients_bcc="other@shop.example")
        assert "boss@shop.example" not in str(export_customer(at.ticket.customer))


def test_a_secret_recipient_who_answers_is_not_taken_for_the_customer(at: Desk) -> None:
    at.send(at.reply(bcc="boss@shop.example"))
    found = arrive(at.inbox, "Well done", to=mail.outbox[0].reply_to[0], **{"from": "boss@shop.example"})
    with at.scope():
        assert (found.outcome, found.ticket_number) == ("appended", at.ticket.number)
        assert Message.objects.order_by("pk").last().kind == MessageKind.OUTSIDE


def test_an_empty_secret_copy_leaves_hashes_as_they_were() -> None:
    at = desk()
    reply = at.draft_reply()
    with at.scope():
        stored = Message.objects.get(pk=reply.pk)
        stored.quoted = ""
        parts = [stored.content_salt, stored.subject, stored.text, stored.html, stored.recipients_to, ""]
        import hashlib

        joined = "".join(f"{len(one)}:{one}" for one in parts)
        assert content_hash(stored, []) == hashlib.sha256(joined.encode()).hexdigest()


def test_what_is_quoted_is_what_was_approved(at: Desk) -> None:
    reply = at.draft_reply()
    with at.scope(), pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Message.objects.filter(pk=reply.pk).update(quoted="On Monday Ana wrote:\n> I want nothing")


def test_what_an_agent_wrote_down_is_not_quoted_as_the_customers(at: Desk) -> None:
    with at.scope():
        Ticket.objects.update(channel="agent")
        Message.objects.update(raw_mail=None)
    assert at.reply().quoted == ""


def test_a_forward_goes_out_with_the_files_chosen_and_the_customer_sees_nothing(at: Desk) -> None:
    question = asked(at)
    with at.scope():
        for name in ("slip.pdf", "private.jpg"):
            Attachment.objects.create(
                ticket=at.ticket, message=question, name=name, content_type="application/pdf", size=4,
                sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", file=ContentFile(b"test", name),
            )  # fmt: skip
        slip = Attachment.objects.get(name="slip.pdf")
        before = Ticket.objects.get().customer_messages
    sent = passed_on(at, text="Is it in stock?", attachment_ids=[slip.pk], cc="boss@shop.example")
    (out,) = mail.outbox
    assert (out.to, out.cc, out.subject) == ([WAREHOUSE], ["boss@shop.example"], "Fwd: Boots")
    assert [one[0] for one in out.attachments] == ["slip.pdf"]
    assert "Is it in stock?" in out.body
    assert "Can I send my boots back?" in out.body
    assert "Re: " not in out.subject
    assert "In-Reply-To" not in out.extra_headers
    assert "References" not in out.extra_headers, "the customer's mails are not the warehouse's business"
    with at.scope():
        ticket = Ticket.objects.get()
        assert (ticket.customer_messages, ticket.first_reply_at) == (before, None)
        shown = portal_reads.thread(ticket)
        assert [one.pk for one in shown] == [question.pk]
        assert ticket.events.get(kind="forwarded").data == {"message": sent.pk, "of": question.pk, "files": 1}


def test_an_answer_from_outside_is_the_teams_only_and_starts_nothing(at: Desk) -> None:
    passed_on(at)
    with at.scope():
        Ticket.objects.update(status="pending", is_unread=False)
    found = arrive(
        at.inbox, "Two are left.", to=mail.outbox[0].reply_to[0], **{"from": "joe@partner.example"}
    )
    again = arrive(
        at.inbox, "Red ones.", in_reply_to=mail.outbox[0].extra_headers["Message-ID"], **{"from": WAREHOUSE}
    )
    assert (found.ticket_number, again.ticket_number) == (at.ticket.number, at.ticket.number)
    with at.scope():
        ticket = Ticket.objects.get()
        answers = list(ticket.messages.filter(kind=MessageKind.OUTSIDE).order_by("pk"))
        assert [one.text.strip() for one in answers] == ["Two are left.", "Red ones."]
        assert (ticket.customer_messages, ticket.status, ticket.is_unread) == (1, "open", True)
        assert "Two are left" not in str(portal_reads.thread(ticket))
    assert at.reply().recipients_to == "ana@customer.example"


def test_the_customer_stays_the_customer_whatever_address_they_answer(at: Desk) -> None:
    with at.scope():
        address = forward_address(at.ticket, at.inbox.address)
        assert address != reply_address(at.ticket, at.inbox.address)
    arrive(at.inbox, "Me again", to=address)
    with at.scope():
        assert Message.objects.order_by("pk").last().kind == MessageKind.INBOUND


def test_the_ais_part_in_a_message_stays_with_it_when_it_is_forwarded(at: Desk) -> None:
    at.send(at.draft_reply())
    with at.scope():
        answer = Message.objects.select_related("ticket").get(kind=MessageKind.REPLY)
    mail.outbox.clear()
    sent = passed_on(at, answer, text="As we told the customer")
    (out,) = mail.outbox
    assert out.extra_headers["AI-Involvement"] == "verbatim"
    with at.scope():
        stored = Message.objects.get(pk=sent.pk)
        assert stored.ai_involvement == "verbatim"
        assert Approval.objects.filter(message=stored, approver=at.member).count() == 1
    assert out.body.index(stored.disclosure) < out.body.index("Forwarded message")
    assert "portal/why" not in out.body, "the explanation is the customer's own"


def test_a_customer_without_ai_stops_an_ai_text_from_being_forwarded(at: Desk) -> None:
    at.send(at.draft_reply())
    with at.scope():
        answer = Message.objects.select_related("ticket").get(kind=MessageKind.REPLY)
        consents.answer_without_ai(customer=at.ticket.customer, method="portal")
        with pytest.raises(NotAllowed):
            forward(message=answer, member=at.member, to=WAREHOUSE)
        assert not Message.objects.filter(kind=MessageKind.FORWARD).exists()


def test_the_database_stops_a_forward_of_ai_text_without_approval(at: Desk) -> None:
    with at.scope():
        message = Message.objects.create(
            ticket=at.ticket, kind="forward", state="prepared", author=at.member, text=DRAFT,
            recipients_to=WAREHOUSE,
        )  # fmt: skip
        with pytest.raises(DatabaseError, match="text of the AI"), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(state="queued")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"to": ""}, "To whom"),
        ({"to": "nobody"}, "not a mail address"),
        ({"to": WAREHOUSE, "bcc": "x y"}, "not a mail address"),
        ({"to": "ana@customer.example"}, "customer's own"),
        ({"to": WAREHOUSE, "cc": "ana@customer.example"}, "customer's own"),
    ],
)
def test_what_cannot_be_forwarded(at: Desk, fields: dict[str, str], said: str) -> None:
    with at.scope(), pytest.raises(InvalidState, match=said):
        forward(**{"message": asked(at), "member": at.member, **fields})


def test_notes_are_not_forwarded_and_readers_forward_nothing(at: Desk) -> None:
    with at.scope():
        note = Message.objects.create(ticket=at.ticket, kind="note", text="He is rude", author=at.member)
        with pytest.raises(InvalidState):
            forward(message=note, member=at.member, to=WAREHOUSE)
        with pytest.raises(NotAllowed):
            forward(message=asked(at), member=make_member("auditor"), to=WAREHOUSE)


def test_a_forward_can_be_taken_back(at: Desk) -> None:
    with at.scope():
        sent = forward(message=asked(at), member=at.member, to=WAREHOUSE, text="Please look")
        draft = take_back(message=sent, member=at.member)
        assert draft.text == "Please look"
    assert at.send(sent) == ""
    assert mail.outbox == []


def test_an_address_of_another_ticket_is_no_way_in(at: Desk) -> None:
    with at.scope():
        other = make_ticket(inbox=at.inbox)
    passed_on(at)
    found = arrive(at.inbox, "x", references=f"<unknown@x> <{other.pk}@x>", **{"from": WAREHOUSE})
    assert found.outcome == "created"


def test_the_quoted_part_of_an_html_mail_is_kept_apart_and_folded(at: Desk) -> None:
    body = (
        "<p>Thanks, but the left one.</p><p>On Mon, 1 Jun 2026 at 10:00, Help &lt;help@shop.example&gt; wrote:</p>"
        '<blockquote type="cite"><p>Which boot is it?</p></blockquote>'
    )
    arrive(at.inbox, body, in_reply_to="<q1@customer.example>", content_type="text/html; charset=utf-8")
    with at.scope():
        message = Message.objects.order_by("pk").last()
        assert "left one" in message.html
        assert "Which boot" not in message.html
        assert "Which boot is it?" in message.quoted_html
        client = Client(HTTP_HOST=f"{at.organization.slug}.localhost")
        client.force_login(at.member.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/tickets/{at.ticket.number}/").content.decode()
    folded = page.split('<details class="fold">')[1].split("</details>")[0]
    assert "Which boot is it?" in folded
    assert page.count("Which boot is it?") == 1
