"""The test mail, against a real Dovecot and a real SMTP server: the whole way, and each thing that can be wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope
from tickets.mailboxes import trial
from tickets.mailboxes.fetching import fetch
from tickets.mailboxes.problems import say
from tickets.models import Mailbox, MailboxRun, RawMail, Ticket
from tickets.services import mailboxes
from tickets.tests.factories import make_inbox, make_mailbox
from tickets.tests.mailservers import CUSTOMER, SHOP, CuttingProxy, MailServers, mailservers, running_servers

__all__ = ["mailservers", "running_servers"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _this_machine(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OUTWARD_OPEN_NETWORKS = ["127.0.0.0/8", "::1/128"]
    monkeypatch.setattr(trial, "LOOK_SECONDS", 1.0)


class Shop:
    """An organization whose inbox has the given mailbox, and what its owner does."""

    def __init__(self, **mailbox: Any) -> None:
        self.organization = make_organization()
        with organization_scope(self.organization.id):
            self.owner = make_member("owner")
            inbox = make_inbox(address=SHOP, name="Hello")
            self.mailbox = make_mailbox(inbox=inbox, is_active=False, **mailbox)

    def try_out(self) -> MailboxRun:
        with organization_scope(self.organization.id):
            mailbox = Mailbox.objects.get(pk=self.mailbox.pk)
            run = mailboxes.start_test(mailbox=mailbox, member=self.owner)
        trial.go_on(organization_id=self.organization.id, run_id=run.pk)
        with organization_scope(self.organization.id):
            self.mailbox = Mailbox.objects.get(pk=self.mailbox.pk)
            return MailboxRun.objects.get(pk=run.pk)

    def fetch(self) -> Any:
        fetched = fetch(organization_id=self.organization.id, mailbox_id=self.mailbox.pk)
        with organization_scope(self.organization.id):
            self.mailbox = Mailbox.objects.get(pk=self.mailbox.pk)
        return fetched


def _problem(run: MailboxRun) -> tuple[str, str, str]:
    return run.state, run.step, run.problem


def test_the_test_mail_goes_the_whole_way_and_becomes_no_ticket(mailservers: MailServers) -> None:
    shop = Shop(**mailservers.trusted())
    mailservers.put(SHOP, b"From: old@customer.example\nMessage-ID: <old@x>\nSubject: old\n\nold")
    run = shop.try_out()
    assert _problem(run) == ("done", "arrive", "")
    assert shop.mailbox.is_active
    assert len(mailservers.mails(SHOP)) == 3, "the old one, and two test mails"
    shop.fetch()
    assert shop.mailbox.problem == ""
    assert shop.mailbox.takes_tokens, "the mail to hello+token@ arrived as well"
    with organization_scope(shop.organization.id):
        assert not Ticket.objects.exists()
        assert not RawMail.objects.exists()


def test_a_server_without_plus_addresses_is_noticed(mailservers: MailServers) -> None:
    mailservers.post.plus = False
    shop = Shop(**mailservers.trusted())
    assert shop.try_out().state == "done"
    shop.fetch()
    assert not shop.mailbox.takes_tokens


def test_starttls_works_on_both_sides(mailservers: MailServers) -> None:
    ports = {"imap_port": mailservers.imap_port, "smtp_port": mailservers.submission_port}
    ways = {"imap_security": "starttls", "smtp_security": "starttls"}
    assert _problem(Shop(**mailservers.trusted(**ports, **ways)).try_out()) == ("done", "arrive", "")


def test_a_certificate_that_nobody_vouches_for_is_shown_and_that_one_accepted(
    mailservers: MailServers,
) -> None:
    shop = Shop(**mailservers.settings())
    run = shop.try_out()
    assert _problem(run) == ("failed", "read", "certificate_self_signed")
    assert run.problem_data["fingerprint"] == mailservers.fingerprint
    assert run.problem_data["issued_to"] == "localhost"
    assert mailservers.post.taken == []
    with organization_scope(shop.organization.id):
        with pytest.raises(Exception, match="another certificate"):
            mailboxes.accept_certificate(mailbox=shop.mailbox, member=shop.owner, fingerprint="0" * 64)
        run = mailboxes.accept_certificate(
            mailbox=shop.mailbox, member=shop.owner, fingerprint=mailservers.fingerprint
        )
    trial.go_on(organization_id=shop.organization.id, run_id=run.pk)
    with organization_scope(shop.organization.id):
        run = MailboxRun.objects.get(pk=run.pk)
        assert _problem(run) == ("failed", "send", "certificate_self_signed"), "each server is looked at"
        mailbox = Mailbox.objects.get(pk=shop.mailbox.pk)
        mailboxes.accept_certificate(mailbox=mailbox, member=shop.owner, fingerprint=mailservers.fingerprint)
    assert shop.try_out().state == "done"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_another_certificate_than_the_accepted_one_gets_no_password(
    mailservers: MailServers, security: str
) -> None:
    port = mailservers.imaps_port if security == "tls" else mailservers.imap_port
    shop = Shop(**mailservers.trusted(imap_port=port, imap_security=security))
    assert shop.try_out().state == "done"
    shown = mailservers.renew_certificate()
    assert shop.fetch().problem == "certificate_changed"
    assert shop.mailbox.problem_data["fingerprint"] == shown
    run = shop.try_out()
    assert _problem(run) == ("failed", "read", "certificate_changed")
    log = (mailservers.folder / "dovecot.log").read_text()
    assert "user=<hello@shop.example>" not in log.rsplit("Dovecot v", 1)[-1], "nobody signed in"


Break = Callable[[MailServers], dict[str, Any]]


@pytest.mark.parametrize(
    ("broken", "step", "problem"),
    [
        ({"imap_password": "wrong"}, "read", "wrong_password"),
        ({"imap_password": "wröng"}, "read", "wrong_password"),
        ({"smtp_password": "wrong"}, "send", "wrong_password"),
        ({"imap_host": "nowhere.invalid"}, "read", "host_unknown"),
        ({"smtp_host": "nowhere.invalid"}, "send", "host_unknown"),
        ({"imap_port": 9}, "read", "no_answer"),
        ({"folder": "Nowhere"}, "read", "no_folder"),
        ({"imap_security": "starttls"}, "read", None),
    ],
)
def test_wrong_settings_are_said(
    mailservers: MailServers, broken: dict[str, Any], step: str, problem: str | None
) -> None:
    run = Shop(**mailservers.trusted(**broken)).try_out()
    assert (run.state, run.step) == ("failed", step)
    assert run.problem == (problem or run.problem)
    said = say(run.problem, run.problem_data)
    assert said is not None
    assert "?" not in said.text
    assert said.next_step
    assert "wrong" not in str(run.problem_data)


def test_ports_that_speak_something_else_are_said(mailservers: MailServers) -> None:
    plain = Shop(**mailservers.trusted(imap_port=mailservers.imap_port)).try_out()
    assert plain.problem == "no_tls"
    other = Shop(**mailservers.trusted(imap_port=mailservers.submission_port, imap_security="none")).try_out()
    assert other.problem == "not_mail"


def test_a_full_mailbox_is_said(mailservers: MailServers) -> None:
    mailservers.post.full.add(SHOP)
    assert _problem(Shop(**mailservers.trusted()).try_out()) == ("failed", "send", "mailbox_full")


def test_a_sender_that_is_not_the_mailboxs_is_said(mailservers: MailServers) -> None:
    mailservers.post.refuse_senders.add(SHOP)
    run = Shop(**mailservers.trusted()).try_out()
    assert _problem(run) == ("failed", "send", "sender_refused")
    assert run.problem_data["address"] == f"Shop <{SHOP}>" or SHOP in run.problem_data["address"]


def test_a_server_that_takes_the_mail_and_sends_it_back_is_said(mailservers: MailServers) -> None:
    mailservers.post.bounce_later.add(SHOP)
    run = Shop(**mailservers.trusted()).try_out()
    assert _problem(run) == ("failed", "arrive", "came_back")
    assert run.problem_data["said"] == "The address does not exist."


def test_a_mail_that_never_arrives_waits_and_then_says_so(
    mailservers: MailServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailservers.post.lose = True
    shop = Shop(**mailservers.trusted())
    run = shop.try_out()
    assert _problem(run) == ("running", "arrive", ""), "it may be on its way"
    monkeypatch.setattr(trial, "PATIENCE", trial.timedelta(0))
    run = shop.try_out()
    assert _problem(run) == ("failed", "arrive", "not_arrived")
    with organization_scope(shop.organization.id):
        mailboxes.use_anyway(mailbox=shop.mailbox, member=shop.owner)
        assert Mailbox.objects.get(pk=shop.mailbox.pk).is_active


def test_a_mail_among_spam_is_found_there(mailservers: MailServers, monkeypatch: pytest.MonkeyPatch) -> None:
    mailservers.post.to_spam = True
    monkeypatch.setattr(trial, "PATIENCE", trial.timedelta(0))
    run = Shop(**mailservers.trusted()).try_out()
    assert _problem(run) == ("failed", "arrive", "in_folder")
    assert run.problem_data["folder"] == "Spam"


def test_a_connection_that_is_cut_is_said_and_nothing_raised(mailservers: MailServers) -> None:
    proxy = CuttingProxy(mailservers.imap_port, 150)
    try:
        run = Shop(**mailservers.trusted(imap_port=proxy.port, imap_security="none")).try_out()
    finally:
        proxy.close()
    assert (run.state, run.problem) == ("failed", "dropped")
    assert proxy.cuts == 1


def test_private_networks_and_plain_text_are_closed_unless_opened(
    mailservers: MailServers, settings: Any
) -> None:
    settings.OUTWARD_OPEN_NETWORKS = []
    assert Shop(**mailservers.trusted(imap_port=993)).try_out().problem == "private_address"
    assert Shop(**mailservers.trusted()).try_out().problem == "port_not_allowed"
    assert Shop(**mailservers.trusted(imap_security="none")).try_out().problem == "unencrypted"
    assert mailservers.post.taken == []


def test_a_second_click_is_the_same_test_and_another_organization_cannot_touch_it(
    mailservers: MailServers,
) -> None:
    shop, other = Shop(**mailservers.trusted()), make_organization()
    with organization_scope(shop.organization.id):
        first = mailboxes.start_test(mailbox=shop.mailbox, member=shop.owner)
        assert mailboxes.start_test(mailbox=shop.mailbox, member=shop.owner) == first
    assert trial.go_on(organization_id=other.id, run_id=first.pk) is None
    assert mailservers.post.taken == []


def test_a_strangers_mark_hides_no_mail(mailservers: MailServers) -> None:
    shop = Shop(**mailservers.trusted())
    shop.try_out()
    forged = (
        f"From: {CUSTOMER}\nMessage-ID: <f@x>\nX-Helpdesk-Test: {'0' * 32}-plain\nSubject: Hi\n\nWhere is it?"
    )
    mailservers.put(SHOP, forged.encode())
    assert shop.fetch().mails == 1
    with organization_scope(shop.organization.id):
        assert Ticket.objects.get().subject == "Hi"
