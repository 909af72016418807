"""Ways around promises 2 and 5, one test each: refused or recognised, and nothing was sent or changed.

Everything runs as the app role, like the product. Where a test leaves the services aside, it is the database that
refuses; where it uses them, it is the services that recognise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.db import Error, connection, transaction
from django.utils import timezone

from governance.services import consents, stops
from helpdesk.errors import NotAllowed
from helpdesk.people.models import ApiToken, Customer
from helpdesk.people.tests.factories import make_member
from tickets import tasks
from tickets.content import content_hash
from tickets.mail.receive import receive, refile
from tickets.models import (
    AIText,
    Approval,
    Attachment,
    ComposerDraft,
    Message,
    MessageOutcome,
    RawMail,
    Ticket,
    TicketCounter,
)
from tickets.services.replying import send_reply
from tickets.tests.at_work import DRAFT, Desk, desk
from tickets.tests.factories import (
    make_ai_text,
    make_approval,
    make_attachment,
    make_inbound,
    make_leave_to_approve,
    make_reply,
)
from tickets.tests.mails import arrive
from tickets.tests.mails import mail as make_mail

CONTENT = (
    "subject", "text", "html", "quoted", "recipients_to", "recipients_cc", "recipients_bcc", "content_salt"
)  # fmt: skip
pytestmark = pytest.mark.django_db

LEAVING = ("queued", "sending", "sent")


@pytest.fixture(name="at")
def _at() -> Desk:
    return desk()


@contextmanager
def refused(at: Desk, said: str = ".") -> Iterator[None]:
    """The database says no, and nothing changed or left."""
    before = _everything(at)
    with at.scope(), pytest.raises(Error, match=said), transaction.atomic():
        yield
    assert _everything(at) == before
    _nobody_got_mail(at)


def _everything(at: Desk) -> list[Any]:
    with at.scope():
        tables = (Message, Approval, Attachment, AIText, RawMail, MessageOutcome, Ticket)
        return [list(table.objects.order_by("pk").values()) for table in tables]


def _nobody_got_mail(at: Desk) -> None:
    with at.scope():
        waiting = list(Message.objects.filter(state__in=("queued", "sending")).values_list("pk", flat=True))
    for pk in waiting:
        tasks.send_message(organization_id=str(at.organization.id), message_id=pk)
    assert mail.outbox == []


def _sql(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _prepared(at: Desk, **fields: Any) -> Message:
    """An AI's draft as a reply that nobody has approved."""
    with at.scope():
        values = {
            "ai_involvement": "verbatim",
            "text": DRAFT,
            "author": at.member,
            "decision": at.ai_text.decision,
        }
        return make_reply(at.ticket, **{**values, **fields})


# Promise 2: no words of an AI without a person's approval of exactly them


def test_orm_create(at: Desk) -> None:
    for state in LEAVING:
        with refused(at, "no approval"):
            make_reply(at.ticket, author=at.member, state=state, ai_involvement="edited", text=DRAFT)


def test_orm_save(at: Desk) -> None:
    reply = _prepared(at)
    for state in LEAVING:
        with refused(at, "no approval"):
            reply.state = state
            reply.save()


def test_bulk_create(at: Desk) -> None:
    rows = [
        Message(ticket=at.ticket, kind="reply", state=state, ai_involvement="suggested", text="x")
        for state in LEAVING
    ]
    with refused(at, "no approval"):
        Message.objects.bulk_create(rows)


def test_bulk_update(at: Desk) -> None:
    reply = _prepared(at)
    reply.state = "queued"
    with refused(at, "no approval"):
        Message.objects.bulk_update([reply], ["state"])


def test_queryset_update(at: Desk) -> None:
    reply = _prepared(at)
    for state in LEAVING:
        with refused(at, "no approval"):
            Message.objects.filter(pk=reply.pk).update(state=state)


def test_raw_sql_update(at: Desk) -> None:
    reply = _prepared(at)
    for state in LEAVING:
        with refused(at, "no approval"):
            _sql("UPDATE tickets_message SET state = %s WHERE id = %s", state, reply.pk)


def test_raw_sql_insert(at: Desk) -> None:
    reply = _prepared(at)
    columns = "organization_id, ticket_id, kind, subject, text, quoted, html, recipients_to, recipients_cc, message_id"
    columns += ", in_reply_to, language, ai_involvement, content_salt, disclosure, held_reason, remote_images"
    columns += ", created_at, status_after, attempts"
    with refused(at, "no approval"):
        _sql(f"INSERT INTO tickets_message ({columns}, state) SELECT {columns}, 'queued' FROM tickets_message WHERE id = %s",
             reply.pk)  # fmt: skip


