"""Mail out: with its disclosure and headers, at most once, and never silently lost."""

from __future__ import annotations

import hashlib
import smtplib
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.mail.backends.locmem import EmailBackend
from django.db import connections
from django.utils import timezone

from governance import ledger
from governance.models import OutcomeFact
from governance.services import consents, stops
from helpdesk.tenancy.scope import organization_scope
from tickets import tasks
from tickets.mail.send import UNKNOWN, send
from tickets.models import Attachment, Message, RawMail, Ticket, TicketEvent
from tickets.portal_links import message_of
from tickets.signals import message_sent
from tickets.tests.at_work import DRAFT, Desk, desk
from tickets.tests.mails import arrive

pytestmark = pytest.mark.django_db


@pytest.fixture(name="at")
def _at() -> Desk:
    return desk(signature="Boots & Co\nMain Street 1", from_name="Boots help")


def test_the_mail_says_how_far_ai_helped_and_threads(at: Desk) -> None:
    reply = at.draft_reply(cc="bo@customer.example")
    assert at.send(reply) == "sent"
    (sent,) = mail.outbox
    assert sent.from_email == "Boots help <help@shop.example>"
    assert (sent.to, sent.cc, sent.subject) == (
        ["ana@customer.example"],
        ["bo@customer.example"],
        "Re: Boots",
    )
    line = "Written with AI assistance, checked and sent by Nora"
    with at.scope():
        stored = Message.objects.get(pk=reply.pk)
        assert line in stored.disclosure or "Nora" in stored.disclosure
        shown, quote = sent.body.split("\n\nOn ")  # what must be seen stands above the mail answered
        link = shown.split()[-1].partition("#")[0]  # it carries the second it was made in
        why = f"Why this answer?\n{link}\nSpeak to a person about it\n{link}#person"
        assert shown == f"{DRAFT}\n\nBoots & Co\nMain Street 1\n\n{stored.disclosure}\n{why}"
        assert quote.endswith("Ana wrote:\n> Can I send my boots back?\n")
        assert message_of(link.split("/")[-2]) == stored
        html = sent.alternatives[0][0]
        assert html.index("Main Street") < html.index(stored.disclosure) < html.index("<blockquote>")
        assert sent.extra_headers["AI-Involvement"] == "verbatim"
        assert sent.extra_headers["Message-ID"] == f"<{stored.message_id}>"
        assert sent.extra_headers["In-Reply-To"] == "<q1@customer.example>"
        assert sent.extra_headers["References"] == "<q1@customer.example>"
        assert sent.reply_to[0].startswith("Boots help <help+t")
        assert stored.sent_at is not None
        assert "Auto-Submitted" not in sent.extra_headers


def test_a_persons_own_words_carry_no_disclosure(at: Desk) -> None:
    reply = at.reply("Your parcel left us on Monday.")
    assert at.send(reply) == "sent"
    (sent,) = mail.outbox
    assert sent.extra_headers["AI-Involvement"] == "none"
    assert "AI" not in sent.body
    with at.scope():
        assert Message.objects.get(pk=reply.pk).disclosure == ""


def test_the_disclosure_speaks_the_customers_language(at: Desk) -> None:
    with at.scope():
        Ticket.objects.update(language="de")
    reply = at.draft_reply()
    at.send(reply)
    assert "KI" in mail.outbox[0].body


def test_the_customers_answer_joins_by_what_was_sent(at: Desk) -> None:
    at.send(at.reply(cc="bo@customer.example"))
    (sent,) = mail.outbox
    fields = {"from": "bo@customer.example"}
    assert arrive(at.inbox, in_reply_to=sent.extra_headers["Message-ID"], **fields).ticket_number == 1
    assert arrive(at.inbox, to=sent.reply_to[0], subject="New").ticket_number == 1


