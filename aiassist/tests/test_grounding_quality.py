"""Floors under the figures of docs/ai-quality.md for sentences that no source says."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiassist.evaluation import EvaluationError
from aiassist.evaluation.grounding import OWN, measure, read, run


def test_our_own_sentences() -> None:
    figures = measure([one for one in read(OWN) if not one.kept])
    assert figures["caught"] >= 0.9, figures  # type: ignore[operator]
    assert figures["false_alarms"] <= 0.05, figures  # type: ignore[operator]


def test_the_set_has_both_kinds_in_four_languages() -> None:
    rows = read(OWN)
    assert {one.source.language for one in rows} == {"en", "de", "fr", "es"}
    assert sum(one.kept for one in rows) >= 30
    assert 0.3 <= sum(one.said for one in rows) / len(rows) <= 0.7


def test_a_line_that_belongs_to_nothing_is_named(tmp_path: Path) -> None:
    file = tmp_path / "claims.txt"
    file.write_text("+ A sentence before any source.\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="Line 1"):
        run({"data": file, "part": None, "errors": False})
