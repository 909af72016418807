"""Floors under the figures of docs/ai-quality.md for what presses a customer, and the command that prints them."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiassist.evaluation import EvaluationError
from aiassist.evaluation.pressure import OWN, measure, read, run

ROWS = read(OWN)


def test_our_own_drafts() -> None:
    figures = measure([one for one in ROWS if not one.kept])
    assert figures["recall"] >= 0.9, figures  # type: ignore[operator]
    assert figures["false_alarms"] <= 0.05, figures  # type: ignore[operator]


def test_the_set_is_large_and_half_of_it_innocent() -> None:
    assert len(ROWS) >= 160
    assert 0.35 <= sum(one.presses for one in ROWS) / len(ROWS) <= 0.65
    assert sum(one.kept for one in ROWS) >= 50
    languages = {one.group.removeprefix("kept: ").split()[0] for one in ROWS}
    assert languages == {"en", "de", "fr", "es"}


def test_no_draft_is_there_twice() -> None:
    seen = [(one.asked, one.draft) for one in ROWS]
    assert len(set(seen)) == len(seen)


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "drafts.txt"
    file.write_text("fine: All right.\nnonsense\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="Line 2"):
        run({"data": file, "part": None, "errors": False})
