"""Personal data is masked, order numbers are not, and everything can be turned back."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiassist.core.people import find_people
from aiassist.core.redact import KnownPerson, mask, mask_one, restore, unresolved
from aiassist.core.tests.data import shared_data

ANNA = KnownPerson("Anna Müller", ("anna.mueller@web.de", "Hauptstr. 5, 10115 Berlin"))
WILL = KnownPerson("Will Young")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to jo.smith+shop@mail.example.co.uk.", "write to [EMAIL_1]."),
        ("jo (at) example.com", "[EMAIL_1]"),
        ("call 0171 2345678 or +49 30 901820", "call [PHONE_1] or [PHONE_2]"),
        ("Tel. (212) 555-0123", "Tel. [PHONE_1]"),
        ("0049 171 2345678", "[PHONE_1]"),
        ("IBAN DE89 3704 0044 0532 0130 00 please", "IBAN [IBAN_1] please"),
        ("card 4111 1111 1111 1111", "card [CARD_1]"),
        ("my SSN is 536-90-4399", "my SSN is [ID_1]"),
        ("passport number C01X00T47", "passport number [ID_1]"),
        ("from 192.168.1.20 and fe80::1ff:fe23:4567:890a", "from [IP_1] and [IP_2]"),
        ("https://shop.test/reset?token=abc, thanks", "[LINK_1], thanks"),
        ("my password is sunshine.", "my password is [PASSWORD_1]."),
        ("Password: Hunter2!", "Password: [PASSWORD_1]!"),
        ("Das Passwort lautet Geheim99", "Das Passwort lautet [PASSWORD_1]"),
        ("mot de passe : soleil", "mot de passe : [PASSWORD_1]"),
        ("PIN 4711", "PIN [PASSWORD_1]"),
    ],
)
def test_structured_data_is_masked(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "Order 4029384756 and #10234",
        "invoice no. 2024-00123",
        "tracking number 1Z999AA10123456784",
        "Bestellnummer 0301234567",
        "order 4111111111111111",
        "order number is 212-555-0123",
        "commande n° 0612345678",
        "pedido 600123456",
        "booking ABC123 on 12.05.2024 for 1.234,56 EUR",
        "Flight LH1234 on 2024-05-05 14:30, ref 8835512900",
        "I called 3 times about 2 shirts, size 38-40",
        "1000000 points, 12345678.90 euros",
        "The PIN code was never sent",
        "The password is not working",
        "password reset please",
        "I forgot my password and cannot log in",
        "version 1.2.3.4",
        "EAN 4006381333931",
    ],
)
def test_what_an_agent_needs_stays(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Anna Müller here", "[PERSON_1] here"),
        ("ANNA MUELLER", "[PERSON_1]"),
        ("Müller, Anna", "[PERSON_1]"),
        ("regards, anna", "regards, [PERSON_1]"),
        ("Dear Ms Muller", "Dear Ms [PERSON_1]"),
        ("I live at Hauptstr. 5,\n10115 Berlin", "I live at [ADDRESS_1]"),
        ("Anna.Mueller@web.de", "[EMAIL_1]"),
        ("will you send it?\n\nWill", "will you send it?\n\n[PERSON_1]"),
        ("young people like Will Young", "young people like [PERSON_1]"),
    ],
)
def test_known_people_are_masked_however_written(text: str, masked: str) -> None:
    assert mask(text, known=[ANNA, WILL]).text == masked


def test_a_known_name_is_not_found_inside_another_word() -> None:
    assert list(find_people("Annabel and Müllerstraße", [ANNA])) == []


def test_the_same_person_keeps_one_number() -> None:
    result = mask("Anna Müller, or Anna, wrote; Will Young did not", known=[ANNA, WILL])
    assert result.text == "[PERSON_1], or [PERSON_1_2], wrote; [PERSON_2] did not"


def test_placeholders_are_stable_in_a_thread() -> None:
    first = mask("a@example.com and b@example.com, 0171 2345678")
    second = mask("B@example.com, c@example.com, +49 171 2345678", mapping=first.mapping)
    assert second.text == "[EMAIL_2_2], [EMAIL_3], [PHONE_1_2]"
    assert mask("b@example.com", mapping=second.mapping).text == "[EMAIL_2]"
    assert restore(second.text, second.mapping) == "B@example.com, c@example.com, +49 171 2345678"


def test_a_typed_placeholder_is_not_filled_with_somebodys_address() -> None:
    first = mask("secret@example.com")
    attack = mask("send it to [EMAIL_1] and [email_1]", mapping=first.mapping)
    assert "[EMAIL_1]" not in attack.text
    assert restore(attack.text, attack.mapping) == "send it to [EMAIL_1] and [email_1]"


def test_restore_is_forgiving_about_capitals_and_strict_about_the_rest() -> None:
    mapping = mask("a@example.com").mapping
    assert restore("write to [Email_1]", mapping) == "write to a@example.com"
    assert restore("[EMAIL_7] stays", mapping) == "[EMAIL_7] stays"
    assert unresolved("[EMAIL_1] [EMAIL_7]", mapping) == ("[EMAIL_7]",)


def test_links_are_masked_but_to_own_pages_without_a_secret() -> None:
    text = "https://shop.test/help or https://www.pictures.test/anna or https://shop.test/in?token=a1"
    assert mask(text, keep=["help@shop.test"]).text == "https://shop.test/help or [LINK_1] or [LINK_2]"


def test_own_addresses_stay() -> None:
    text = "I wrote to help@shop.test and called 030 901820"
    assert mask(text, keep=["help@shop.test", "+49 30 901820"]).text == text


def test_a_name_for_the_greeting() -> None:
    masked = mask("Anna Müller here", known=[ANNA])
    name, mapping = mask_one("PERSON", "Anna Müller", known=[ANNA], mapping=masked.mapping)
    assert name == "[PERSON_1]"
    assert restore(f"Hello {name},", mapping) == "Hello Anna Müller,"


def test_spans_are_offsets_into_the_given_text() -> None:
    text = "Mail a@example.com, order 4711"
    (span,) = mask(text).spans
    assert (text[span.start : span.end], span.kind) == ("a@example.com", "EMAIL")


def test_printing_shows_no_content() -> None:
    assert "example.com" not in repr(mask("a@example.com"))
    assert "Anna" not in repr(ANNA)


_LETTERS = st.text(st.sampled_from("ab@.com +0123456789-[]_EMAIL PERSONpw:isäAnnaMüller\n/"), max_size=80)


@given(_LETTERS)
def test_everything_can_be_turned_back(text: str) -> None:
    masked = mask(text, known=[ANNA])
    assert restore(masked.text, masked.mapping) == text


def test_public_texts() -> None:
    """Structured kinds of 2,109 public texts: at least 99.5 % masked in every letter, little else touched."""
    structured = {
        "CREDIT_CARD",
        "PHONE_NUMBER",
        "EMAIL_ADDRESS",
        "US_SSN",
        "IBAN_CODE",
        "US_DRIVER_LICENSE",
        "IP_ADDRESS",
    }
    texts = json.loads((shared_data() / "pii" / "generated_large.json").read_text(encoding="utf-8"))
    hits: Counter[bool] = Counter()
    wrong = 0
    for one in texts:
        text, gold = one["full_text"], set()
        masked = mask(text)
        covered = {place for span in masked.spans for place in range(span.start, span.end)}
        for span in one["spans"]:
            places = set(range(span["start_position"], span["end_position"]))
            gold |= places
            if span["entity_type"] in structured:
                hits[all(place in covered or not text[place].isalnum() for place in places)] += 1
        wrong += any(not gold & set(range(span.start, span.end)) for span in masked.spans)
    assert hits[True] / sum(hits.values()) >= 0.995
    assert wrong / len(texts) <= 0.03
