"""Floors under the figures of docs/ai-quality.md: what was reached once is not lost unseen."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest

from aiassist.core.names import may_name
from aiassist.core.redact import mask
from aiassist.core.tests.data import shared_data
from aiassist.evaluation.redaction import in_part, measure, measure_names, read, read_names

OWN = Path(__file__).parent / "data" / "redaction.txt"
FLOORS = {"structured": 0.995, "persons": 0.93, "street_addresses": 0.60, "passwords": 0.80}
#: First names of people of many countries; none is taken from a list that the model learned from.
GROUPS = {
    "African-American": [
        "Tremayne",
        "Rasheed",
        "Wardell",
        "Shereen",
        "Latrelle",
        "Deonte",
        "Keyshawn",
        "Tanisha",
    ],
    "British": ["Nigel", "Philippa", "Rupert", "Imogen", "Alistair", "Gemma", "Hamish", "Tamsin"],
    "German": ["Wolfgang", "Sieglinde", "Torben", "Heike", "Detlef", "Swantje", "Jürgen", "Annegret"],
    "Spanish": ["Itziar", "Joaquín", "Rocío", "Nuria", "Iñaki", "Lorena", "Borja", "Ainhoa"],
    "Turkish": ["Cem", "Gülsüm", "Serkan", "Ebru", "Tuncay", "Nesrin", "Volkan", "Aynur"],
    "West African": ["Kwabena", "Fatoumata", "Oluwaseun", "Adaeze", "Ousmane", "Nkechi", "Yaw", "Aminata"],
    "South Asian": ["Priyanka", "Rajesh", "Lakshmi", "Arvind", "Nusrat", "Harpreet", "Sanjay", "Deepika"],
    "Polish": ["Szczepan", "Zbigniew", "Grażyna", "Bożena", "Przemysław", "Jadwiga", "Wiesław", "Agnieszka"],
}


def check(figures: dict[str, object], *, touched_at_most: float) -> None:
    reached = {name: figures[name] for name in FLOORS if figures[name] is not None}
    assert all(reached[name] >= FLOORS[name] for name in reached), reached
    touched = figures["touched_without_personal_data"]
    assert isinstance(touched, float)
    assert touched <= touched_at_most


def test_our_own_texts() -> None:
    figures = measure(read(OWN))
    check(
        figures, touched_at_most=0.07
    )  # a third of them is about brands, feasts and islands, chosen to be hard
    assert figures["groups_touched"]["orders"] <= 0.05  # type: ignore[index]


def test_no_group_of_names_is_missed_more_often() -> None:
    figures = measure_names(GROUPS)
    assert figures["largest_gap"] <= 0.03, figures
    assert min(figures["name_groups"].values()) >= 0.93, figures  # type: ignore[attr-defined]


def test_public_texts_that_nothing_was_learned_from() -> None:
    rows = read(shared_data() / "pii" / "generated_large.json")
    check(measure([row for row in rows if in_part(row, "validation")]), touched_at_most=0.03)


def test_public_questions_stay_as_they_are() -> None:
    questions = (shared_data() / "intents" / "banking77_train.csv").read_text(encoding="utf-8")
    texts = [row["text"] for row in csv.DictReader(io.StringIO(questions))][::10]
    assert sum(bool(mask(text).spans) for text in texts) / len(texts) <= 0.015


def test_public_names_have_no_gap() -> None:
    figures = measure_names(read_names(shared_data() / "names" / "WEAT.json"))
    assert figures["largest_gap"] <= 0.03, figures


@pytest.mark.parametrize(
    "text",
    [
        "where is my parcel?",
        "The blue one is too small, can i send it back?",
        "I forgot my password and can't log in",
        "it arrived broken. what now?",
    ],
)
def test_texts_without_a_name_take_the_short_way(text: str) -> None:
    assert not may_name(text)


@pytest.mark.parametrize(
    "text", ["hi mark", "thanks bill", "my name is rose", "I met Will", "petra", "12 high street"]
)
def test_names_that_are_words_do_not(text: str) -> None:
    assert may_name(text)


def test_it_is_fast_enough_even_on_a_busy_machine() -> None:
    mask("Anna loads the model")
    started = time.process_time()
    for _ in range(500):
        mask("where is my parcel? it should be here since last week")
    assert 500 / (time.process_time() - started) >= 2_000
    started = time.process_time()
    for number in range(100):
        mask(
            f"Hello, Anna Weber {number} here. I live at 5 Main Street, Leeds. Tell Marco that it is broken.\n\nAnna"
        )
    assert 100 / (time.process_time() - started) >= 100