def test_saying_that_a_draft_is_ones_own(at: Desk) -> None:
    for text in (DRAFT, f" {DRAFT.upper()}\n\n"):
        with refused(at, "is a text of the AI"):
            make_reply(at.ticket, author=at.member, state="queued", text=text)


def test_taking_the_involvement_back(at: Desk) -> None:
    reply = _prepared(at)
    with refused(at, "never taken back"):
        Message.objects.filter(pk=reply.pk).update(ai_involvement="none")


def test_sending_it_as_an_acknowledgement(at: Desk) -> None:
    with refused(at):
        make_reply(at.ticket, kind="ack", state="queued", ai_involvement="edited")
    with refused(at, "is a text of the AI"):
        make_reply(at.ticket, kind="ack", state="queued", text=DRAFT)


def test_turning_something_else_into_a_reply(at: Desk) -> None:
    with at.scope():
        note = Message.objects.create(ticket=at.ticket, kind="note", text=DRAFT, ai_involvement="edited")
    with refused(at, "keeps its kind"):
        Message.objects.filter(pk=note.pk).update(kind="reply", state="queued")


def test_forgetting_what_the_ai_wrote(at: Desk) -> None:
    with refused(at, "is a record"):
        AIText.objects.all().delete()
    with refused(at, "is a record"):
        AIText.objects.update(text="Something else", text_hash="0" * 64)
    with refused(at, "not the hash"):
        AIText.objects.create(ticket=at.ticket, decision=at.ai_text.decision, text=DRAFT, text_hash="0" * 64)


SETTINGS = [
    ("pgtrigger.ignore", "*"),
    ("pgtrigger.ignore", "{tickets_message:guard,tickets_approval:guard}"),
    ("app.organization_id", "x"),
    ("app.bypass", "on"),
    ("app.guard", "off"),
    ("pghistory.context_id", "x"),
    ("check_function_bodies", "off"),
]


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_set_config_switches_nothing_off(at: Desk, name: str, value: str) -> None:
    reply = _prepared(at)
    with refused(at, "no approval"):
        _sql("SELECT set_config(%s, %s, true)", name, value)
        _sql("UPDATE tickets_message SET state = 'queued' WHERE id = %s", reply.pk)


def test_no_setting_that_the_code_reads_switches_a_guard_off(at: Desk) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc FROM pg_proc WHERE proname LIKE 'tickets\\_%' AND prorettype = 'trigger'::regtype"
        )
        read = {
            name
            for (source,) in cursor.fetchall()
            for name in re.findall(r"current_setting\('([^']+)'", source)
        }
    assert read <= {"app.organization"}, "a guard that reads another setting can be told not to look"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT set_config('session_replication_role', 'replica', true)",
        "SET session_replication_role = replica",
        "ALTER TABLE tickets_message DISABLE TRIGGER ALL",
        "ALTER TABLE tickets_message DISABLE TRIGGER guard",
        "DROP TRIGGER guard ON tickets_message",
        "CREATE OR REPLACE FUNCTION tickets_message_guard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "DROP FUNCTION tickets_message_guard CASCADE",
        "ALTER TABLE tickets_message NO FORCE ROW LEVEL SECURITY",
        "TRUNCATE tickets_approval",
        "TRUNCATE tickets_message CASCADE",
        "SET ROLE helpdesk_owner",
        "SET SESSION AUTHORIZATION helpdesk_owner",
        "CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT ''::bytea $$",
    ],
)
def test_the_app_role_may_not_touch_the_guards(at: Desk, sql: str) -> None:
    _prepared(at)
    with refused(at, "permission denied|must be owner"):
        _sql(sql)


def test_another_organization_in_force(at: Desk) -> None:
    other = desk()
    reply = _prepared(at)
    with other.scope():
        assert Message.objects.filter(pk=reply.pk).update(state="queued") == 0
    assert at.state(reply) == "prepared"
    with at.scope():
        approved = _prepared(at)
        make_approval(approved)
    with refused(other):
        _sql("INSERT INTO tickets_approval (message_id, approver_id, decision_id, content_hash, ticket_revision, "
             "disclosure_version, created_at) SELECT %s, %s, %s, %s, 1, '1', now()",
             reply.pk, other.member.pk, at.ai_text.decision_id, "0" * 64)  # fmt: skip


# Approvals that are none


