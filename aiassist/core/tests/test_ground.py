"""What a source says passes; what it does not say is marked, however politely it is put."""

from __future__ import annotations

import pytest

from aiassist.core.drafts import DraftSentence, Kind, Passage
from aiassist.core.ground import Doubt, check, unsupported
from aiassist.core.phrases import LANGUAGES

RETURNS = Passage(
    "returns",
    "You can return any item within 30 days of delivery, as long as it is unworn. Please use the return slip."
    " Returns from within the EU are free of charge. Earrings cannot be returned."
    " We refund within 5 working days. Delivery costs 4.90 euros.",
    "Returning an item",
    language="en",
)
UMTAUSCH = Passage(
    "umtausch",
    "Sie können jeden Artikel innerhalb von 30 Tagen zurückgeben, solange er ungetragen ist. Ohrringe können nicht"
    " zurückgegeben werden.",
    "Umtausch",
    language="de",
)


def one(text: str, *names: str, passages: tuple[Passage, ...] = (RETURNS, UMTAUSCH)) -> Doubt:
    (found,) = check([DraftSentence(text, names)], passages)
    assert found.supported is (found.doubt is Doubt.NONE)
    return found.doubt


@pytest.mark.parametrize(
    "text",
    [
        "You can return it within 30 days of delivery.",
        "You can return items within thirty days of delivery, if they are unworn.",
        "Returns from the EU are free of charge.",
        "Earrings can't be returned.",
        "Delivery costs 4,90 euros.",
        "1. Use the return slip.",
        "We refund you within five working days.",
    ],
)
def test_what_the_source_says_is_supported(text: str) -> None:
    assert one(text, "returns") is Doubt.NONE


def test_german_source() -> None:
    assert one("Sie können den Artikel innerhalb von 30 Tagen zurückgeben.", "umtausch") is Doubt.NONE
    assert one("Sie können den Artikel innerhalb von 60 Tagen zurückgeben.", "umtausch") is Doubt.NUMBER
    assert one("Ohrringe können zurückgegeben werden.", "umtausch") is Doubt.NEGATION


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("You can return it within 60 days of delivery.", Doubt.NUMBER),
        ("You can return it until 3 May.", Doubt.NUMBER),
        ("Delivery costs 9.90 euros.", Doubt.NUMBER),
        ("We will give you a discount on the return.", Doubt.PROMISE),
        ("We guarantee that you can return any item.", Doubt.PROMISE),
        ("You can return any item, and we pay compensation.", Doubt.PROMISE),
        ("Returns are free of charge, and the refund comes tomorrow.", Doubt.PROMISE),
        ("You are entitled to return any item.", Doubt.PROMISE),
        ("We make an exception: return any item.", Doubt.PROMISE),
        ("Earrings can be returned.", Doubt.NEGATION),
        ("You cannot return any item within 30 days of delivery.", Doubt.NEGATION),
        ("Our shop opens early in the morning.", Doubt.WEAK),
        ("Sie können alles innerhalb von 30 Tagen nach Erhalt zurückgeben.", Doubt.OTHER_LANGUAGE),
    ],
)
def test_what_it_does_not_say_is_marked(text: str, doubt: Doubt) -> None:
    assert one(text, "returns") is doubt


def test_a_claim_without_source_is_marked() -> None:
    assert one("Our shop opens early in the morning.") is Doubt.NO_SOURCE
    assert one("Our shop opens early in the morning.", passages=()) is Doubt.NO_SOURCE


def test_a_source_that_was_not_named_is_found() -> None:
    (found,) = check([DraftSentence("You can return it within 30 days of delivery.")], [UMTAUSCH, RETURNS])
    assert found.supported
    assert found.source_id == "returns"


def test_frames_of_the_built_in_service_are_neutral() -> None:
    for frame in LANGUAGES.values():
        parts = [
            frame.greeting.format(name=" [PERSON_1]"),
            frame.greeting_brief.format(name=" Anna Smith"),
            *frame[2:],
        ]
        checks = check([DraftSentence(part) for part in parts], [])
        assert all(found.neutral for found in checks), parts


@pytest.mark.parametrize(
    "text",
    [
        "Dear Anna Smith,",
        "I am sorry to hear that.",
        "We apologise for the inconvenience.",
        "I understand that this is frustrating.",
        "If you have any further questions, please let us know.",
        "Es tut uns leid, das zu hören.",
        "Merci pour votre patience.",
        "Lamentamos las molestias.",
    ],
)
def test_courtesies_are_neutral(text: str) -> None:
    assert one(text) is Doubt.NONE


@pytest.mark.parametrize(
    "text",
    [
        "I am sorry, we will refund you.",
        "Thank you for your order of 500 boots.",
        "We apologise and send you a voucher.",
        "Hello, your parcel is on the way.",
        "Kind regards and a free pair of shoes",
    ],
)
def test_a_promise_in_a_courtesy_is_not(text: str) -> None:
    (found,) = check([DraftSentence(text, (), Kind.GREETING)], [RETURNS])
    assert not found.neutral
    assert unsupported([found]) == (found,)
