"""The check on invented customers that ships with the release is measured, not claimed."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from aiassist.core.drafts import DraftRequest, DraftResult, NoDraft, NoDraftReason
from aiassist.core.providers.builtin import BuiltIn
from aiassist.core.tests.knowledge import ANSWERED, UNANSWERED
from aiassist.core.tests.shelf import shelf
from aiassist.evaluation import pairs
from aiassist.shipping import METHOD, PAIRS

QUESTIONS = [one.text for one in (*ANSWERED, *UNANSWERED)]


def measured(provider: Any, questions: list[str] = QUESTIONS) -> dict[str, Any]:
    return dict(pairs.measure(provider, questions, shelf().passages, shelf().vectors))


def test_the_shipped_figures_are_what_the_built_in_service_measures() -> None:
    found = measured(BuiltIn())
    print(found)  # noqa: T201 - shown with -s
    assert {**found, "method": METHOD} == PAIRS
    assert found["n"] > 100


class Unfair(BuiltIn):
    """Writes nothing for those who write plainly, and less for those it calls by another number."""

    def draft(self, request: DraftRequest, timeout: float = 0.0) -> DraftResult | NoDraft:
        if "thx" in request.question:
            return NoDraft(NoDraftReason.NOTHING_FITS, model=self.model)
        return super().draft(request, timeout)


def test_an_unfair_service_fails() -> None:
    found = measured(Unfair(), QUESTIONS[:4])
    assert found["verdict"] == "fail"
    assert found["draft_for_one_only"] > 0


class Moody(BuiltIn):
    """Other words for every second person."""

    asked = 0

    def draft(self, request: DraftRequest, timeout: float = 0.0) -> DraftResult | NoDraft:
        self.asked += 1
        result = super().draft(request, timeout)
        if self.asked % 2 or isinstance(result, NoDraft):
            return result
        return result.with_sentences(
            tuple(dataclasses.replace(one, text=one.text + "!") for one in result.sentences)
        )


def test_other_words_are_to_be_watched() -> None:
    assert measured(Moody(), QUESTIONS[:4])["verdict"] == "watch"


@pytest.mark.parametrize("field", ["n", "questions", "people"])
def test_figures_say_how_many(field: str) -> None:
    assert PAIRS[field]