@pytest.mark.parametrize(
    "fields",
    [
        {"content_hash": "0" * 64},
        {"decision": {"allowed": False}},
        {"decision": {"action": "draft"}},
        {"decision": {"action": "send"}},
        {"decision": {"kind": "canary"}},
        {"decision": {"subject_kind": "message"}},
        {"decision": {"actor": None}},
    ],
    ids=str,
)
def test_an_approval_of_something_else(at: Desk, fields: dict[str, Any]) -> None:
    reply = _prepared(at)
    with at.scope():
        if "decision" in fields:
            fields = {"decision": make_leave_to_approve(at.ticket, at.member, **fields["decision"])}
    with refused(at, "approv"):
        make_approval(reply, **fields)


def test_an_approval_on_the_decision_of_another_ticket(at: Desk) -> None:
    reply = _prepared(at)
    with at.scope():
        elsewhere = make_leave_to_approve(make_inbound().ticket, at.member)
    with refused(at, "about this ticket"):
        make_approval(reply, decision=elsewhere)


def test_an_approval_on_the_decision_of_another_person(at: Desk) -> None:
    reply = _prepared(at)
    with at.scope():
        colleague = make_member()
        theirs = make_leave_to_approve(at.ticket, colleague)
    with refused(at, "asked for by the approver"):
        make_approval(reply, decision=theirs)
    with at.scope():
        mine = make_leave_to_approve(at.ticket, at.member)
    with refused(at, "asked for by the approver"):
        make_approval(reply, decision=mine, approver=colleague)


@pytest.mark.parametrize("revoked", [False, True], ids=["in force", "revoked"])
def test_one_decision_for_two_approvals(at: Desk, revoked: bool) -> None:
    approved, other = _prepared(at), _prepared(at)
    with at.scope():
        first = make_approval(approved)
        if revoked:
            Approval.objects.update(revoked_at=timezone.now())
    with refused(at, "one_approval_per_decision"):
        make_approval(other, decision=first.decision)


def test_the_decision_of_a_sent_reply_carries_no_second_one(at: Desk) -> None:
    at.send(at.draft_reply())
    mail.outbox.clear()
    other = _prepared(at)
    with at.scope():
        used = Approval.objects.get().decision
    with refused(at, "one_approval_per_decision"):
        make_approval(other, decision=used)


@pytest.mark.parametrize("who", [{"role": "auditor"}, {"is_active": False}], ids=str)
def test_an_approval_by_someone_who_may_not(at: Desk, who: dict[str, Any]) -> None:
    reply = _prepared(at)
    with at.scope():
        member = make_member(**who)
    with refused(at, "active member who may answer"):
        make_approval(reply, approver=member)
    with at.scope(), pytest.raises(NotAllowed):
        send_reply(ticket=at.ticket, member=member, text=DRAFT, seen_revision=1)
    _nobody_got_mail(at)


def test_a_token_cannot_approve(at: Desk) -> None:
    with at.scope():
        token = ApiToken.objects.create(membership=at.member, name="script", token_hash="x")
    for text in (DRAFT, f"{DRAFT} Best, Nora"):
        with pytest.raises(NotAllowed, match="Only a person"):
            at.reply(text, member=token.membership, interactive=False)
    with at.scope():
        assert not Approval.objects.exists()
        assert not Message.objects.filter(kind="reply").exists()
    _nobody_got_mail(at)


def test_reusing_an_approval_for_another_message(at: Desk) -> None:
    approved, other = _prepared(at), _prepared(at)
    with at.scope():
        approval = make_approval(approved)
    with refused(at, "is a record"):
        Approval.objects.filter(pk=approval.pk).update(message=other)
    with refused(at, "no approval"):
        Message.objects.filter(pk=other.pk).update(content_salt=approved.content_salt, state="queued")
    with refused(at, "keeps its kind and its ticket"):
        second = make_inbound().ticket
        Message.objects.filter(pk=approved.pk).update(ticket=second, state="queued")


def test_changing_or_removing_an_approval(at: Desk) -> None:
    reply = _prepared(at)
    with at.scope():
        make_approval(reply)
    for change in (
        {"content_hash": "0" * 64},
        {"ticket_revision": 9},
        {"approver": None},
        {"revoked_at": None},
    ):
        with refused(at):
            Approval.objects.update(**change)
    with refused(at, "never removed"):
        Approval.objects.all().delete()
    with at.scope():
        Approval.objects.update(revoked_at=timezone.now())
    with refused(at, "only be revoked, once"):
        Approval.objects.update(revoked_at=None)
    with refused(at, "no approval"):
        Message.objects.filter(pk=reply.pk).update(state="queued")


