"""Which ticket a mail joins, and who may join one."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance.models import OutcomeFact
from helpdesk.tenancy.scope import organization_scope
from tickets.mail.keys import reply_address
from tickets.models import Message, MessageState, Ticket, TicketEvent
from tickets.tests.factories import make_inbox, make_reply
from tickets.tests.mails import arrive, shop

pytestmark = pytest.mark.django_db
STRANGER = {"from": "Mallory <mallory@evil.example>"}


def _sent(ticket: Ticket, message_id: str = "ours@shop.example", **fields: str) -> Message:
    from tickets.services.opening import add_references

    reply = make_reply(ticket, message_id=message_id, **fields)
    Message.objects.filter(pk=reply.pk).update(state=MessageState.QUEUED)
    Message.objects.filter(pk=reply.pk).update(state=MessageState.SENDING)
    Message.objects.filter(pk=reply.pk).update(state=MessageState.SENT, sent_at=timezone.now())
    add_references(ticket, [message_id])
    return reply


def test_an_answer_joins_by_in_reply_to_and_by_any_reference() -> None:
    organization, inbox = shop()
    arrive(inbox, message_id="<one@x>")
    assert arrive(inbox, in_reply_to="<one@x>", message_id="<two@x>").outcome == "appended"
    found = arrive(inbox, references="<unknown@x> <one@x> <other@x>", message_id="<three@x>")
    assert (found.outcome, found.ticket_number) == ("appended", 1)
    assert arrive(inbox, references="<other@x>").ticket_number == 1, "references of known mails count as well"
    with organization_scope(organization.id):
        ticket = Ticket.objects.get()
        assert ticket.customer_messages == 4
        assert ticket.messages.count() == 4


def test_an_answer_that_overtook_its_question_is_joined_by_it() -> None:
    _, inbox = shop()
    assert arrive(inbox, references="<one@x>", message_id="<two@x>").ticket_number == 1
    found = arrive(inbox, message_id="<one@x>")
    assert (found.outcome, found.ticket_number) == ("appended", 1)


def test_the_same_subject_alone_opens_a_new_ticket() -> None:
    _, inbox = shop()
    arrive(inbox, subject="Broken")
    assert arrive(inbox, subject="Re: Broken #1").ticket_number == 2


def test_a_stranger_who_quotes_subject_and_identifiers_does_not_join() -> None:
    organization, inbox = shop()
    arrive(inbox, message_id="<one@x>", subject="Broken")
    with organization_scope(organization.id):
        ticket = Ticket.objects.get()
        _sent(ticket, recipients_to="ana@customer.example", recipients_cc="boss@customer.example")
    for header in ("in_reply_to", "references"):
        found = arrive(
            inbox, **STRANGER, subject="Re: Broken [#1]", **{header: "<one@x> <ours@shop.example>"}
        )
        assert found.ticket_number == 2, "one of their own"
    joined = arrive(inbox, **{"from": "boss@customer.example"}, in_reply_to="<ours@shop.example>")
    assert (joined.outcome, joined.ticket_number) == ("appended", 1)
    with organization_scope(organization.id):
        assert ticket.messages.filter(kind="inbound").count() == 2


def test_someone_we_only_meant_to_write_to_is_a_stranger_still() -> None:
    organization, inbox = shop()
    arrive(inbox, message_id="<one@x>")
    with organization_scope(organization.id):
        make_reply(Ticket.objects.get(), recipients_cc="later@customer.example")
    found = arrive(inbox, **{"from": "later@customer.example"}, in_reply_to="<one@x>")
    assert found.outcome == "created"


def test_the_signed_address_joins_and_a_forged_one_does_not() -> None:
    organization, inbox = shop()
    other_organization, other = shop()
    arrive(inbox)
    arrive(other)
    with organization_scope(organization.id):
        signed = reply_address(Ticket.objects.get(), inbox.address)
    assert signed.startswith("help+t")
    found = arrive(inbox, to=signed.upper(), **{"from": "ana@private.example"})
    assert (found.outcome, found.ticket_number) == ("appended", 1)
    forged = signed.replace("+t", "+ta")
    assert arrive(inbox, to=forged).outcome == "created"
    assert arrive(other, to=signed, **STRANGER).outcome == "created", "a token of another organization"
    with organization_scope(other_organization.id):
        assert Ticket.objects.count() == 2


def test_an_answer_reopens_a_solved_ticket() -> None:
    organization, inbox = shop()
    arrive(inbox, message_id="<one@x>")
    with organization_scope(organization.id):
        Ticket.objects.update(status="solved", solved_at=timezone.now(), is_unread=False)
    assert arrive(inbox, in_reply_to="<one@x>").outcome == "appended"
    with organization_scope(organization.id):
        ticket = Ticket.objects.get()
        assert (ticket.status, ticket.solved_at, ticket.is_unread) == ("open", None, True)
        event = TicketEvent.objects.get()
        assert (event.kind, event.data) == ("status", {"from": "solved", "to": "open", "by": "customer"})
        assert OutcomeFact.objects.filter(event="reopened", subject_id=ticket.pk).count() == 1


def test_an_answer_to_a_closed_ticket_opens_a_linked_one() -> None:
    organization, inbox = shop()
    arrive(inbox, message_id="<one@x>")
    with organization_scope(organization.id):
        Ticket.objects.update(status="closed")
    found = arrive(inbox, in_reply_to="<one@x>")
    assert (found.outcome, found.ticket_number) == ("created", 2)
    with organization_scope(organization.id):
        old, new = Ticket.objects.order_by("number")
        assert (old.status, old.customer_messages) == ("closed", 1)
        assert new.events.get(kind="follows").data == {"ticket": old.pk, "number": 1}
        assert old.events.get(kind="followed_by").data == {"ticket": new.pk, "number": 2}


def test_spam_stays_spam() -> None:
    organization, inbox = shop()
    arrive(inbox, message_id="<one@x>")
    with organization_scope(organization.id):
        Ticket.objects.update(status="spam")
    arrive(inbox, in_reply_to="<one@x>")
    with organization_scope(organization.id):
        assert Ticket.objects.get().status == "spam"


def test_a_copy_to_a_second_inbox_is_a_ticket_of_its_own() -> None:
    organization, inbox = shop()
    with organization_scope(organization.id):
        second = make_inbox(address="sales@shop.example")
    assert arrive(inbox, message_id="<one@x>").ticket_number == 1
    assert arrive(second, message_id="<one@x>").ticket_number == 2


BOUNCE = """This is the mail system. Your message could not be delivered to ana@customer.example.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ana@customer.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: text/rfc822-headers