def test_the_ticket_learns_that_it_was_answered(at: Desk, django_capture_on_commit_callbacks: Any) -> None:
    heard: list[int] = []

    def listener(sender: object, message_id: int, **_: Any) -> None:
        heard.append(message_id)

    message_sent.connect(listener)
    reply = at.draft_reply(status_after="solved")
    with django_capture_on_commit_callbacks(execute=True):
        at.send(reply)
    message_sent.disconnect(listener)
    assert heard == [reply.pk]
    with at.scope():
        ticket = Ticket.objects.get()
        assert (ticket.status, ticket.is_unread) == ("solved", False)
        assert ticket.first_reply_at is not None
        assert ticket.solved_at is not None
        facts = list(OutcomeFact.objects.order_by("pk").values_list("event", flat=True))
        assert facts == ["opened", "first_reply", "solved"]
        assert ticket.events.get(kind="status").data == {"from": "new", "to": "solved"}
        assert ledger.verify().ok
    at.send(at.reply("And one more thing."))
    with at.scope():
        assert OutcomeFact.objects.filter(event="first_reply").count() == 1


def test_nothing_leaves_before_its_time(at: Desk) -> None:
    reply = at.reply()
    assert send(organization_id=at.organization.id, message_id=reply.pk) == ""
    assert (mail.outbox, at.state(reply)) == ([], "queued")


def test_a_retried_task_sends_once(at: Desk) -> None:
    reply = at.draft_reply()
    assert at.send(reply) == "sent"
    for _ in range(3):
        assert tasks.send_message(organization_id=str(at.organization.id), message_id=reply.pk) == ""
    assert len(mail.outbox) == 1


def test_attachments_go_along_as_they_were_approved(at: Desk) -> None:
    with at.scope():
        file = Attachment.objects.create(
            ticket=at.ticket, name="slip.pdf", content_type="application/pdf", size=4,
            sha256=hashlib.sha256(b"%PDF").hexdigest(), file=ContentFile(b"%PDF", "a"), uploaded_by=at.member,
        )  # fmt: skip
    at.send(at.reply(attachment_ids=[file.pk]))
    assert mail.outbox[0].attachments == [("slip.pdf", b"%PDF", "application/pdf")]


def test_a_file_that_was_changed_in_the_storage_does_not_leave(at: Desk) -> None:
    with at.scope():
        file = Attachment.objects.create(
            ticket=at.ticket, name="slip.pdf", content_type="application/pdf", size=4,
            sha256=hashlib.sha256(b"%PDF").hexdigest(), file=ContentFile(b"%PDF", "a"), uploaded_by=at.member,
        )  # fmt: skip
    reply = at.reply(attachment_ids=[file.pk])
    Path(file.file.path).write_bytes(b"%EVIL")
    assert at.send(reply) == "failed"
    assert mail.outbox == []