def test_approving_what_is_queued_already(at: Desk) -> None:
    reply = at.draft_reply()
    with refused(at, "being prepared"):
        make_approval(reply)


# Editing after the approval

EDITS = {
    "text": "Something else",
    "html": "<p>Something else</p>",
    "subject": "Else",
    "recipients_to": "mallory@evil.example",
    "recipients_cc": "mallory@evil.example",
    "content_salt": "0" * 32,
}


@pytest.mark.parametrize("field", EDITS)
def test_editing_after_the_approval(at: Desk, field: str) -> None:
    reply = at.draft_reply()
    with refused(at, "is frozen"):
        Message.objects.filter(pk=reply.pk).update(**{field: EDITS[field]})
    with refused(at, "cannot become prepared"):
        Message.objects.filter(pk=reply.pk).update(state="prepared")
    with refused(at, "is frozen"):
        _sql(f"UPDATE tickets_message SET {field} = %s, state = 'held' WHERE id = %s", EDITS[field], reply.pk)


@pytest.mark.parametrize("field", EDITS)
def test_editing_between_approval_and_queue(at: Desk, field: str) -> None:
    reply = _prepared(at)
    with at.scope():
        make_approval(reply)
        Message.objects.filter(pk=reply.pk).update(**{field: EDITS[field]})
    with refused(at, "no approval"):
        Message.objects.filter(pk=reply.pk).update(state="queued")


def test_changing_attachments_after_the_approval(at: Desk) -> None:
    values = {"ticket": at.ticket, "content_type": "text/plain", "size": 1}
    with at.scope():
        approved = Attachment.objects.create(
            name="a", sha256="a", file=ContentFile(b"a", "a"), uploaded_by=at.member, **values
        )
        other = Attachment.objects.create(name="b", sha256="b", file="b", uploaded_by=at.member, **values)
    reply = at.draft_reply(attachment_ids=[approved.pk])
    with refused(at, "are frozen"):
        Attachment.objects.filter(pk=other.pk).update(message=reply)
    with refused(at, "are frozen"):
        Attachment.objects.filter(pk=approved.pk).update(message=None)
    with refused(at, "are frozen"):
        Attachment.objects.filter(pk=approved.pk).update(sha256="b", file="b")
    with refused(at, "are frozen"):
        Attachment.objects.filter(pk=approved.pk).delete()
    with refused(at, "are frozen"):
        make_attachment(reply)


def test_changing_attachments_between_approval_and_queue(at: Desk) -> None:
    reply = _prepared(at)
    with at.scope():
        make_approval(reply)
        make_attachment(reply)
    with refused(at, "no approval"):
        Message.objects.filter(pk=reply.pk).update(state="queued")


# The customer's next word


def test_the_customer_wrote_again_after_the_approval(at: Desk) -> None:
    reply = at.draft_reply()
    arrive(at.inbox, "Wait!", in_reply_to="<q1@customer.example>")
    with refused(at, "wrote again"):
        Message.objects.filter(pk=reply.pk).update(state="sending")
    assert at.send(reply) == ""
    assert mail.outbox == []
    with at.scope():
        held = Message.objects.get(pk=reply.pk)
        assert (held.state, held.text) == ("held", DRAFT)
        assert "wrote again" in held.held_reason


def test_pretending_that_nobody_wrote(at: Desk) -> None:
    with at.scope():
        reply = _prepared(at)
        make_approval(reply, ticket_revision=7)
        Message.objects.filter(pk=reply.pk).update(state="queued")
    with refused(at, "wrote again"):
        Message.objects.filter(pk=reply.pk).update(state="sending")


# Hiding that an AI helped


@pytest.mark.parametrize(
    "html", ["<p>x</p><div hidden>", "<p>x</p><div style='display:none'>", "<blockquote>x"]
)
def test_hiding_the_line_that_tells_about_the_ai(at: Desk, html: str) -> None:
    reply = _prepared(at, html=html, recipients_to="ana@customer.example")
    with at.scope():
        make_approval(reply)
        Message.objects.filter(pk=reply.pk).update(state="queued")
    assert at.send(reply) == ""
    assert mail.outbox == []
    with at.scope():
        held = Message.objects.get(pk=reply.pk)
        assert (held.state, held.html) == ("held", html)
        assert "tells the customer about the AI is missing" in held.held_reason


