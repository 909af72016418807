"""Mail in: stored first, filed once, nothing lost, whatever comes and whatever crashes."""

from __future__ import annotations

import io
import json
import threading
from collections import Counter
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connections

from governance.models import OutcomeFact
from helpdesk.people.models import Customer
from helpdesk.tenancy.scope import organization_scope
from tickets.mail import filing
from tickets.mail import receive as receive_module
from tickets.mail.receive import receive, refile
from tickets.mail.tests.data import mail_files
from tickets.models import Attachment, Message, MessageReference, RawMail, Ticket, TicketEvent
from tickets.signals import message_received
from tickets.tests.mails import arrive, mail, shop

pytestmark = pytest.mark.django_db


def test_a_first_mail_opens_a_ticket() -> None:
    organization, inbox = shop()
    found = arrive(inbox, "My order 10482 is late.", subject="=?utf-8?q?Wo_bleibt_=C3=84rmel=3F?=")
    assert (found.outcome, found.ticket_number) == ("created", 1)
    with organization_scope(organization.id):
        ticket = Ticket.objects.get()
        message = Message.objects.get()
        assert (ticket.number, ticket.subject, ticket.status) == (1, "Wo bleibt Ärmel?", "new")
        assert (ticket.customer_messages, ticket.is_unread, ticket.channel) == (1, True, "mail")
        assert ticket.snippet == message.text == "My order 10482 is late."
        assert ticket.customer.addresses.get().address == "ana@customer.example"
        assert (message.kind, message.state, message.raw_mail.outcome) == ("inbound", "done", "created")
        assert message.raw_mail.ticket_id == ticket.pk
        assert bytes(message.raw_mail.source).endswith(b"My order 10482 is late.")
        assert OutcomeFact.objects.get().event == "opened"


def test_numbers_start_at_one_in_each_organization() -> None:
    for _ in range(2):
        _, inbox = shop()
        assert [arrive(inbox).ticket_number for _ in range(3)] == [1, 2, 3]


def test_the_same_mail_again_is_a_duplicate() -> None:
    organization, inbox = shop()
    raw = mail()
    assert receive(inbox=inbox, raw=raw).outcome == "created"
    again = receive(inbox=inbox, raw=b"Received: from elsewhere\r\n" + raw)
    assert (again.outcome, again.ticket_number) == ("duplicate", 1)
    with organization_scope(organization.id):
        assert Message.objects.count() == RawMail.objects.count() == 1


def test_a_mail_without_message_id_is_recognised_by_its_content() -> None:
    _, inbox = shop()
    raw = mail(message_id="", subject="Same")
    assert receive(inbox=inbox, raw=raw).outcome == "created"
    assert receive(inbox=inbox, raw=b"Received: from elsewhere\r\n" + raw).outcome == "duplicate"
    assert receive(inbox=inbox, raw=raw + b"!").outcome == "created"


def test_another_sender_with_a_known_message_id_loses_nobody_s_mail() -> None:
    organization, inbox = shop()
    arrive(inbox, "taken", message_id="<x@y>", **{"from": "mallory@evil.example"})
    found = arrive(inbox, "mine", message_id="<x@y>")
    assert (found.outcome, found.ticket_number) == ("created", 2)
    assert arrive(inbox, "mine", message_id="<x@y>").outcome == "duplicate"
    with organization_scope(organization.id):
        assert RawMail.objects.count() == 2


def test_what_cannot_be_filed_is_kept_and_can_be_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    organization, inbox = shop()

    def broken(*_: Any) -> None:
        raise ValueError("a secret of the customer")

    with monkeypatch.context() as patch:
        patch.setattr(receive_module, "file_mail", broken)
        found = arrive(inbox, message_id="<m@x>")
    assert (found.outcome, found.ticket_number) == ("quarantined", None)
    assert "ValueError" in found.reason
    assert "secret" not in found.reason
    with organization_scope(organization.id):
        kept = RawMail.objects.get()
        assert (kept.outcome, kept.reason) == ("quarantined", found.reason)
        assert not Ticket.objects.exists()
    again = refile(organization_id=organization.id, raw_mail_id=kept.pk)
    assert (again.outcome, again.ticket_number) == ("created", 1)
    assert refile(organization_id=organization.id, raw_mail_id=kept.pk).outcome == "duplicate"


def test_a_mail_without_a_sender_is_kept_aside() -> None:
    _, inbox = shop()
    found = arrive(inbox, **{"from": ""})
    assert (found.outcome, found.reason) == ("quarantined", "the mail does not say who sent it")


