"""What an answer gives away: gifts with their amount in four languages; refunds, refusals and published sums are none."""

from __future__ import annotations

import pytest

from governance.core.promises import MICRO, UNSIZED, promised_micro


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        ("We send you a voucher of 20 € for the delay.", 20),
        ("As a goodwill gesture you get €1,250.50.", 1250.5),
        ("A discount of 15 EUR is on us. A voucher of 30 EUR too.", 30),
        ("A voucher of 20 € for orders above 50 €.", 20),
        ("Sie erhalten einen Gutschein über 25,50 Euro.", 25.5),
        ("Aus Kulanz erstatten wir 1.200 €.", 1200),
        ("Als Entschädigung überweisen wir Ihnen CHF 40.", 40),
        ("Nous vous offrons un bon d'achat de 30 €.", 30),
        ("À titre de geste commercial, 12,5 euros.", 12.5),
        ("Le enviamos un vale de 10 €.", 10),
        ("Recibirá una compensación de 45 euros.", 45),
    ],
)
def test_a_gift_is_found_with_its_amount(text: str, euros: float) -> None:
    assert promised_micro(text) == round(euros * MICRO)


@pytest.mark.parametrize(
    "text",
    [
        "We refund the 129 € that you paid within five working days.",
        "The parcel costs 4.90 € and arrives on Monday.",
        "We cannot offer a voucher of 20 €.",
        "Leider können wir keinen Gutschein über 20 € geben.",
        "Nous ne pouvons pas accorder de remise de 10 €.",
        "No podemos darle un descuento de 10 €.",
        "Thank you for your patience.",
        "",
    ],
)
def test_what_gives_nothing_is_none(text: str) -> None:
    assert promised_micro(text) == 0


def test_a_gift_without_an_amount_is_the_least_there_is() -> None:
    assert promised_micro("We will send you a voucher.") == UNSIZED


def test_what_a_published_source_promises_is_the_shops_own_word() -> None:
    source = "Whoever waits longer than three hours gets compensation of 250 €."
    answer = "You waited four hours, so you get compensation of 250 €."
    assert promised_micro(answer) == 250 * MICRO
    assert promised_micro(answer, [source]) == 0
    assert promised_micro(answer.replace("250", "251"), [source]) == 251 * MICRO
