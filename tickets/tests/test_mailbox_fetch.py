"""Fetching and sending with real servers: new mail once, whatever breaks, and older mail without a word to anybody."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import connections

from aiassist.selectors import messages_without_outcome
from governance.models import OutcomeFact
from helpdesk.tenancy.scope import organization_scope
from tickets import tasks
from tickets.mail import receive as receive_module
from tickets.mail.send import send
from tickets.mailboxes import fetching, history
from tickets.mailboxes.fetching import fetch
from tickets.mailboxes.tasks import due
from tickets.models import Inbox, Mailbox, MailboxRun, Message, MessageOutcome, RawMail, Ticket, TicketEvent
from tickets.services import mailboxes
from tickets.services.acknowledging import waiting_for_acknowledgement
from tickets.tests.factories import make_inbox, make_mailbox, make_reply, make_ticket
from tickets.tests.mails import mail
from tickets.tests.mailservers import CUSTOMER, SHOP, CuttingProxy, MailServers, mailservers, running_servers
from tickets.tests.test_mailbox_trial import Shop

__all__ = ["mailservers", "running_servers"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _this_machine(settings: Any) -> None:
    settings.OUTWARD_OPEN_NETWORKS = ["127.0.0.0/8", "::1/128"]


@pytest.fixture
def shop(mailservers: MailServers) -> Shop:
    """A shop whose mailbox is connected and empty."""
    made = Shop(**mailservers.trusted())
    with organization_scope(made.organization.id):
        Mailbox.objects.update(is_active=True)
    assert made.fetch().mails == 0
    return made


def _from_customer(body: str = "Where is it?", **headers: str) -> bytes:
    return mail(body, **{"from": CUSTOMER, "to": SHOP, **headers})


def _subjects(shop: Shop) -> list[str]:
    with organization_scope(shop.organization.id):
        return list(Ticket.objects.order_by("number").values_list("subject", flat=True))


def test_new_mail_becomes_a_ticket_once_and_stays_unread_in_the_mailbox(
    mailservers: MailServers, shop: Shop
) -> None:
    mailservers.put(SHOP, _from_customer(subject="One"))
    assert shop.fetch().mails == 1
    assert shop.fetch().mails == 0
    mailservers.put(SHOP, _from_customer(subject="Two"))
    assert shop.fetch().mails == 1
    assert _subjects(shop) == ["One", "Two"]
    assert not any("S" in one.get_flags() for one in mailservers.mails(SHOP))


def test_one_broken_mail_among_many_stops_nothing(
    mailservers: MailServers, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = receive_module.file_mail

    def sometimes(raw_mail: RawMail, read: Any) -> Any:
        if read.mail.subject == "Broken":
            raise ValueError
        return real(raw_mail, read)

    monkeypatch.setattr(receive_module, "file_mail", sometimes)
    mailservers.put(SHOP, _from_customer(subject="One"))
    mailservers.put(SHOP, _from_customer(subject="Broken"))
    mailservers.put(SHOP, b"\xff\xfe\x00 no mail at all")
    mailservers.put(SHOP, _from_customer(subject="Two"))
    assert shop.fetch().problem == ""
    assert _subjects(shop) == ["One", "Two"]
    with organization_scope(shop.organization.id):
        assert RawMail.objects.filter(outcome="quarantined").count() == 2, "kept, and a person is told"


def test_a_connection_that_is_cut_in_the_middle_loses_and_repeats_nothing(
    mailservers: MailServers, shop: Shop
) -> None:
    for n in range(5):
        mailservers.put(SHOP, _from_customer("x" * 20_000, subject=f"Mail {n}"))
    proxy = CuttingProxy(mailservers.imap_port, 50_000)
    with organization_scope(shop.organization.id):
        Mailbox.objects.update(imap_port=proxy.port, imap_security="none")
    first = shop.fetch()
    assert first.problem == "dropped"
    assert 1 <= first.mails < 5
    assert shop.mailbox.failures == 1
    assert shop.mailbox.next_fetch_at > shop.mailbox.updated_at
    proxy.limit = None
    assert shop.fetch().problem == ""
    proxy.close()
    assert _subjects(shop) == [f"Mail {n}" for n in range(5)]
    assert (shop.mailbox.failures, shop.mailbox.problem) == (0, "")


def test_a_crash_before_the_place_was_stored_fetches_again_without_a_duplicate(
    mailservers: MailServers, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailservers.put(SHOP, _from_customer(subject="One"))
    with monkeypatch.context() as patch:
        patch.setattr(fetching, "keep", _crash)
        with pytest.raises(KeyboardInterrupt):
            shop.fetch()
    assert shop.fetch().problem == ""
    assert _subjects(shop) == ["One"]


def _crash(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_a_mail_that_always_breaks_the_connection_is_named_and_passed_over(
    mailservers: MailServers, shop: Shop
) -> None:
    mailservers.put(SHOP, _from_customer("x" * 60_000, subject="Giant"))
    mailservers.put(SHOP, _from_customer(subject="After"))
    proxy = CuttingProxy(mailservers.imap_port, 20_000)
    with organization_scope(shop.organization.id):
        Mailbox.objects.update(imap_port=proxy.port, imap_security="none")
    assert [shop.fetch().problem for _ in range(4)] == ["dropped"] * 3 + [""]
    proxy.close()
    assert _subjects(shop) == ["After"]
    assert len(shop.mailbox.passed_over) == 1
    assert len(mailservers.mails(SHOP)) == 2


def test_a_server_with_new_numbers_repeats_nothing_and_loses_nothing(
    mailservers: MailServers, shop: Shop
) -> None:
    mailservers.put(SHOP, _from_customer(subject="One"))
    shop.fetch()
    before = shop.mailbox.uid_validity
    time.sleep(1.1)  # the server's new number is the second in which it was given
    mailservers.rebuild(SHOP)
    mailservers.put(SHOP, _from_customer(subject="Two"))
    assert shop.fetch().problem == ""
    assert shop.mailbox.uid_validity != before
    assert _subjects(shop) == ["One", "Two"]


def test_a_mailbox_that_fails_is_asked_less_and_less_and_stops_no_other(
    mailservers: MailServers, shop: Shop
) -> None:
    with organization_scope(shop.organization.id):
        bad = make_mailbox(inbox=make_inbox(), **mailservers.trusted(imap_password="wrong"))
    pauses = []
    for _ in range(3):
        assert fetch(organization_id=shop.organization.id, mailbox_id=bad.pk).problem == "wrong_password"  # type: ignore[union-attr]
        with organization_scope(shop.organization.id):
            row = Mailbox.objects.get(pk=bad.pk)
        pauses.append(round((row.next_fetch_at - row.updated_at).total_seconds()))  # type: ignore[operator]
    assert pauses[0] < pauses[1] < pauses[2]
    with organization_scope(shop.organization.id):
        Mailbox.objects.filter(pk=shop.mailbox.pk).update(next_fetch_at=None)
    wanted = [arguments["mailbox_id"] for _task, arguments in due(shop.organization.id)]
    assert wanted == [shop.mailbox.pk]


# Older mail


def test_older_mail_is_closed_history_and_nobody_hears_of_it(
    mailservers: MailServers, live: list[Any]
) -> None:
    sent = time.time() - 3 * 86_400
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(sent))
    mailservers.put(
        SHOP, _from_customer("Old question", subject="Old", message_id="<o1@x>", date=date), at=sent
    )
    mailservers.put(
        SHOP,
        _from_customer("More", subject="Re: Old", message_id="<o2@x>", references="<o1@x>", date=date),
        at=sent,
    )
    mailservers.put(SHOP, _from_customer("Long ago", subject="Ancient"), at=sent - 300 * 86_400)
    shop = Shop(**mailservers.trusted())
    with organization_scope(shop.organization.id):
        Mailbox.objects.update(is_active=True)
    assert shop.fetch().mails == 0, "from now on by default"
    run = _import(shop, days=30)
    assert (run.state, run.data["done"], run.data["total"]) == ("done", 2, 2)
    with organization_scope(shop.organization.id):
        ticket = Ticket.objects.get()
        assert (ticket.status, ticket.is_unread, ticket.subject) == ("closed", False, "Old")
        assert abs(ticket.created_at.timestamp() - sent) < 2
        assert abs(ticket.updated_at.timestamp() - sent) < 2
        assert Message.objects.filter(kind="inbound").count() == 2
        assert not Message.objects.exclude(kind="inbound").exists()
        assert not MessageOutcome.objects.exists()
        assert not OutcomeFact.objects.exists()
        assert waiting_for_acknowledgement() == []
        assert messages_without_outcome(before=ticket.created_at + history.timedelta(days=30), days=400) == []
        assert TicketEvent.objects.get().kind == "imported"
    assert outbox.outbox == []
    assert mailservers.post.taken == []
    assert live == [], "no browser is told and no room above"


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is said to browsers about tickets, and to the rooms above."""
    from tickets.services import opening

    said: list[Any] = []
    monkeypatch.setattr(opening, "publish_on_commit", lambda *words, **_: said.append(words))
    monkeypatch.setattr(opening, "announce_on_commit", lambda *words: said.append(words))
    return said


