"""Whom a note names with @."""

from __future__ import annotations

import pytest

from tickets.mentions import mentioned

PEOPLE = {1: "Ana Silva", 2: "Ana Costa", 3: "Kim", 4: "Zoë O’Neil", 5: "Ana"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Kim can you look?", [3]),
        ("@kim, please", [3]),
        ("hello @Ana Silva!", [1]),
        ("@Ana  Silva and @Ana Costa", [1, 2]),
        ("@Zoë is off; (@Zoë O’Neil)", [4]),
        ("@Ana please", [5]),  # a whole name of its own, though others share it
        ("write to kim@Kim.example", []),
        ("a@Kim", []),
        ("> @Kim said so\nfine", []),
        ("@Kimberley", []),
        ("nothing here", []),
        ("@", []),
        ("@Kim @Kim @Kim", [3]),
    ],
)
def test_names(text: str, named: list[int]) -> None:
    assert sorted(mentioned(text, PEOPLE)) == named


def test_a_shared_first_name_names_nobody() -> None:
    assert mentioned("@Ana please", {1: "Ana Silva", 2: "Ana Costa"}) == []


def test_a_name_with_signs_is_only_a_name() -> None:
    assert mentioned("@a.c", {1: "a.c", 2: "abc"}) == [1]
    assert mentioned("@abc", {1: "a.c"}) == []