# The clipboard


@pytest.mark.parametrize(
    "pasted",
    [
        DRAFT,
        DRAFT.replace("\n", " ").replace(",", ", "),
        f"Dear Ana,\n\n{DRAFT}\n\nBest regards,\nNora",
        DRAFT.split(". ")[0] + ".",
        "> " + DRAFT,
        DRAFT.replace("e", "e\u200b"),
    ],
    ids=["whole", "spaced", "framed", "one sentence", "as a quote", "invisible characters"],
)
def test_a_pasted_draft_is_recognised(at: Desk, pasted: str) -> None:
    reply = at.reply(pasted)
    assert reply.ai_involvement in ("verbatim", "edited")
    assert at.send(reply) == "sent"
    (sent,) = mail.outbox
    assert sent.extra_headers["AI-Involvement"] == reply.ai_involvement
    with at.scope():
        assert Message.objects.get(pk=reply.pk).disclosure in sent.body
        assert Approval.objects.filter(message=reply).count() == 1


def test_a_pasted_draft_is_refused_where_the_ai_is(at: Desk) -> None:
    with at.scope():
        consents.answer_without_ai(customer=at.ticket.customer, method="portal")
        stops.stop_ai(scope="organization", member=at.member)
    with pytest.raises(NotAllowed):
        at.reply(f"Dear Ana! {DRAFT}")
    with at.scope():
        assert ComposerDraft.objects.get().text.endswith(DRAFT)
        assert not Message.objects.filter(kind="reply").exists()
    _nobody_got_mail(at)


def test_a_rewrite_shown_on_the_ticket_counts_like_a_draft(at: Desk) -> None:
    rewrite = (
        "Sehr geehrte Ana, Sie können die Stiefel innerhalb von dreißig Tagen nach Lieferung zurücksenden."
    )
    with at.scope():
        make_ai_text(at.ticket, rewrite, kind="translation", decision=at.ai_text.decision)
    assert at.reply(f"Hallo! {rewrite} Nora").ai_involvement == "edited"


@pytest.mark.parametrize("hidden", [False, True], ids=["text", "html"])
def test_a_pasted_draft_that_came_past_the_composer_does_not_leave(at: Desk, hidden: bool) -> None:
    words = f"Dear Ana, thank you! {DRAFT} Best, Nora"
    fields = {"text": "See below.", "html": f"<p>{words}</p>"} if hidden else {"text": words}
    reply = _prepared(at, ai_involvement="none", decision=None, **fields)
    with at.scope():
        Message.objects.filter(pk=reply.pk).update(state="queued")
    assert at.send(reply) == ""
    assert mail.outbox == []
    with at.scope():
        held = Message.objects.get(pk=reply.pk)
        assert (held.state, "does not say so" in held.held_reason) == ("held", True)


def test_a_draft_shown_after_the_answer_was_written_does_not_hold_it(at: Desk) -> None:
    words = "Your refund is on its way and should be in your bank account within three working days."
    reply = at.reply(words)
    with at.scope():
        make_ai_text(at.ticket, f"Hello Ana! {words}", decision=at.ai_text.decision)
    assert at.send(reply) == "sent"


# Once at most


def test_a_retried_task_sends_once(at: Desk) -> None:
    reply = at.draft_reply()
    assert at.send(reply) == "sent"
    for _ in range(3):
        at.due(reply)
        tasks.send_message(organization_id=str(at.organization.id), message_id=reply.pk)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("state", ["prepared", "queued", "sending", "held", "failed", "cancelled"])
def test_a_sent_message_never_starts_again(at: Desk, state: str) -> None:
    reply = at.draft_reply()
    at.send(reply)
    mail.outbox.clear()
    with refused(at):
        Message.objects.filter(pk=reply.pk).update(state=state, sent_at=None)


@pytest.mark.parametrize("stopped", ["held", "failed", "cancelled"])
def test_a_stopped_message_never_starts_again(at: Desk, stopped: str) -> None:
    reply = at.draft_reply()
    with at.scope():
        Message.objects.filter(pk=reply.pk).update(state=stopped)
    for state in ("prepared", "queued", "sending"):
        with refused(at, "cannot become"):
            Message.objects.filter(pk=reply.pk).update(state=state)


def test_a_sent_approval_cannot_be_removed_with_its_message(at: Desk) -> None:
    reply = at.draft_reply()
    at.send(reply)
    mail.outbox.clear()
    with refused(at):
        Message.objects.filter(pk=reply.pk).delete()
    with refused(at):
        _sql("DELETE FROM tickets_message WHERE id = %s", reply.pk)