def test_a_reply_that_cannot_be_read_is_held_where_a_person_sees_it(
    at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = at.reply()
    monkeypatch.setattr("tickets.mail.send.outgoing", lambda _message: {}["rules that cannot be read"])
    assert at.send(reply) == "held"
    with at.scope():
        assert TicketEvent.objects.get(kind="held").data["message"] == reply.pk


def test_a_reply_whose_file_is_gone_does_not_leave_without_it(at: Desk) -> None:
    with at.scope():
        file = Attachment.objects.create(
            ticket=at.ticket, name="slip.pdf", content_type="application/pdf", size=4, sha256="x",
            file="nowhere", uploaded_by=at.member,
        )  # fmt: skip
    reply = at.reply(attachment_ids=[file.pk])
    assert at.send(reply) == "failed"
    assert mail.outbox == []
    with at.scope():
        assert TicketEvent.objects.get(kind="failed").data["message"] == reply.pk


@pytest.mark.parametrize("change", ["stop", "objection", "wrote_again"])
def test_what_changed_after_the_approval_holds_it_with_a_reason(at: Desk, change: str) -> None:
    reply = at.draft_reply()
    if change == "wrote_again":
        arrive(at.inbox, in_reply_to="<q1@customer.example>")
    with at.scope():
        if change == "stop":
            stops.stop_ai(scope="organization", member=at.member)
        if change == "objection":
            consents.answer_without_ai(customer=at.ticket.customer, method="mail_link")
    assert at.send(reply) == ""
    assert mail.outbox == []
    with at.scope():
        held = Message.objects.get(pk=reply.pk)
        assert (held.state, held.text) == ("held", DRAFT)
        assert held.held_reason
        event = TicketEvent.objects.get(kind="held")
        assert event.data["reason"] == held.held_reason
        assert event.data["next_step"]
        assert Ticket.objects.get().is_unread
    assert at.send(reply) == "", "a held one is never sent by itself"


def test_own_words_leave_whatever_the_rules_say(at: Desk) -> None:
    with at.scope():
        stops.stop_ai(scope="organization", member=at.member)
        consents.answer_without_ai(customer=at.ticket.customer, method="mail_link")
    reply = at.reply()
    arrive(at.inbox, in_reply_to="<q1@customer.example>")
    assert at.send(reply) == "sent"


class Server(EmailBackend):
    """A mail server that answers as told."""

    at_open: Exception | None = None
    at_data: BaseException | None = None

    def open(self) -> bool:
        if Server.at_open:
            raise Server.at_open
        return True

    def send_messages(self, messages: Any) -> int:
        count = super().send_messages(messages)
        if Server.at_data:
            raise Server.at_data
        return int(count)


@pytest.fixture
def server(settings: Any) -> type[Server]:
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.at_open = Server.at_data = None
    return Server


@pytest.mark.parametrize(
    "refusal",
    [
        ("at_open", ConnectionRefusedError()),
        ("at_open", TimeoutError()),
        ("at_open", smtplib.SMTPAuthenticationError(535, b"no")),
        ("at_data", smtplib.SMTPDataError(451, b"later")),
        ("at_data", smtplib.SMTPRecipientsRefused({"a@b": (450, b"greylisted")})),
    ],
    ids=lambda one: f"{one[0]} {type(one[1]).__name__}",
)
def test_a_server_that_cannot_now_is_tried_again_five_times(
    at: Desk, server: type[Server], monkeypatch: pytest.MonkeyPatch, refusal: tuple[str, Exception]
) -> None:
    monkeypatch.setattr(server, *refusal)
    monkeypatch.setattr(EmailBackend, "send_messages", lambda self, messages: 1)
    reply = at.draft_reply()
    waits = []
    for _ in range(4):
        assert at.send(reply) == "queued"
        with at.scope():
            waits.append(
                round((Message.objects.get(pk=reply.pk).send_after - timezone.now()).total_seconds(), -1)
            )
    assert waits == [30, 120, 480, 1920]
    assert at.send(reply) == "failed"
    with at.scope():
        assert TicketEvent.objects.get(kind="failed").data["reason"].endswith("five times in a row.")
        assert Message.objects.get(pk=reply.pk).text == DRAFT
    assert at.send(reply) == ""


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (smtplib.SMTPDataError(554, b"spam"), "The mail server took it for spam."),
        (smtplib.SMTPDataError(554, b"5.6.0 no"), "The mail server refused it for good."),
        (smtplib.SMTPDataError(552, b"message size exceeds fixed limit"), "It is bigger than the mail server takes. Send it with smaller files."),
        (smtplib.SMTPRecipientsRefused({"a@b": (550, b"unknown")}), "The mail server does not take mail for this recipient."),
        (smtplib.SMTPRecipientsRefused({"a@b": (552, b"5.2.2 over quota")}), "The recipient's mailbox is full."),
        (smtplib.SMTPSenderRefused(550, b"no", "x"), "The mail server does not let us send from the inbox's address."),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_server_that_refuses_for_good_fails_it_at_once(
    at: Desk, server: type[Server], error: Exception, reason: str
) -> None:
    server.at_data = error
    reply = at.reply()
    assert at.send(reply) == "failed"
    with at.scope():
        assert Message.objects.get(pk=reply.pk).held_reason == reason


@pytest.mark.parametrize("error", [smtplib.SMTPServerDisconnected(), TimeoutError(), OSError()])
def test_a_connection_that_breaks_in_the_middle_is_held_and_never_repeated(
    at: Desk, server: type[Server], error: Exception
) -> None:
    server.at_data = error
    reply = at.draft_reply()
    assert at.send(reply) == "held"
    server.at_data = None
    assert at.send(reply) == ""
    assert len(mail.outbox) == 1, "it may have left: once at most"
    with at.scope():
        assert Message.objects.get(pk=reply.pk).held_reason == UNKNOWN


class Killed(BaseException):
    """A kill."""


def test_a_worker_killed_in_the_middle_leaves_one_held_message(at: Desk, server: type[Server]) -> None:
    reply = at.draft_reply()
    server.at_data = Killed()
    with pytest.raises(Killed):
        at.send(reply)
    server.at_data = None
    assert at.state(reply) == "sending"
    assert at.send(reply) == "", "somebody else's claim is not ours"
    assert _swept(at) == []
    with at.scope():
        Message.objects.filter(pk=reply.pk).update(claimed_at=timezone.now() - timedelta(minutes=7))
    assert _swept(at) == []
    with at.scope():
        held = Message.objects.get(pk=reply.pk)
        assert (held.state, held.held_reason) == ("held", UNKNOWN)
        assert TicketEvent.objects.filter(kind="held").count() == 1
    assert len(mail.outbox) == 1


def _swept(at: Desk) -> list[tuple[str, Any]]:
    return [
        (task.name, arguments)
        for task, arguments in tasks.sweep(at.organization.id)
        if "acknowledge" not in task.name
    ]


def test_the_sweep_finds_what_the_broker_lost(at: Desk) -> None:
    reply = at.reply()
    assert _swept(at) == []
    with at.scope():
        Message.objects.filter(pk=reply.pk).update(send_after=timezone.now() - timedelta(minutes=1))
        RawMail.objects.update(outcome="stored", received_at=timezone.now() - timedelta(minutes=5))
        raw_mail = RawMail.objects.get()
    assert _swept(at) == [
        ("tickets.mail.send_message", {"message_id": reply.pk}),
        ("tickets.mail.file_stored", {"raw_mail_id": raw_mail.pk}),
    ]


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_send_once() -> None:
    at = desk()
    reply = at.draft_reply()
    at.due(reply)
    states: list[str] = []

    def work() -> None:
        try:
            states.append(send(organization_id=at.organization.id, message_id=reply.pk))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(states) == ["", "", "", "sent"]
    assert len(mail.outbox) == 1
    with organization_scope(at.organization.id):
        assert ledger.verify().ok


class Postmaster:
    """A real SMTP server's mind: refuses one recipient, or everything, and keeps what it took."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self.data_answer = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address.startswith("gone@"):
            return "550 5.1.1 unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.kept.append(envelope)
        return self.data_answer


@pytest.fixture
def postmaster(settings: Any) -> Iterator[Postmaster]:
    from aiosmtpd.controller import Controller

    handler = Postmaster()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield handler
    controller.stop(no_assert=True)


def test_a_real_mail_server_takes_it_and_names_whom_it_refused(at: Desk, postmaster: Postmaster) -> None:
    reply = at.draft_reply(cc="gone@customer.example")
    assert at.send(reply) == "sent"
    (envelope,) = postmaster.kept
    assert envelope.mail_from == "help@shop.example"
    assert envelope.rcpt_tos == ["ana@customer.example"]
    assert b"AI-Involvement: verbatim" in envelope.content
    with at.scope():
        assert TicketEvent.objects.get(kind="bounced").data["recipients"] == "gone@customer.example"


def test_a_real_mail_server_that_asks_to_come_back(at: Desk, postmaster: Postmaster) -> None:
    postmaster.data_answer = "451 4.3.0 later"
    reply = at.reply()
    assert at.send(reply) == "queued"
    postmaster.data_answer = "554 5.7.1 no"
    assert at.send(reply) == "failed"


def test_the_local_outbox_keeps_each_mail(at: Desk, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    assert at.send(at.draft_reply()) == "sent"
    (file,) = tmp_path.iterdir()
    assert "AI-Involvement: verbatim" in file.read_text()
