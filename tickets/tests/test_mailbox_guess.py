"""Settings guessed from an address, and problems in words."""

from __future__ import annotations

import re

import pytest

from tickets.mailboxes import imap, problems, smtp
from tickets.mailboxes.guess import guess
from tickets.mailboxes.providers import SERVICES


@pytest.mark.parametrize(
    ("address", "mx", "imap_host", "hint"),
    [
        ("Ana@GMail.com", (), "imap.gmail.com", "app_password"),
        ("info@shop.example", ("aspmx.l.google.com.",), "imap.gmail.com", "app_password"),
        ("info@shop.example", ("mx00.kundenserver.de",), "imap.ionos.de", ""),
        ("info@shop.example", (), "imap.shop.example", ""),
        ("info@shop.example", ("mx.evilgoogle.com",), "imap.shop.example", ""),
        ("shop@web.de", (), "imap.web.de", "switch_on"),
    ],
)
def test_an_address_tells_its_servers(address: str, mx: tuple[str, ...], imap_host: str, hint: str) -> None:
    found = guess(address, mx)
    assert found.imap is not None
    assert (found.imap.host, found.imap.port, found.hint) == (imap_host, 993, hint)
    assert found.user == address.lower()


def test_services_that_let_no_program_in_are_named() -> None:
    for address in ("a@outlook.com", "a@proton.me"):
        found = guess(address)
        assert found.imap is None
        assert "forward" in problems.hint(found.hint, found.service)


def test_free_wants_only_the_name() -> None:
    assert guess("jeanne@free.fr").user == "jeanne"


def test_the_table_is_sound() -> None:
    domains = [domain for service in SERVICES for domain in service.domains]
    assert len(domains) == len(set(domains))
    assert all(service.hint in problems.HINTS for service in SERVICES if service.hint)
    assert all(service.imap is not None or service.hint for service in SERVICES)


@pytest.mark.parametrize("key", sorted(problems.WORDS))
def test_every_problem_has_a_cause_a_next_step_and_only_places_that_are_filled(key: str) -> None:
    text, next_step = problems.WORDS[key]
    assert next_step
    assert set(re.findall(r"%\((\w+)\)", text + next_step)) <= {
        "host", "port", "until", "names", "folder", "address", "said", "minutes", "wanted"
    }  # fmt: skip
    assert problems.say(key, {}) is not None, "a value that is missing breaks no page"


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("[AUTHENTICATIONFAILED] Invalid credentials (Failure)", "wrong_password"),
        ("[ALERT] Application-specific password required: https://support.google.com/", "app_password"),
        ("LOGIN failed: BasicAuthBlocked", "no_passwords"),
        ("[ALERT] Your account is not enabled for IMAP use.", "imap_off"),
        ("[UNAVAILABLE] Temporary authentication failure", "busy"),
        ("[LIMIT] Too many simultaneous connections.", "too_many"),
    ],
)
def test_a_refused_sign_in_is_understood(said: str, key: str) -> None:
    assert imap.refused("h", said).key == key


@pytest.mark.parametrize(
    ("code", "said", "key"),
    [
        (552, "5.2.2 Mailbox full", "mailbox_full"),
        (452, "4.2.2 over quota", "mailbox_full"),
        (552, "message size exceeds fixed maximum", "too_big"),
        (554, "5.7.1 Spam message rejected", "taken_for_spam"),
        (451, "4.7.1 Greylisted", "busy"),
        (550, "no", "server_says"),
    ],
)
def test_an_answer_of_a_sending_server_is_understood(code: int, said: str, key: str) -> None:
    assert smtp.answered("h", code, said, else_key="server_says").key == key


def test_a_servers_words_are_shown_short_and_on_one_line() -> None:
    assert problems.clean(b"a\r\n\x00b\xff") == "a b\ufffd"
    assert len(problems.clean("x" * 5000)) == problems.MAX_SAID