def test_attachments_are_kept_whatever_their_type_and_inline_images_shown() -> None:
    organization, inbox = shop()
    made = EmailMessage()
    made["From"], made["To"], made["Message-ID"] = "ana@customer.example", "help@shop.example", "<a@b>"
    made.set_content("see")
    made.add_alternative('<p onclick="x()">see <img src="cid:Logo@1"><img src="https://spy.example/a.gif"></p>'
                         "<script>alert(1)</script>", subtype="html")  # fmt: skip
    made.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<Logo@1>")
    made.add_attachment(b"MZ\x00", "application", "x-msdownload", filename="../../run.exe")
    assert receive(inbox=inbox, raw=made.as_bytes()).outcome == "created"
    with organization_scope(organization.id):
        message = Message.objects.get()
        inline, file = message.attachments.order_by("pk")
        assert (inline.is_inline, inline.content_id) == (True, "logo@1")
        assert (file.name, file.is_inline) == ("run.exe", False)
        with file.file.open() as kept:
            assert kept.read() == b"MZ\x00"
        assert file.file.name.startswith(f"{organization.id}/attachments/")
        assert f'src="/attachments/{inline.pk}/"' in message.html
        assert 'data-remote-src="https://spy.example/a.gif"' in message.html
        assert message.remote_images == 1
        assert "onclick" not in message.html
        assert "alert" not in message.html


def test_no_file_stays_behind_when_filing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    organization, inbox = shop()
    made = EmailMessage()
    made["From"] = "ana@customer.example"
    made.set_content("see")
    made.add_attachment(b"data", "application", "pdf", filename="a.pdf")
    monkeypatch.setattr(filing, "give_number", lambda _ticket: 1 / 0)
    assert receive(inbox=inbox, raw=made.as_bytes()).outcome == "quarantined"
    folder = f"{organization.id}/attachments"
    assert not default_storage.exists(folder) or default_storage.listdir(folder)[1] == []
    with organization_scope(organization.id):
        assert not Attachment.objects.exists()
        assert not Customer.objects.exists()


def test_automatic_answers_stay_on_their_own_record() -> None:
    organization, inbox = shop()
    arrive(inbox, message_id="<q@x>")
    found = arrive(inbox, "I am away", auto_submitted="auto-replied", references="<q@x>")
    assert (found.outcome, found.ticket_number) == ("auto_reply", 1)
    with organization_scope(organization.id):
        assert Message.objects.count() == 1
        assert RawMail.objects.filter(outcome="auto_reply", ticket__number=1).count() == 1


def test_our_own_mail_becomes_nothing() -> None:
    organization, inbox = shop()
    found = arrive(inbox, **{"from": "help@shop.example"})
    assert (found.outcome, found.ticket_number) == ("auto_reply", None)
    assert "own address" in found.reason
    with organization_scope(organization.id):
        assert not Ticket.objects.exists()
        assert RawMail.objects.get().outcome == "loop"


def test_contact_forms_write_for_the_person_in_reply_to() -> None:
    organization, inbox = shop()
    arrive(inbox, **{"from": "noreply@forms.example", "reply_to": "Bo <bo@customer.example>"})
    with organization_scope(organization.id):
        assert Customer.objects.get().addresses.get().address == "bo@customer.example"


def test_the_rooms_above_hear_of_it_after_the_commit(django_capture_on_commit_callbacks: Any) -> None:
    organization, inbox = shop()
    heard: list[dict[str, Any]] = []

    def listener(sender: object, **told: Any) -> None:
        heard.append(told)

    message_received.connect(listener)
    try:
        with django_capture_on_commit_callbacks(execute=False) as callbacks:
            received = arrive(inbox)
        assert (received.outcome, received.reason) == ("created", ""), "else it is not about who hears"
        assert heard == []
        for callback in callbacks:
            callback()
    finally:
        message_received.disconnect(listener)
    with organization_scope(organization.id):
        expected = {"organization_id": organization.id, "message_id": Message.objects.get().pk}
    assert [{key: told[key] for key in expected} for told in heard] == [expected]


@pytest.mark.parametrize("folder", ["mime", "replies/standard_replies"])
def test_public_mail_is_taken_whole(folder: str) -> None:
    files = [file for file in mail_files(folder, "**/*") if file.is_file()]
    organization, inbox = shop()
    counts = Counter(receive(inbox=inbox, raw=file.read_bytes()).outcome for file in files)
    assert set(counts) <= {"created", "appended", "duplicate", "auto_reply", "bounce", "quarantined"}
    with organization_scope(organization.id):
        kept = Counter(RawMail.objects.values_list("outcome", flat=True))
        assert sum(kept.values()) + counts["duplicate"] == len(files)
        assert kept["stored"] == 0
        assert kept["created"] == counts["created"] == Ticket.objects.count()
        assert Message.objects.count() == counts["created"] + counts["appended"]
        assert sorted(Ticket.objects.values_list("number", flat=True)) == list(
            range(1, counts["created"] + 1)
        )
        reasons = set(RawMail.objects.filter(outcome="quarantined").values_list("reason", flat=True))
        assert reasons <= {"the mail does not say who sent it"}


