"""Unsent texts, held answers, blocked senders, first mails, and taking changes back."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.files.base import ContentFile

from governance.services import consents, stops
from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.people.models import Customer
from helpdesk.people.tests.factories import make_member
from helpdesk.privacy.erasure import erase
from tickets.mail.send import UNKNOWN
from tickets.models import (
    Approval,
    Attachment,
    BlockedSender,
    ComposerDraft,
    Message,
    MessageKind,
    RawMail,
    Status,
    Ticket,
)
from tickets.services import blocking, changing, drafts, undoing
from tickets.services.asking import ask_owner
from tickets.services.replying import take_back, try_again
from tickets.services.writing import write_first
from tickets.tests.at_work import DRAFT, Desk, desk
from tickets.tests.mails import arrive

pytestmark = pytest.mark.django_db


@pytest.fixture(name="at")
def _at() -> Desk:
    return desk()


def typed(at: Desk, text: str, **fields: object) -> ComposerDraft:
    return drafts.save_composer(
        **{"ticket": at.ticket, "member": at.member, "kind": "reply", "text": text, **fields}
    )


def test_taking_back_keeps_what_was_typed_meanwhile(at: Desk) -> None:
    reply = at.reply("First answer", bcc="boss@shop.example")
    with at.scope():
        typed(at, "A second thought")
        draft = take_back(message=reply, member=at.member)
        assert (draft.text, draft.set_aside, draft.bcc) == (
            "First answer",
            "A second thought",
            "boss@shop.example",
        )
        drafts.bring_back(ticket=at.ticket, member=at.member)
        assert ComposerDraft.objects.get().text == "First answer\n\nA second thought"


def test_what_was_set_aside_outlives_sending(at: Desk) -> None:
    reply = at.reply("First answer")
    with at.scope():
        typed(at, "A second thought")
        take_back(message=reply, member=at.member)
    at.reply("First answer, corrected")
    with at.scope():
        kept = ComposerDraft.objects.get()
        assert (kept.text, kept.set_aside) == ("", "A second thought")


def test_a_colleague_takes_over_and_both_versions_stay(at: Desk) -> None:
    with at.scope():
        tom = make_member(name="Tom")
        Attachment.objects.create(
            ticket=at.ticket, name="a", content_type="text/plain", size=1, sha256="x", uploaded_by=tom,
            file=ContentFile(b"x", "a"),
        )  # fmt: skip
        theirs = typed(at, DRAFT, member=tom, bcc="b@b.example", used_decision=at.ai_text.decision_id)
        typed(at, "Mine")
        mine = drafts.take_over(draft=theirs, member=at.member)
        assert (mine.text, mine.set_aside, mine.bcc) == (DRAFT, "Mine", "b@b.example")
        assert mine.used_decision_id == at.ai_text.decision_id, "where it came from comes along"
        theirs.refresh_from_db()
        assert (theirs.text, theirs.taken_by_id) == (DRAFT, at.member.pk)
        assert Attachment.objects.filter(uploaded_by=at.member, message=None).count() == 1
        again = typed(at, "Tom goes on", member=tom)
        assert again.taken_by_id is None
        assert ComposerDraft.objects.get(author=at.member).text == DRAFT


def test_who_only_reads_takes_nothing_over(at: Desk) -> None:
    with at.scope():
        mine = typed(at, "Mine")
        with pytest.raises(NotAllowed):
            drafts.take_over(draft=mine, member=make_member("auditor"))
        with pytest.raises(Conflict):
            drafts.take_over(draft=mine, member=at.member)


def test_a_text_thrown_away_comes_back(at: Desk) -> None:
    with at.scope():
        typed(at, "Mine")
        drafts.throw_away(ticket=at.ticket, member=at.member)
        assert ComposerDraft.objects.get().text == ""
        token = undoing.note("draft", member=at.member, ticket=at.ticket.pk)
        undoing.undo(token=token, member=at.member)
        assert ComposerDraft.objects.get().text == "Mine"


def held(at: Desk) -> Message:
    """An AI's draft that "Stop the AI" stopped on its way out."""
    reply = at.draft_reply()
    with at.scope():
        stops.stop_ai(scope="organization", member=at.member)
    assert at.send(reply) == ""
    with at.scope():
        return Message.objects.select_related("ticket", "decision").get(pk=reply.pk)


