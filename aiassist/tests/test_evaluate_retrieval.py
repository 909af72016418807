"""The right article first on the own set, codes and order numbers never lost, and clear words on a wrong file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from aiassist.core.tests.knowledge import ANSWERED, ARTICLES

#: Things with codes, look-alikes beside each other: what meaning alone would mix up.
CODES = [
    (f"{kind}-{number}", f"{kind.title()} {number}{letter}", f"The {kind} {number}{letter} needs {what}.")
    for kind, what in (("kettle", "a descaler every month"), ("lamp", "a bulb of 40 watts"), ("pump", "two litres of oil"))
    for number in (4410, 4411, 4412, 5120)
    for letter in ("X",)
]  # fmt: skip
ORDERS = [
    (f"batch-{n}", f"Recall of batch LOT-{n}", f"Send cups of batch LOT-{n} back.") for n in range(7001, 7021)
]


def figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], documents: object, queries: object
) -> dict[str, float]:
    (tmp_path / "documents.json").write_text(json.dumps(documents), encoding="utf-8")
    (tmp_path / "queries.json").write_text(json.dumps(queries), encoding="utf-8")
    call_command(
        "evaluate", "retrieval", "--documents", str(tmp_path / "documents.json"),
        "--queries", str(tmp_path / "queries.json"), "--json",
    )  # fmt: skip
    found: dict[str, float] = json.loads(capsys.readouterr().out)
    return found


def test_the_own_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documents = [{"id": one.id, "title": one.title, "body": one.body} for one in ARTICLES]
    queries = [{"text": one.text, "relevant": sorted(one.answered_by)} for one in ANSWERED]
    found = figures(tmp_path, capsys, documents, queries)
    assert found["recall_at_1"] >= 0.87
    assert found["recall_at_5"] >= 0.97
    assert found["mrr_at_10"] >= 0.92
    assert found["zero_hit_share"] == 0


def test_nothing_is_lost_among_codes_that_look_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [*CODES, *ORDERS]
    documents = [{"id": key, "title": title, "body": body} for key, title, body in rows]
    queries = [
        {"text": f"What do I do with my {key.split('-')[0]} {title.split()[-1]}?", "relevant": [key]}
        for key, title, _ in rows
    ]
    found = figures(tmp_path, capsys, documents, queries)
    assert found["recall_at_1"] == 1.0


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('[{"id": 1}]', encoding="utf-8")
    with pytest.raises(CommandError, match=r"wrong\.json: an object has no `body`"):
        call_command("evaluate", "retrieval", "--documents", str(wrong), "--queries", str(wrong))
