"""The release's own test questions: measured and not claimed, and each criterion of the rubric can fail."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from aiassist.core import rubric
from aiassist.core.drafts import DraftResult, DraftSentence, NoDraft, NoDraftReason, Note, NoteCode, Passage
from aiassist.core.rubric import Golden
from aiassist.evaluation import drafts
from aiassist.evaluation.starter_tickets import QUESTIONS, SHELF

MEASURED: dict[str, Any] = json.loads(
    (Path(drafts.__file__).parent / "measured_drafts.json").read_text(encoding="utf-8")
)
RETURNS = Passage(
    "p1", "You can return an item within 30 days of delivery.", "Returning an item", language="en"
)
GOLDEN = Golden(
    key="returns",
    question="How long?",
    must_say=("30 days | thirty days",),
    must_not_say=("voucher",),
    sources=("Returning an item",),
)


def draft(
    *sentences: tuple[str, tuple[str, ...]], language: str = "en", notes: tuple[Note, ...] = ()
) -> DraftResult:
    found = tuple(DraftSentence(text, cited) for text, cited in sentences)
    return DraftResult(found, language, "m", notes=notes)


GOOD = draft(("You can return an item within 30 days of delivery.", ("p1",)))


@pytest.mark.parametrize(
    ("result", "missed"),
    [
        (GOOD, ()),
        (NoDraft(NoDraftReason.NOTHING_FITS), ("answered",)),
        (draft(("You can return an item after delivery.", ("p1",))), ("must_say",)),
        (
            draft(("You can return an item within 30 days of delivery for a voucher.", ("p1",))),
            ("must_not_say", "grounded"),
        ),
        (draft(("You can return an item within 30 days of delivery.", ())), ("source",)),
        (replace(GOOD, language="de"), ("language",)),
        (
            draft(("Act now: you can return an item within 30 days of delivery.", ("p1",))),
            ("no_pressure",),
        ),
        (draft(("You can return 30 days 900 times and we refund 40 euros.", ("p1",))), ("grounded",)),
        (draft(("Thank you for your message.", ("p1",))), ("must_say", "grounded")),
    ],
)  # fmt: skip
def test_each_criterion_can_fail(result: DraftResult | NoDraft, missed: tuple[str, ...]) -> None:
    found = rubric.judge(GOLDEN, result, (RETURNS,))
    assert found.passed is not bool(missed)
    assert set(missed) <= set(found.missed)


def test_what_nobody_knows_has_to_stay_unsaid_and_what_is_open_has_to_be_named() -> None:
    unknown = Golden(key="job", question="Do you have a job for me?", answer=False)
    assert rubric.judge(unknown, NoDraft(NoDraftReason.NOTHING_FITS), ()).passed
    assert rubric.judge(unknown, GOOD, (RETURNS,)).missed == ("says_unknown",)
    half = replace(GOLDEN, still_open="students")
    assert rubric.judge(half, GOOD, (RETURNS,)).missed == ("says_unknown",)
    noted = replace(GOOD, notes=(Note(NoteCode.OPEN_QUESTION, "Do you hire Students?"),))
    assert rubric.judge(half, noted, (RETURNS,)).passed


def test_a_question_that_is_newly_missed_is_worse_even_where_another_is_newly_met() -> None:
    before = rubric.figures([rubric.Judged("a", {"must_say": True}), rubric.Judged("b", {"must_say": False})])
    after = rubric.figures([rubric.Judged("a", {"must_say": False}), rubric.Judged("b", {"must_say": True})])
    assert rubric.worse(before, before) == []
    assert rubric.worse(before, after) == ["question:a"]
    none = rubric.figures([rubric.Judged("a", {"must_say": False}), rubric.Judged("b", {"must_say": False})])
    assert rubric.worse(before, none) == ["passed", "must_say", "question:a"]


def test_the_set_asks_for_every_criterion_in_four_languages() -> None:
    assert len({one.key for one in QUESTIONS}) == len(QUESTIONS) >= 30
    assert {one.language for one in QUESTIONS} == {"en", "de", "fr", "es"}
    titles = {title for title, _body, _language in SHELF}
    assert {name for one in QUESTIONS for name in one.sources} <= titles
    assert all(asked >= 5 for _met, asked in MEASURED["criteria"].values())


def test_the_shipped_figures_are_what_the_built_in_assistant_measures_without_a_database(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A change of prompt, model or ranking that makes one question worse fails here, and a person decides."""
    call_command("evaluate", "drafts", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["set"] == MEASURED["set"]
    assert rubric.worse(MEASURED, found) == []
    assert found["passed"] >= MEASURED["passed"]
