"""An agent answers: what is checked, what is kept, and how one is taken back."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from governance.models import AIDecision
from governance.services import consents, stops
from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.people.models import CustomerAddress
from helpdesk.people.tests.factories import make_member
from tickets.models import Approval, Attachment, ComposerDraft, Message, MessageState, Ticket
from tickets.services.replying import add_note, save_composer, send_reply, take_back
from tickets.tests.at_work import DRAFT, Desk, desk
from tickets.tests.mails import arrive

pytestmark = pytest.mark.django_db


@pytest.fixture(name="at")
def _at() -> Desk:
    return desk()


def test_a_reply_waits_for_the_time_to_take_it_back(at: Desk) -> None:
    reply = at.reply("  It left\r\non Monday. <b>", cc="Bo <BO@customer.example>; ana@customer.example")
    assert (reply.kind, reply.state, reply.ai_involvement) == ("reply", "queued", "none")
    assert (reply.recipients_to, reply.recipients_cc) == ("ana@customer.example", "bo@customer.example")
    assert (reply.subject, reply.in_reply_to) == ("Re: Boots", "q1@customer.example")
    assert reply.text == "It left\non Monday. <b>"
    assert reply.html == "<p>It left<br>on Monday. &lt;b&gt;</p>"
    assert 0 < (reply.send_after - timezone.now()).total_seconds() <= settings.UNDO_SECONDS
    with at.scope():
        assert not Approval.objects.exists(), "a person's own words need no approval"
        assert not ComposerDraft.objects.exists()
        assert not Ticket.objects.get().is_unread


@pytest.mark.parametrize(
    ("text", "used", "degree"),
    [
        (DRAFT, True, "verbatim"),
        (f"  {DRAFT.upper()}\n", False, "verbatim"),
        (DRAFT.replace("thirty", "30").replace("near you", ""), True, "edited"),
        (f"Dear Ana! {DRAFT} Best, Nora", False, "edited"),
        ("We will call you tomorrow at noon.", True, "suggested"),
        ("We will call you tomorrow at noon.", False, "none"),
    ],
)
def test_the_server_finds_how_far_the_ai_had_a_hand_in_it(
    at: Desk, text: str, used: bool, degree: str
) -> None:
    reply = at.reply(text, used_decision_id=at.ai_text.decision_id if used else None)
    assert reply.ai_involvement == degree
    with at.scope():
        approvals = list(Approval.objects.all())
        assert len(approvals) == (0 if degree == "none" else 1)
        if approvals:
            assert approvals[0].approver == at.member
            assert approvals[0].decision.action == "approve"
            assert approvals[0].ticket_revision == 1
            assert reply.decision_id == at.ai_text.decision_id


@pytest.mark.parametrize("decision", [999_999, 10**30])
def test_an_origin_that_was_never_shown_here_is_none(at: Desk, decision: int) -> None:
    reply = at.reply("We will call\0 you tomorrow at noon.", cc="\0", used_decision_id=decision)
    assert (reply.ai_involvement, reply.text) == ("none", "We will call you tomorrow at noon.")


def test_an_emptied_composer_has_no_origin_any_more(at: Desk) -> None:
    about = {"ticket": at.ticket, "member": at.member, "kind": "reply"}
    with at.scope():
        save_composer(**about, text=DRAFT, used_decision=at.ai_text.decision_id)
        assert save_composer(**about, text=DRAFT[:20]).used_decision_id == at.ai_text.decision_id
        save_composer(**about, text=" ", used_decision=at.ai_text.decision_id)
        assert save_composer(**about, text="Own words.").used_decision_id is None


def test_source_passages_a_person_may_paste_themselves() -> None:
    at = desk(ai_text={"exempt": [DRAFT]})
    assert at.reply(f"Ana, see here: {DRAFT}").ai_involvement == "none"


def test_a_sentence_without_source_must_be_touched() -> None:
    sentence = "Please put the return slip into the parcel and hand it in at any post office near you."
    at = desk(ai_text={"unsupported": [sentence]})
    with pytest.raises(InvalidState, match="no source"):
        at.draft_reply()
    with at.scope():
        assert ComposerDraft.objects.get().text == DRAFT
        assert not Message.objects.filter(kind="reply").exists()
    touched = DRAFT.replace("any post office near you", "our shop in Main Street")
    assert at.draft_reply(touched).ai_involvement == "edited"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": " \n"}, "nothing in it"),
        ({"cc": "bo@customer.example, nobody"}, "“nobody” is not a mail address"),
    ],
)
def test_what_cannot_be_sent_stays_in_the_composer(at: Desk, fields: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidState, match=said):
        at.reply(**fields)
    with at.scope():
        assert ComposerDraft.objects.count() == 1
        assert not Message.objects.filter(kind="reply").exists()


def test_the_customer_wrote_meanwhile(at: Desk) -> None:
    arrive(at.inbox, "Never mind!", in_reply_to="<q1@customer.example>")
    with pytest.raises(Conflict, match="Ana wrote again"):
        at.reply("It left on Monday.", seen_revision=1)
    with at.scope():
        assert ComposerDraft.objects.get().text == "It left on Monday."


def test_a_colleague_answered_meanwhile(at: Desk) -> None:
    with at.scope():
        seen = Message.objects.get().pk
        other = make_member(name="Tom")
    at.reply(member=other)
    for fields in ({}, {"seen_message_id": seen}):
        with pytest.raises(Conflict, match="Tom has just answered"):
            at.reply("Mine", **fields)
    with at.scope():
        newest = Message.objects.order_by("-pk").first().pk
        assert ComposerDraft.objects.get(author=at.member).text == "Mine"
    assert at.reply("Mine", seen_message_id=newest).state == "queued"


def test_who_only_reads_or_has_no_part_in_the_inbox_does_not_answer(at: Desk) -> None:
    for role in ("auditor", "agent"):
        with at.scope():
            member = make_member(role)
        with pytest.raises(NotAllowed):
            at.reply(member=member)
    with at.scope():
        assert not Message.objects.filter(kind="reply").exists()


def test_a_denied_approval_says_why_and_keeps_text_and_record(at: Desk) -> None:
    with at.scope():
        consents.answer_without_ai(customer=at.ticket.customer, method="portal")
    with pytest.raises(NotAllowed, match="without AI") as refused:
        at.draft_reply()
    assert "your own words" in refused.value.next_step
    with at.scope():
        kept = ComposerDraft.objects.get()
        assert (kept.text, kept.used_decision_id) == (DRAFT, at.ai_text.decision_id)
        assert not AIDecision.objects.get(action="approve").allowed
        assert not Message.objects.filter(kind="reply").exists()
    assert at.reply("My own words entirely, dear customer.").state == "queued"


def test_stop_the_ai_stops_approving(at: Desk) -> None:
    with at.scope():
        stops.stop_ai(scope="organization", member=at.member)
    with pytest.raises(NotAllowed):
        at.draft_reply()


def test_a_program_can_send_a_persons_words_but_never_approve(at: Desk) -> None:
    with pytest.raises(NotAllowed, match="Only a person"):
        at.draft_reply(interactive=False)
    with at.scope():
        assert not Approval.objects.exists()
    assert at.reply(interactive=False).state == "queued"


def test_attachments_go_along_and_only_ones_own(at: Desk) -> None:
    with at.scope():
        values = {"ticket": at.ticket, "content_type": "text/plain", "size": 1, "sha256": "x"}
        mine = Attachment.objects.create(
            name="a", file=ContentFile(b"x", "a"), uploaded_by=at.member, **values
        )
        theirs = Attachment.objects.create(name="b", file="none", uploaded_by=make_member(), **values)
    with pytest.raises(InvalidState, match="attachments"):
        at.draft_reply(attachment_ids=[mine.pk, theirs.pk])
    reply = at.draft_reply(attachment_ids=[mine.pk])
    with at.scope():
        assert [one.pk for one in reply.attachments.all()] == [mine.pk]


def test_it_can_be_taken_back_with_everything(at: Desk) -> None:
    with at.scope():
        file = Attachment.objects.create(
            ticket=at.ticket, name="a", content_type="text/plain", size=1, sha256="x",
            file=ContentFile(b"x", "a"), uploaded_by=at.member,
        )  # fmt: skip
    reply = at.draft_reply(attachment_ids=[file.pk], cc="bo@customer.example")
    with at.scope():
        draft = take_back(message=reply, member=at.member)
        assert (draft.text, draft.cc, draft.used_decision_id) == (
            DRAFT,
            "bo@customer.example",
            at.ai_text.decision_id,
        )
        assert Approval.objects.get().revoked_at is not None
        assert Attachment.objects.get(message=None).name == "a"
        assert Message.objects.get(pk=reply.pk).state == MessageState.CANCELLED
    assert at.send(reply) == ""
    with at.scope(), pytest.raises(Conflict, match="already left"):
        take_back(message=reply, member=at.member)


def test_notes_stay_inside(at: Desk) -> None:
    with at.scope():
        save_composer(ticket=at.ticket, member=at.member, kind="note", text="Check st")
        note = add_note(ticket=at.ticket, member=at.member, text="Check stock")
        assert (note.kind, note.state, note.recipients_to) == ("note", "done", "")
        assert not ComposerDraft.objects.exists()


def test_the_answer_goes_to_where_the_customer_wrote_from_last(at: Desk) -> None:
    with at.scope():
        CustomerAddress.objects.create(customer=at.ticket.customer, address="ana@private.example")
    assert at.reply().recipients_to == "ana@customer.example"
    arrive(at.inbox, in_reply_to="<q1@customer.example>", **{"from": "ana@private.example"})
    assert at.reply().recipients_to == "ana@private.example"


def test_a_composer_that_saves_itself_keeps_the_origin(at: Desk) -> None:
    with at.scope():
        save_composer(
            ticket=at.ticket, member=at.member, kind="reply", text="a", used_decision=at.ai_text.decision
        )
        kept = save_composer(ticket=at.ticket, member=at.member, kind="reply", text="ab")
        kept.refresh_from_db()
        assert (kept.text, kept.used_decision_id) == ("ab", at.ai_text.decision_id)


def test_a_closed_ticket_is_opened_first(at: Desk) -> None:
    with at.scope():
        Ticket.objects.update(status="closed")
    with at.scope(), pytest.raises(InvalidState, match="closed"):
        send_reply(ticket=at.ticket, member=at.member, text="x", seen_revision=1)