# Erasure is no way round, and possible


def test_erasing_a_sent_message_is_allowed_and_total(at: Desk) -> None:
    reply = at.draft_reply()
    at.send(reply)
    mail.outbox.clear()
    with refused(at, "is frozen"):
        Message.objects.filter(pk=reply.pk).update(text="")
    empty = dict.fromkeys(CONTENT, "")
    with at.scope():
        Customer.objects.filter(pk=at.ticket.customer_id).update(erased_at=timezone.now())
        Message.objects.filter(pk=reply.pk).update(**empty)
        AIText.objects.filter(ticket=at.ticket).delete()
        erased = Message.objects.get(pk=reply.pk)
        assert (erased.state, erased.text, erased.ai_involvement) == ("sent", "", "verbatim")
        assert content_hash(erased, []) != Approval.objects.get().content_hash
    with refused(at, "frozen"):
        Message.objects.filter(pk=reply.pk).update(text="Something else")


def test_an_erased_message_that_waits_does_not_leave(at: Desk) -> None:
    reply = at.draft_reply()
    empty = dict.fromkeys(CONTENT, "")
    with at.scope():
        Message.objects.filter(pk=reply.pk).update(**empty)
    at.send(reply)
    assert at.state(reply) == "held"
    assert mail.outbox == []


# Promise 5: an inbound message is stored exactly once

REPEATS: dict[str, Callable[[RawMail], Any]] = {
    "create": lambda known: RawMail.objects.create(
        inbox=known.inbox, content_key=known.content_key, source=b"x", size=1
    ),
    "bulk_create": lambda known: RawMail.objects.bulk_create(
        [RawMail(inbox=known.inbox, content_key=known.content_key, source=b"x", size=1)]
    ),
    "raw SQL": lambda known: _sql(
        "INSERT INTO tickets_rawmail (inbox_id, content_key, source, size, received_at, outcome, reason) "
        "SELECT inbox_id, content_key, source, size, received_at, 'stored', '' FROM tickets_rawmail"
    ),
}


@pytest.mark.parametrize("way", REPEATS)
def test_storing_the_same_mail_twice(at: Desk, way: str) -> None:
    with at.scope():
        known = RawMail.objects.get()
    with refused(at, "raw_mail_is_stored_once"):
        REPEATS[way](known)


@pytest.mark.parametrize("change", [{"source": b"x"}, {"content_key": "other"}], ids=str)
def test_changing_a_source(at: Desk, change: dict[str, Any]) -> None:
    with refused(at, "kept as it came"):
        RawMail.objects.update(**change)


def test_running_a_filed_mail_again(at: Desk) -> None:
    before = _everything(at)
    with at.scope():
        pk = RawMail.objects.get().pk
    for _ in range(3):
        assert refile(organization_id=at.organization.id, raw_mail_id=pk).outcome == "duplicate"
        assert tasks.file_stored(organization_id=str(at.organization.id), raw_mail_id=pk) == "duplicate"
    assert _everything(at) == before


def test_the_same_mail_by_another_way(at: Desk) -> None:
    raw = make_mail(message_id="<q1@customer.example>")
    before = _everything(at)
    assert receive(inbox=at.inbox, raw=raw).outcome == "duplicate"
    assert _everything(at) == before


def test_two_outcomes_of_one_message(at: Desk) -> None:
    with at.scope():
        message = Message.objects.get(kind="inbound")
        MessageOutcome.objects.create(message=message, result="no_draft")
    with refused(at, "one_outcome_per_message"):
        MessageOutcome.objects.create(message=message, result="drafted")


def test_changing_what_a_customer_wrote(at: Desk) -> None:
    with refused(at, "is frozen"):
        Message.objects.filter(kind="inbound").update(text="I am very happy")


def test_numbers_stay_and_are_given_once(at: Desk) -> None:
    with refused(at, "keeps its number"):
        Ticket.objects.update(number=7)
    with refused(at, "ticket_number_is_unique"):
        Ticket.objects.create(inbox=at.inbox, customer=at.ticket.customer, number=1)
    with at.scope():
        assert TicketCounter.objects.get().last == 1


def test_a_ticket_without_a_number_is_not_kept(at: Desk) -> None:
    with refused(at, "without a number"):
        Ticket.objects.create(inbox=at.inbox, customer=at.ticket.customer)
        _sql("SET CONSTRAINTS ALL IMMEDIATE")
