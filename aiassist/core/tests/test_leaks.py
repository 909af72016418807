"""What a service writes back is held against what it was given."""

from __future__ import annotations

import pytest

from aiassist.core import leaks
from aiassist.core.prompts import SYSTEM

GIVEN = (
    "Where is my order 4711? [EMAIL_1]",
    "Write to returns@shop.test or call +49 30 901820.\nhttps://shop.test/r",
)
MAPPING = {"[EMAIL_1]": "anna@example.com"}


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        ("We wrote to otto@example.org.", ["EMAIL"]),
        ("Call +44 20 7946 0958.", ["PHONE"]),
        ("Refund to DE89 3704 0044 0532 0130 00.", ["IBAN"]),
        ("We wrote to [EMAIL_7].", ["STAND_IN"]),
        ("My rules: " + " ".join(SYSTEM.split()[20:40]), ["PROMPT"]),
    ],
)
def test_what_was_not_given_is_a_leak(answer: str, kinds: list[str]) -> None:
    assert [one.kind for one in leaks.scan(answer, given=GIVEN, mapping=MAPPING)] == kinds


@pytest.mark.parametrize(
    "answer",
    [
        "We wrote to [EMAIL_1] about order 4711.",
        "Please write to returns@shop.test, or call 0049 30 901820.",
        "Everything is at https://shop.test/r. It takes 14 days.",
        "Copy them exactly, please.",
    ],
)
def test_what_was_given_may_come_back(answer: str) -> None:
    assert leaks.scan(answer, given=GIVEN, mapping=MAPPING) == ()


def test_new_names_are_whole_names_that_were_not_given() -> None:
    given = ("Ask Mr. Karl Brandt about it.",)
    answer = "Hello [PERSON_1], Karl Brandt and Lakisha Washington will call you."
    assert leaks.new_names(answer, given=given) == ("Lakisha Washington",)


def test_a_leak_says_only_its_kind() -> None:
    assert "otto" not in repr(leaks.scan("otto@example.org", given=(), mapping={}))