def test_trying_again_asks_the_rules_again(at: Desk) -> None:
    stopped = held(at)
    with at.scope():
        with pytest.raises(NotAllowed):
            try_again(message=stopped, member=at.member)
        stopped.refresh_from_db()
        assert stopped.state == "held", "the text is where it was"
        for stop in stops.stops_in_force():
            stops.lift(stop=stop, member=make_member("owner"))
        again = try_again(message=stopped, member=at.member)
    assert at.send(again) == "sent"


def test_a_refused_mail_is_tried_again_with_everything(at: Desk) -> None:
    reply = at.draft_reply(cc="bo@customer.example", bcc="boss@shop.example")
    with at.scope():
        Message.objects.filter(pk=reply.pk).update(state="sending")
        Message.objects.filter(pk=reply.pk).update(state="failed", held_reason="refused")
        stopped = Message.objects.select_related("ticket", "decision").get(pk=reply.pk)
        again = try_again(message=stopped, member=at.member)
        assert (again.recipients_cc, again.recipients_bcc) == ("bo@customer.example", "boss@shop.example")
        assert again.ai_involvement == "verbatim"
        assert Approval.objects.get(message=stopped).revoked_at is not None
    assert at.send(again) == "sent"
    assert "> Can I send my boots back?" in mail.outbox[0].body


def test_what_may_have_left_is_not_tried_again(at: Desk) -> None:
    reply = at.reply()
    with at.scope():
        Message.objects.filter(pk=reply.pk).update(state="held", held_reason=UNKNOWN)
        with pytest.raises(InvalidState, match="may have left"):
            try_again(message=Message.objects.select_related("ticket").get(pk=reply.pk), member=at.member)


def test_after_the_customer_wrote_it_is_read_first(at: Desk) -> None:
    reply = at.reply()
    arrive(at.inbox, "Never mind", in_reply_to="<q1@customer.example>")
    with at.scope():
        Message.objects.filter(pk=reply.pk).update(state="held", held_reason="x")
        with pytest.raises(Conflict, match="wrote after"):
            try_again(message=Message.objects.select_related("ticket").get(pk=reply.pk), member=at.member)


def test_the_owner_is_asked_once_with_the_reason(at: Desk) -> None:
    stopped = held(at)
    with at.scope():
        make_member("owner", name="Olga")
        note = ask_owner(message=stopped, member=at.member)
        assert "@Olga" in note.text
        assert stopped.held_reason in note.text
        assert note.kind == MessageKind.NOTE
        with pytest.raises(Conflict, match="already"):
            ask_owner(message=stopped, member=at.member)


def test_mail_of_a_blocked_sender_is_kept_aside_and_comes_in_later(at: Desk) -> None:
    with at.scope():
        before = undoing.state_of([at.ticket.pk])
        blocked = blocking.block_sender(ticket=at.ticket, member=at.member)
        assert Ticket.objects.get().status == Status.SPAM
        token = undoing.note_of_changes(before, member=at.member, blocked=blocked)
    found = arrive(at.inbox, "Buy now", in_reply_to="<q1@customer.example>")
    assert (found.outcome, found.ticket_number) == ("quarantined", None)
    with at.scope():
        assert Message.objects.count() == 1
        assert RawMail.objects.get(outcome="blocked").blocked_id == blocked.pk
        undoing.undo(token=token, member=at.member)
        assert not BlockedSender.objects.exists()
        assert Ticket.objects.get().status == Status.NEW
        waiting = RawMail.objects.get(outcome="stored")
    from tickets.mail.receive import refile

    assert refile(organization_id=at.organization.id, raw_mail_id=waiting.pk).outcome == "appended"


@pytest.mark.parametrize("own", ["inbox", "colleague"])
def test_own_addresses_are_never_blocked(at: Desk, own: str) -> None:
    with at.scope():
        address = at.inbox.address if own == "inbox" else at.member.user.email.lower()
        at.ticket.customer.addresses.update(address=address)
        with pytest.raises(InvalidState, match="own addresses"):
            blocking.block_sender(ticket=at.ticket, member=at.member)
        assert Ticket.objects.get().status == Status.NEW


def test_a_deleted_customers_block_goes_too(at: Desk) -> None:
    with at.scope():
        blocking.block_sender(ticket=at.ticket, member=at.member)
    arrive(at.inbox, "Buy now")
    with at.scope():
        erase(Customer.objects.get())
        assert not BlockedSender.objects.exists()
        assert not RawMail.objects.exists()


