"""Nobody joins a ticket without a mark we signed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.mail import tokens

KEY, OTHER = b"a" * 32, b"b" * 32
REFERENCES = st.from_regex(r"[a-z0-9-]{1,24}", fullmatch=True)


@settings(max_examples=200, deadline=None)
@given(REFERENCES)
def test_what_we_made_reads_back_in_any_case(reference: str) -> None:
    address = tokens.address(KEY, reference, "Help@acme.example")
    assert tokens.read(KEY, address) == reference
    assert tokens.read(KEY, f"<{address.upper()}>") == reference
    assert len(address.partition("@")[0]) <= 64 + len("Help") or len(reference) > 10
    identifier = tokens.message_id(KEY, reference, "acme.example")
    assert tokens.read_message_id(KEY, f"<{identifier.upper()}>") == reference
    assert re.fullmatch(r"[a-z0-9.]+@acme\.example", identifier)


def test_a_uuid_fits_nowhere_but_a_number_stays_short() -> None:
    assert len(tokens.address(KEY, "1234567", "support@acme.example").partition("@")[0]) <= 64
    with pytest.raises(ValueError, match="reference"):
        tokens.make(KEY, "0f8fad5b-d9cb-469f-a165-70867728950e")
    with pytest.raises(ValueError, match="reference"):
        tokens.message_id(KEY, "17\r\nBcc: x", "acme.example")


def test_another_key_another_purpose_or_another_ticket_is_refused() -> None:
    address = tokens.address(KEY, "17", "help@acme.example")
    assert tokens.read(OTHER, address) is None
    token = address.partition("+t")[2].partition("@")[0]
    signature = token.partition("x")[2]
    forged = tokens.make(OTHER, "18").partition("x")[0]
    assert tokens.read(KEY, f"help+t{forged}x{signature}@acme.example") is None
    identifier = tokens.message_id(KEY, "17", "acme.example")
    assert tokens.read(KEY, f"help+t{identifier.split('.')[1]}@acme.example") is None
    assert tokens.read_message_id(KEY, f"hd1.{token}.aaaaaaaa@acme.example") is None
    moved = re.sub(r"\.[a-z0-9]+@", ".aaaaaaaa@", identifier)
    assert tokens.read_message_id(KEY, moved) is None


def test_every_changed_letter_is_noticed() -> None:
    address = tokens.address(KEY, "17", "help@acme.example")
    start, end = address.index("+t") + 2, address.index("@")
    for place in range(start, end):
        for letter in "a7":
            changed = address[:place] + letter + address[place + 1 :]
            assert changed == address or tokens.read(KEY, changed) is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read_without_raising(text: str) -> None:
    assert tokens.read(KEY, text) is None
    assert tokens.read_message_id(KEY, text) is None
    assert not tokens.looks_own(text, {"acme.example"})


def test_the_signature_is_at_least_64_bits() -> None:
    assert tokens.SIGNATURE_BYTES * 8 >= 64


def test_a_retried_send_has_the_same_message_id() -> None:
    assert tokens.message_id(KEY, "17", "a.example", "msg-1") == tokens.message_id(
        KEY, "17", "a.example", "msg-1"
    )
    assert tokens.message_id(KEY, "17", "a.example") != tokens.message_id(KEY, "17", "a.example")