def test_the_shops_own_answers_come_along_and_nobody_hears_of_it(
    mailservers: MailServers, live: list[Any]
) -> None:
    stranger = {"from": SHOP, "to": "other@customer.example", "references": "<o1@x>"}
    mailservers.put(SHOP, _from_customer("Old question", subject="Old", message_id="<o1@x>"))
    answer = {"from": SHOP, "to": CUSTOMER, "subject": "Re: Old"}
    mailservers.put(SHOP, mail("It left.", **answer, message_id="<a1@x>", references="<o1@x>"), folder="Sent")
    mailservers.put(SHOP, mail("Nobody asked.", **answer, message_id="<a2@x>"), folder="Sent")
    mailservers.put(SHOP, mail("Not theirs.", **stranger, message_id="<a3@x>"), folder="Sent")
    mailservers.put(
        SHOP, _from_customer("Thanks!", subject="Re: Old", message_id="<o2@x>", references="<a1@x>")
    )
    shop = Shop(**mailservers.trusted())
    with organization_scope(shop.organization.id):
        Mailbox.objects.update(is_active=True)
    shop.fetch()
    for _ in range(2):  # a second time adds nothing
        run = _import(shop, days=0, with_sent=True)
        assert (run.state, run.data["in_sent"], run.data["done"]) == ("done", True, 3)
    with organization_scope(shop.organization.id):
        (sent,) = Message.objects.filter(kind="reply")
        ticket = sent.ticket
        assert (ticket.status, sent.state, sent.text.strip(), sent.author) == (
            "closed",
            "sent",
            "It left.",
            None,
        )
        assert (sent.recipients_to, sent.ai_involvement) == (CUSTOMER, "none")
        assert Message.objects.filter(kind="inbound", text__contains="Old question", ticket=ticket).exists()
        assert not OutcomeFact.objects.exists()
        assert RawMail.objects.filter(outcome="loop", ticket=None).count() == 2
    assert outbox.outbox == []
    assert mailservers.post.taken == []
    assert live == []