def _run(*paths: str, organization: str, inbox: str = "help@shop.example") -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("receive_mail", *paths, organization=organization, inbox=inbox, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_command_takes_files_folders_and_mbox(tmp_path: Path) -> None:
    organization, _ = shop()
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.eml").write_bytes(mail())
    box = b"".join(
        b"From ana@customer.example Mon Nov 23 10:00:0%d 2026\n" % n
        + mail().replace(b"\r\n", b"\n")
        + b"\n\n"
        for n in range(3)
    )
    (folder / "b.mbox").write_bytes(box.replace(b"Hello,", b">From here,"))
    lines = _run(str(folder), str(folder / "a.eml"), organization=organization.slug)
    assert [line["outcome"] for line in lines] == ["created"] * 4 + ["duplicate"]
    assert [line["ticket"] for line in lines] == [1, 2, 3, 4, 1]
    assert [line["file"].rpartition("/")[2] for line in lines[:2]] == ["a.eml", "b.mbox#1"]
    assert all(set(line) == {"file", "outcome", "ticket", "reason"} for line in lines)
    with organization_scope(organization.id):
        assert Message.objects.order_by("pk").last().text.startswith("From here,")


def test_the_command_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    organization, _ = shop()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(mail())))
    assert _run("-", organization=organization.slug)[0]["outcome"] == "created"


def test_the_command_says_what_it_does_not_find() -> None:
    organization, _ = shop()
    with pytest.raises(CommandError, match=r"Known: .*help@shop.example"):
        _run("-", organization=organization.slug, inbox="other@shop.example")
    with pytest.raises(CommandError, match="no organization 'nowhere'"):
        _run("-", organization="nowhere")
    with pytest.raises(CommandError, match="no such file"):
        _run("/nowhere/at/all", organization=organization.slug)


# Real connections


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_when_many_mails_arrive_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    organization, inbox = shop()
    outcomes: list[str] = []

    def deliver(worker: int) -> None:
        try:
            for n in range(6):
                sender = f"c{n % 3}@customer.example"  # the same new customers in every thread
                body = "boom" if n == worker % 6 else "Hello"
                outcomes.append(arrive(inbox, body, **{"from": sender}).outcome)
        finally:
            connections.close_all()

    number = filing.give_number

    def sometimes_broken(ticket: Ticket) -> int:
        if ticket.snippet == "boom":
            number(ticket)
            raise ValueError
        return number(ticket)

    monkeypatch.setattr(filing, "give_number", sometimes_broken)
    threads = [threading.Thread(target=deliver, args=(one,)) for one in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(outcomes) == {"created": 20, "quarantined": 4}
    with organization_scope(organization.id):
        assert sorted(Ticket.objects.values_list("number", flat=True)) == list(range(1, 21))
        assert Customer.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_the_same_mail_delivered_twice_at_once_is_filed_once() -> None:
    organization, inbox = shop()
    raw, found = mail(), []

    def deliver() -> None:
        try:
            found.append(receive(inbox=inbox, raw=raw).outcome)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(found) == {"created": 1, "duplicate": 3}
    with organization_scope(organization.id):
        assert Message.objects.count() == RawMail.objects.count() == Ticket.objects.count() == 1


class Killed(BaseException):
    """What a kill looks like from inside: nothing may catch it."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["keep_files", "file_mail", "give_number"])
def test_killed_after_storing_the_next_run_files_it_once(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    organization, inbox = shop()
    raw = mail()

    def killed(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(filing if place == "give_number" else receive_module, place, killed)
        with pytest.raises(Killed):
            receive(inbox=inbox, raw=raw)
    with organization_scope(organization.id):
        assert RawMail.objects.get().outcome == "stored", "the source was committed before the crash"
        assert not Ticket.objects.exists()
    assert receive(inbox=inbox, raw=raw).outcome == "created"
    assert receive(inbox=inbox, raw=raw).outcome == "duplicate"
    with organization_scope(organization.id):
        assert Message.objects.count() == Ticket.objects.count() == 1
        assert Ticket.objects.get().number == 1
        assert not TicketEvent.objects.exists()
        assert MessageReference.objects.count() == 1