Message-ID: <ours@shop.example>
Subject: Re: Question

--b--
"""


def test_a_bounce_marks_our_reply_and_its_ticket_and_opens_none() -> None:
    organization, inbox = shop()
    arrive(inbox, message_id="<one@x>")
    with organization_scope(organization.id):
        ticket = Ticket.objects.get()
        reply = _sent(ticket)
    found = arrive(
        inbox,
        "--b\r\nContent-Type: text/plain\r\n\r\n" + BOUNCE.replace("\n", "\r\n"),
        content_type='multipart/report; report-type=delivery-status; boundary="b"',
        subject="Undelivered Mail Returned to Sender",
        **{"from": "MAILER-DAEMON@mx.example", "return_path": "<>"},
    )
    assert (found.outcome, found.ticket_number) == ("bounce", 1)
    with organization_scope(organization.id):
        reply.refresh_from_db()
        assert (reply.state, reply.held_reason) == ("sent", "The address does not exist.")
        event = ticket.events.get(kind="bounced")
        assert event.data["recipients"] == "ana@customer.example"
        assert event.data["message"] == reply.pk
        assert Ticket.objects.count() == 1


def test_a_bounce_of_nothing_we_know_is_only_kept() -> None:
    organization, inbox = shop()
    found = arrive(
        inbox,
        "--b\r\nContent-Type: text/plain\r\n\r\n" + BOUNCE.replace("\n", "\r\n"),
        content_type='multipart/report; report-type=delivery-status; boundary="b"',
        **{"from": "MAILER-DAEMON@mx.example"},
    )
    assert (found.outcome, found.ticket_number) == ("bounce", None)
    with organization_scope(organization.id):
        assert not Ticket.objects.exists()