def test_changes_are_taken_back_unless_somebody_changed_them_since(at: Desk) -> None:
    with at.scope():
        tom = make_member(name="Tom")
        before = undoing.state_of([at.ticket.pk])
        changing.assign(ticket=at.ticket, assignee=at.member, member=at.member)
        changing.set_status(ticket=at.ticket, status=Status.SOLVED, member=at.member)
        changing.set_priority(ticket=at.ticket, priority=4, member=at.member)
        changing.set_tags(ticket=at.ticket, names=["vip"], member=at.member)
        token = undoing.note_of_changes(before, member=at.member)
        with pytest.raises(InvalidState, match="Only who did it"):
            undoing.undo(token=token, member=tom)
        undoing.undo(token=token, member=at.member)
        assert undoing.state_of([at.ticket.pk]) == before
        with pytest.raises(Conflict, match="since"):
            undoing.undo(token=token, member=at.member)
        with pytest.raises(InvalidState, match="too late"):
            undoing.undo(token=token[:-2] + "xx", member=at.member)
        assert undoing.note_of_changes(undoing.state_of([at.ticket.pk]), member=at.member) == ""


def first_mail(at: Desk, **fields: object) -> Message:
    with at.scope():
        return write_first(
            **{
                "inbox": at.inbox, "member": at.member, "to": "cleo@customer.example", "name": "Cleo",
                "subject": "Your order", "text": "Your boots are here.", **fields,
            }
        )  # fmt: skip


def test_a_first_mail_tells_about_ai_once_and_its_answer_comes_back(at: Desk) -> None:
    message = first_mail(at, cc="bo@customer.example", bcc="boss@shop.example")
    assert at.send(message) == "sent"
    (sent,) = mail.outbox
    assert (sent.subject, sent.to, sent.cc, sent.bcc) == (
        "Your order", ["cleo@customer.example"], ["bo@customer.example"], ["boss@shop.example"],
    )  # fmt: skip
    assert "AI may help draft the answer. A person reads and sends it." in sent.body
    assert "Answer me without AI:\nhttp" in sent.body
    assert "AI may help" in sent.alternatives[0][0]
    assert "In-Reply-To" not in sent.extra_headers
    with at.scope():
        ticket = Ticket.objects.select_related("customer").get(pk=message.ticket_id)
        assert (ticket.number, ticket.status, ticket.assignee_id) == (2, Status.PENDING, at.member.pk)
        assert ticket.customer.acknowledged_at is not None
        assert ticket.events.filter(kind="told_first").exists()
    answer = arrive(
        at.inbox, "Great!", in_reply_to=sent.extra_headers["Message-ID"], **{"from": "cleo@customer.example"}
    )
    assert (answer.outcome, answer.ticket_number) == ("appended", 2)
    again = at.reply("See you.", ticket=ticket, seen_revision=1)
    assert at.send(again) == "sent"
    assert "AI may help" not in mail.outbox[1].body
    assert mail.outbox[1].subject == "Re: Your order"


def test_a_first_mail_to_who_said_no_says_that_it_stands(at: Desk) -> None:
    with at.scope():
        consents.answer_without_ai(customer=at.ticket.customer, method="portal")
    at.send(first_mail(at, to="ana@customer.example"))
    assert "You asked to be answered without AI. That stands." in mail.outbox[0].body


def test_a_first_mail_is_taken_back_into_its_tickets_composer(at: Desk) -> None:
    message = first_mail(at)
    with at.scope():
        draft = take_back(message=message, member=at.member)
        assert (draft.ticket_id, draft.text) == (message.ticket_id, "Your boots are here.")
    assert at.send(message) == ""
    with at.scope():
        ticket = Ticket.objects.get(pk=message.ticket_id)
        assert ticket.customer.acknowledged_at is None
        assert ticket.first_reply_at is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"to": "nobody"}, "not a mail address"),
        ({"to": "a@x.example, b@x.example"}, "not a mail address"),
        ({"to": "help@shop.example"}, "own addresses"),
        ({"text": " \n"}, "nothing in it"),
        ({"bcc": "x y"}, "BCC"),
    ],
)
def test_a_first_mail_that_cannot_go_opens_no_ticket(at: Desk, fields: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidState) as refused:
        first_mail(at, **fields)
    assert said in f"{refused.value.message} {refused.value.next_step}"
    with at.scope():
        assert Ticket.objects.count() == 1


def test_somebody_out_of_the_inbox_writes_no_first_mail(at: Desk) -> None:
    with at.scope():
        stranger = make_member("agent")
    with pytest.raises(NotAllowed):
        first_mail(at, member=stranger)
    with at.scope():
        assert Ticket.objects.count() == 1
