"""The first mail: once a day, never to machines, in the customer's language, with the way to say no."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from governance.core.ack import AckLinks, Acknowledgement, AckReason, Incoming, ack_reason, acknowledgement
from governance.core.clauses import SUPPORTED_LANGUAGES, Basis, Clauses
from governance.core.disclosure import first_contact_notice

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FIRST = Incoming(first_of_ticket=True)
LINKS = AckLinks(
    without_ai="https://x.example/no?a=1&b=2",
    privacy="https://x.example/privacy",
    agree="https://x.example/yes",
)
ASKS = Clauses(basis=Basis.ASK_FIRST)


def mail(**changes: Any) -> Acknowledgement:
    asked: dict[str, Any] = {
        "organization": "Ann & Sons",
        "number": 17,
        "language": "en",
        "links": LINKS,
        "clauses": Clauses(),
    }
    return acknowledgement(**{**asked, **changes})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, AckReason.SEND),
        ({"auto_submitted": True}, AckReason.NOT_A_PERSON),
        ({"from_list": True}, AckReason.NOT_A_PERSON),
        ({"bounce": True}, AckReason.NOT_A_PERSON),
        ({"from_own_address": True}, AckReason.NOT_A_PERSON),
        ({"spam_or_quarantined": True}, AckReason.NOT_WANTED),
        ({"first_of_ticket": False}, AckReason.NOT_FIRST),
        ({"last_acknowledged_at": NOW - timedelta(days=1)}, AckReason.SEND),
        ({"last_acknowledged_at": NOW - timedelta(hours=23, minutes=59)}, AckReason.RECENT),
        ({"last_acknowledged_at": NOW + timedelta(hours=3)}, AckReason.RECENT),
    ],
)
def test_who_gets_one(changes: dict[str, Any], reason: AckReason) -> None:
    assert ack_reason(replace(FIRST, **changes), enabled=True, now=NOW) is reason


def test_the_rules_can_switch_it_off() -> None:
    assert ack_reason(FIRST, enabled=False, now=NOW) is AckReason.SWITCHED_OFF


@pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)
def test_says_what_was_promised(language: str) -> None:
    sent = mail(language=language)
    assert "17" in sent.subject
    for part in (
        "17",
        "Ann & Sons",
        first_contact_notice(language, Basis.LEGITIMATE_INTEREST),
        LINKS.without_ai,
    ):
        assert part in sent.text
    assert LINKS.privacy in sent.text
    assert LINKS.agree not in sent.text
    assert "{" not in sent.text + sent.html + sent.subject
    assert "\n\n\n" not in sent.text
    assert f'lang="{language}"' in sent.html
    assert 'href="https://x.example/no?a=1&amp;b=2"' in sent.html
    assert "Ann &amp; Sons" in sent.html


@pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)
def test_asks_where_the_rules_ask_first_and_no_is_as_near_as_yes(language: str) -> None:
    sent = mail(language=language, clauses=ASKS)
    assert first_contact_notice(language, Basis.ASK_FIRST) in sent.text
    assert sent.html.count("<a href=") == 3
    assert LINKS.agree in sent.text
    assert LINKS.without_ai in sent.text


@pytest.mark.parametrize("clauses", [Clauses(), ASKS])
def test_who_said_no_is_not_asked_again(clauses: Clauses) -> None:
    sent = mail(without_ai=True, clauses=clauses)
    assert "You asked to be answered without AI. That stands." in sent.text
    assert LINKS.agree not in sent.text
    assert "help draft" not in sent.text


def test_without_rules_there_is_no_ai_to_tell_about() -> None:
    sent = mail(clauses=None)
    assert "AI" not in sent.text
    assert LINKS.privacy in sent.text


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (1, "within one hour"),
        (4, "within 4 hours"),
        (24, "within one day"),
        (36, "within 36 hours"),
        (48, "2 days"),
    ],
)
def test_promises_what_the_rules_promise(hours: int, said: str) -> None:
    assert said in mail(clauses=Clauses(response_hours=hours)).text


def test_a_name_cannot_add_a_header_or_a_tag() -> None:
    sent = mail(organization="X\r\nBcc: y <script>")
    assert "\n" not in sent.subject
    assert "<script>" not in sent.html
