"""Topics for people are found by words and by meaning, measured on our own set; everyday messages are left alone."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from django.core.management import call_command

from aiassist.core import sensitive_meaning
from aiassist.evaluation.sensitive import labelled
from aiassist.training.sensitive import HERE, SETS, read


def figures(capsys: pytest.CaptureFixture[str], kind: str) -> dict[str, float]:
    call_command("evaluate", kind, "--json")
    found: dict[str, float] = json.loads(capsys.readouterr().out)
    return found


def test_nine_of_ten_are_found_and_few_others(capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys, "sensitive")
    assert found["texts"] >= 200
    assert found["recall"] >= 0.9
    assert found["recall_of_fresh"] >= 0.75
    assert found["false_alarms"] <= 0.05


def test_what_is_fresh_was_never_learned_from() -> None:
    taught = {
        text for path in (HERE / "sensitive.txt", SETS / "sensitive.txt") for _topic, text in read(path)
    }
    rows = list(labelled())
    assert not taught & {one.text for one in rows if one.part == "fresh"}
    assert len({one.text for one in rows}) == len(rows)
    assert Counter(one.part for one in rows)["fresh"] >= 36


@pytest.mark.parametrize(
    "text",
    [
        "Where is my order?",
        "Mein Paket ist noch nicht angekommen",
        "Wann kommt meine Erstattung?",
        "",
        "The zip of the jacket is stuck.",
        "You are the worst shop ever!",
    ],
)
def test_everyday_messages_are_about_nothing(text: str) -> None:
    assert sensitive_meaning.topics(text) == frozenset()


def test_a_wish_for_a_person_is_taken_from_clear_words_alone() -> None:
    assert "person_please" not in sensitive_meaning.topics("I am tired of robots, let a person read this.")


def test_a_long_mail_does_not_hide_its_sentence() -> None:
    story = "We had a lovely holiday and the hotel was nice, thank you for everything. " * 3
    assert "self_harm" in sensitive_meaning.topics(f"{story}\nIt would be better if I were dead.")


def test_the_language_of_sentences_and_subject_lines(capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys, "language")
    assert found["sentence_accuracy"] >= 0.99
    assert found["subject_accuracy"] >= 0.93
    assert found["ms_per_text"] <= 1
