"""The settings of inboxes and mailboxes, as an owner uses them; others are kept out."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.tenancy.scope import organization_scope
from tickets.models import Inbox, Mailbox, MailboxRun
from tickets.tests.desk import Desk, make_desk
from tickets.tests.factories import make_inbox, make_mailbox, make_mailbox_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return make_desk()


def _url(inbox: Inbox, rest: str = "") -> str:
    return f"/settings/inboxes/{inbox.pk}/mailbox/{rest}"


def _values(**changes: Any) -> dict[str, Any]:
    read = {
        "imap_host": "imap.x.example",
        "imap_port": 993,
        "imap_security": "tls",
        "imap_user": "me@x.example",
    }
    send = {"smtp_host": "smtp.x.example", "smtp_port": 465, "smtp_security": "tls", "folder": "INBOX"}
    return {**read, **send, **changes}


def test_only_who_manages_inboxes_sees_them(at: Desk) -> None:
    for url in ("/settings/inboxes/", _url(at.inbox), f"/settings/inboxes/{at.inbox.pk}/"):
        assert at.client(at.owner).get(url).status_code == 200
        assert at.client(at.agent).get(url).status_code == 403
        assert at.client().get(url).status_code == 302


def test_another_organizations_inbox_does_not_exist(at: Desk) -> None:
    other = make_desk()
    with other.scope():
        make_mailbox(inbox=other.inbox)
    owner = at.client(at.owner)
    assert owner.get(_url(other.inbox)).status_code == 404
    for action in ("test", "certificate", "anyway", "disconnect", "forget", "older"):
        assert owner.post(_url(other.inbox, f"{action}/")).status_code == 404
    with other.scope():
        assert Mailbox.objects.filter(is_active=True).exists()


def test_an_owner_adds_an_inbox_and_is_led_to_its_mailbox(at: Desk) -> None:
    values = {"name": "Orders", "address": "Orders@Shop.Example", "signature": "Bye", "is_active": "on"}
    answer = at.client(at.owner).post("/settings/inboxes/new/", values)
    with at.scope():
        made = Inbox.objects.get(name="Orders")
    assert (made.address, made.signature) == ("orders@shop.example", "Bye")
    assert answer["Location"] == _url(made)
    again = at.client(at.owner).post("/settings/inboxes/new/", values)
    assert again.status_code == 422, "an address is an inbox once"


def test_address_and_password_are_enough_to_see_the_guess(at: Desk) -> None:
    owner = at.client(at.owner)
    answer = owner.post(_url(at.inbox) + "?next=/setup/", {"address": "shop@gmail.com", "password": "s3cret"})
    assert answer["Location"] == _url(at.inbox) + "?next=%2Fsetup%2F"
    page = owner.get(answer["Location"]).content.decode()
    assert 'value="imap.gmail.com"' in page
    assert "app password" in page
    assert "s3cret" not in page
    with at.scope():
        mailbox = Mailbox.objects.get()
        assert (mailbox.imap_password, mailbox.smtp_password, mailbox.is_active) == (
            "s3cret",
            "s3cret",
            False,
        )
        assert not MailboxRun.objects.exists(), "the hint is read first"


def test_a_service_that_lets_no_program_in_says_so_and_keeps_the_address(at: Desk) -> None:
    page = at.client(at.owner).post(_url(at.inbox), {"address": "shop@outlook.com", "password": "x"})
    assert page.status_code == 422
    assert "forward" in page.content.decode()
    assert "shop@outlook.com" in page.content.decode()


def test_settings_are_kept_when_they_fail_and_the_password_when_it_is_left_empty(at: Desk) -> None:
    with at.scope():
        make_mailbox(inbox=at.inbox, is_active=False)
    owner = at.client(at.owner)
    page = owner.post(_url(at.inbox), _values(imap_port="many", imap_host="imap.typed.example"))
    assert page.status_code == 422
    assert "imap.typed.example" in page.content.decode()
    assert owner.post(_url(at.inbox), _values()).status_code == 302
    with at.scope():
        mailbox, run = Mailbox.objects.get(), MailboxRun.objects.get()
    assert (mailbox.imap_host, mailbox.imap_password, mailbox.smtp_user) == (
        "imap.x.example",
        "secret",
        "me@x.example",
    )
    assert (run.kind, run.state, run.mailbox_id) == ("test", "running", mailbox.pk)
    assert "Sign in to read" in owner.get(_url(at.inbox)).content.decode(), "who comes back finds it"


@pytest.mark.parametrize(
    "changes", [{"imap_security": "none"}, {"imap_host": "a b"}, {"imap_security": "starttls"}]
)
def test_what_cannot_work_is_said_at_once(at: Desk, changes: dict[str, Any]) -> None:
    with at.scope():
        make_mailbox(inbox=at.inbox)
    assert at.client(at.owner).post(_url(at.inbox), _values(**changes)).status_code == 422


def test_another_server_or_user_is_another_mailbox_and_must_be_tried(at: Desk) -> None:
    with at.scope():
        make_mailbox(inbox=at.inbox, uid_validity=7, last_uid=99, imap_certificate="a" * 64)
    at.client(at.owner).post(_url(at.inbox), _values())
    with at.scope():
        mailbox = Mailbox.objects.get()
    assert (mailbox.is_active, mailbox.uid_validity, mailbox.last_uid, mailbox.imap_certificate) == (
        False,
        None,
        0,
        "",
    )


def test_a_failed_test_says_what_and_what_to_do_and_shows_the_certificate(at: Desk) -> None:
    with at.scope():
        mailbox = make_mailbox(inbox=at.inbox, is_active=False)
        data = {
            "host": "imap.x",
            "fingerprint": "ab" * 32,
            "issued_to": "x",
            "issued_by": "x",
            "until": "2027-01-01",
        }
        make_mailbox_run(
            mailbox=mailbox, state="failed", step="read", problem="certificate_self_signed", problem_data=data
        )
    owner = at.client(at.owner)
    page = owner.get(_url(at.inbox)).content.decode()
    assert "nobody vouches for" in page
    assert "AB:AB:AB" in page
    owner.post(_url(at.inbox, "certificate/"), {"fingerprint": "cd" * 32})
    with at.scope():
        assert Mailbox.objects.get().imap_certificate == ""
    owner.post(_url(at.inbox, "certificate/"), {"fingerprint": "ab" * 32})
    with at.scope():
        assert Mailbox.objects.get().imap_certificate == "ab" * 32
        assert MailboxRun.objects.filter(state="running").count() == 1


def test_connected_older_mail_and_disconnected(at: Desk) -> None:
    with at.scope():
        make_mailbox(inbox=at.inbox)
    owner = at.client(at.owner)
    owner.post(_url(at.inbox, "older/"), {"days": "30", "folder": "INBOX"})
    owner.post(_url(at.inbox, "older/"), {"days": "30", "folder": "INBOX"})
    with at.scope():
        run = MailboxRun.objects.get(kind="history")
    owner.post(_url(at.inbox, f"older/{run.pk}/stop/"))
    with at.scope():
        assert MailboxRun.objects.get().state == "stopped"
    assert "Go on fetching" in owner.get(_url(at.inbox)).content.decode()
    owner.post(_url(at.inbox, f"older/{run.pk}/resume/"))
    owner.post(_url(at.inbox, "disconnect/"))
    with at.scope():
        assert (Mailbox.objects.get().is_active, MailboxRun.objects.get().state) == (False, "stopped")
    owner.post(_url(at.inbox, "forget/"))
    with at.scope():
        assert not Mailbox.objects.exists()


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_host(at: Desk, wanted: str) -> None:
    answer = at.client(at.owner).post(
        _url(at.inbox), {"address": "a@gmx.de", "password": "x", "next": wanted}
    )
    assert answer["Location"] == _url(at.inbox)


def test_the_list_says_each_state_with_a_constant_number_of_queries(
    at: Desk, django_assert_max_num_queries: Any
) -> None:
    with at.scope():
        make_mailbox(inbox=at.inbox, problem="wrong_password", problem_data={"host": "imap.x.example"})
    owner = at.client(at.owner)
    page = owner.get("/settings/inboxes/").content.decode()
    assert "imap.x.example does not accept the user name or the password." in page
    assert "no mailbox connected" in page
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.get("/settings/inboxes/")
        return len(queries)

    before = count()
    with organization_scope(at.organization.id):
        for _ in range(10):
            make_mailbox(inbox=make_inbox())
    assert count() == before