def _import(shop: Shop, *, days: int, with_sent: bool = False) -> MailboxRun:
    with organization_scope(shop.organization.id):
        mailbox = Mailbox.objects.get(pk=shop.mailbox.pk)
        run = mailboxes.start_history(
            mailbox=mailbox, member=shop.owner, days=days, folder="INBOX", with_sent=with_sent
        )
    while history.go_on(organization_id=shop.organization.id, run_id=run.pk) is not None:
        pass
    with organization_scope(shop.organization.id):
        return MailboxRun.objects.get(pk=run.pk)


def test_an_import_can_be_stopped_and_goes_on_where_it_was(
    mailservers: MailServers, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        mailservers.put(SHOP, _from_customer(subject=f"Old {n}", **{"from": f"c{n}@customer.example"}))
    with organization_scope(shop.organization.id):
        Mailbox.objects.update(last_uid=10_000)
    real, seen = history.receive, []

    def then_stop(**arguments: Any) -> Any:
        seen.append(1)
        if len(seen) == 2:
            with organization_scope(shop.organization.id):
                mailboxes.stop_history(run=MailboxRun.objects.get(), member=shop.owner)
        return real(**arguments)

    monkeypatch.setattr(history, "receive", then_stop)
    run = _import(shop, days=0)
    assert (run.state, run.data["done"]) == ("stopped", 2)
    with organization_scope(shop.organization.id):
        mailboxes.resume_history(run=run, member=shop.owner)
    history.go_on(organization_id=shop.organization.id, run_id=run.pk)
    with organization_scope(shop.organization.id):
        run = MailboxRun.objects.get()
    assert (run.state, run.data["done"], run.data["total"], len(seen)) == ("done", 4, 4, 4)
    assert len(_subjects(shop)) == 4


def test_a_crash_between_storing_and_filing_still_files_it_as_history(
    mailservers: MailServers, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = _from_customer(subject="Old")
    with organization_scope(shop.organization.id):
        inbox = Inbox.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(receive_module, "_file", _crash)
        with pytest.raises(KeyboardInterrupt):
            receive_module.receive(inbox=inbox, raw=raw, is_history=True)
    with organization_scope(shop.organization.id):
        pk = RawMail.objects.get().pk
    tasks.file_stored(organization_id=str(shop.organization.id), raw_mail_id=pk)
    with organization_scope(shop.organization.id):
        assert Ticket.objects.get().status == "closed"


# Sending


def _reply(shop: Shop, **fields: Any) -> Message:
    with organization_scope(shop.organization.id):
        ticket = Ticket.objects.first() or make_ticket(inbox=shop.mailbox.inbox)
        return make_reply(ticket, state="queued", author=shop.owner, recipients_to=CUSTOMER, **fields)


def _sent(shop: Shop, reply: Message) -> Message:
    send(organization_id=shop.organization.id, message_id=reply.pk)
    with organization_scope(shop.organization.id):
        return Message.objects.get(pk=reply.pk)


def test_an_answer_leaves_through_the_mailbox_and_the_customer_can_answer(
    mailservers: MailServers, shop: Shop
) -> None:
    mailservers.put(SHOP, _from_customer(subject="Where?"))
    shop.fetch()
    assert _sent(shop, _reply(shop)).state == "sent"
    received = mailservers.mails(CUSTOMER)[0]
    assert SHOP in received["From"]
    assert received["Reply-To"].endswith(f"<{SHOP}>"), "this server's plus addresses are not proved"
    mailservers.put(SHOP, _from_customer("Thanks", references=received["Message-ID"]))
    shop.fetch()
    assert len(_subjects(shop)) == 1
    assert outbox.outbox == []


def test_plus_addresses_are_used_where_the_test_mail_proved_them(
    mailservers: MailServers, shop: Shop
) -> None:
    with organization_scope(shop.organization.id):
        Mailbox.objects.update(takes_tokens=True)
    assert _sent(shop, _reply(shop)).state == "sent"
    assert "hello+t" in mailservers.mails(CUSTOMER)[0]["Reply-To"]


def test_what_is_taken_and_bounces_later_reaches_its_ticket(mailservers: MailServers, shop: Shop) -> None:
    mailservers.put(SHOP, _from_customer(subject="Where?"))
    shop.fetch()
    mailservers.post.bounce_later.add(CUSTOMER)
    reply = _sent(shop, _reply(shop))
    assert reply.state == "sent"
    shop.fetch()
    with organization_scope(shop.organization.id):
        event = TicketEvent.objects.get(kind="bounced")
        assert (event.ticket_id, event.data["message"]) == (reply.ticket_id, reply.pk)
        assert Message.objects.get(pk=reply.pk).held_reason == "The address does not exist."
        assert Ticket.objects.count() == 1


def test_a_mailbox_that_cannot_send_keeps_the_answer_and_tells_the_owner(
    mailservers: MailServers, shop: Shop
) -> None:
    with organization_scope(shop.organization.id):
        Mailbox.objects.update(smtp_password="wrong")
        Mailbox.objects.filter(pk=shop.mailbox.pk).update(smtp_password="wrong")
    reply = _sent(shop, _reply(shop))
    assert (reply.state, reply.attempts) == ("queued", 1)
    with organization_scope(shop.organization.id):
        assert Mailbox.objects.get().send_problem == "wrong_password"
        Mailbox.objects.update(smtp_password=mailservers.passwords[SHOP])
        Message.objects.update(send_after=None)
    assert _sent(shop, reply).state == "sent"
    with organization_scope(shop.organization.id):
        assert Mailbox.objects.get().send_problem == ""


@pytest.mark.parametrize("broken", ["size", "recipient", "sender"])
def test_what_the_server_refuses_for_good_is_held_with_its_reason(
    mailservers: MailServers, shop: Shop, broken: str
) -> None:
    text = "x" * 3_500_000 if broken == "size" else "Hello"
    if broken == "recipient":
        mailservers.post.refuse_recipients.add(CUSTOMER)
    if broken == "sender":
        mailservers.post.refuse_senders.add(SHOP)
    reply = _sent(shop, _reply(shop, text=text))
    assert reply.state == "failed"
    assert {"size": "bigger", "recipient": "recipient", "sender": "address"}[broken] in reply.held_reason


# At once


@pytest.mark.django_db(transaction=True)
def test_two_pollers_at_once_fetch_each_mail_once(mailservers: MailServers) -> None:
    shop = Shop(**mailservers.trusted())
    with organization_scope(shop.organization.id):
        Mailbox.objects.update(is_active=True)
    shop.fetch()
    for n in range(8):
        mailservers.put(SHOP, _from_customer(subject=f"Mail {n}"))
    results: list[Any] = []
    start = threading.Barrier(3)

    def poll() -> None:
        start.wait()
        try:
            results.append(fetch(organization_id=shop.organization.id, mailbox_id=shop.mailbox.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=poll) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(one.mails for one in results if one) == 8
    assert len(_subjects(shop)) == 8
