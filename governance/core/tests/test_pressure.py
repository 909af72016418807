"""Pressure is found however it is spelled, and what a text may say depends on what was asked."""

from __future__ import annotations

import time

import pytest

from governance.core.pressure import PRESSURE_WORDS, pressure

CANCEL = "Please cancel my subscription."


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Act now, only today!", "hurry"),
        ("There are only two left in your size.", "scarcity"),
        ("You will regret it.", "fear"),
        ("That is your own fault.", "blame"),
        ("This is a price just for you.", "price"),
        ("Why not upgrade to Plus?", "upsell"),
        ("Please reconsider.", "hinder"),
        ("Greifen Sie jetzt zu!", "hurry"),
        ("Vous auriez dû le savoir.", "blame"),
        ("Se arrepentirá.", "fear"),
    ],
)
def test_each_kind_is_found_in_each_language(text: str, kind: str) -> None:
    assert kind in pressure(text)
    assert kind in PRESSURE_WORDS


@pytest.mark.parametrize(
    "text",
    [
        "ACT NOW",
        "act\u200b now",
        "a\u00adct now",
        "Act\u00a0now",
        "Act\n  now",
        "аct nоw",  # two Cyrillic letters
        "ａｃｔ ｎｏｗ",
        "Don’t miss it",
        "déPÊCHEZ-vous",
    ],
)
def test_another_spelling_does_not_hide_it(text: str) -> None:
    assert "hurry" in pressure(text)


def test_an_offer_answers_a_question_about_offers() -> None:
    offer = "You may also like the model Runa."
    assert "upsell" in pressure(offer)
    assert "upsell" in pressure(offer, "Where is my parcel?")
    assert "upsell" not in pressure(offer, "Do you have something warmer?")


def test_who_wants_to_leave_is_answered_before_any_offer() -> None:
    answer, offer = "Your plan ends on 30 June.", "We can offer you a free month."
    assert "offer_first" in pressure(f"{offer} {answer}", CANCEL)
    assert "offer_first" in pressure(offer, CANCEL), "an offer alone is no answer"
    assert "offer_first" not in pressure(f"{answer} {offer}", CANCEL)
    assert "offer_first" not in pressure(f"{offer} {answer}", "When does my plan end?")


def test_asking_about_other_goods_does_not_open_the_way_to_sell_to_who_leaves() -> None:
    asked = f"{CANCEL} Do you have my address?"
    assert "upsell" in pressure("It ends on 30 June. Why not upgrade to Plus?", asked)


def test_what_hinders_depends_on_the_wish_to_leave() -> None:
    text = "You first have to call our office."
    assert "hinder" in pressure(text, CANCEL)
    assert "hinder" not in pressure(text, "How do I book a table?")


def test_plain_answers_press_nobody() -> None:
    text = "Your refund takes 3 working days. We are closed today because of the holiday. Kind regards"
    assert pressure(text) == pressure(text, CANCEL) == frozenset()


def test_long_and_hostile_texts_take_no_time() -> None:
    started = time.process_time()
    for text in ("only a " * 20_000, "offer " * 20_000, "a" * 100_000, "cancel " * 20_000):
        pressure(text, text)
    assert time.process_time() - started < 8
