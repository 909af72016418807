"""How well topics are told apart: accuracy, honesty of the confidence, how much is answered, what is from outside."""

from __future__ import annotations

import csv
import time
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aiassist.core.calibrate import calibration_error
from aiassist.core.embed import default_embedder
from aiassist.core.triage import Prediction, TopicModel, learn
from aiassist.evaluation import EvaluationError

Rows = list[tuple[str, str]]
_ONE_BY_ONE = 50


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `evaluate triage`."""
    parser.add_argument("--train", required=True, metavar="CSV", help="columns text, label")
    parser.add_argument("--test", required=True, metavar="CSV", help="columns text, label")
    parser.add_argument("--per-class", type=int, metavar="K", help="learn from K examples a topic only")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="repeat with N choices of examples")
    parser.add_argument("--out-of-scope", metavar="CSV", help="column text: texts of no topic")


def run(options: Mapping[str, Any]) -> dict[str, object]:
    """Return the mean of each figure over the seeds; the threshold comes from the training file alone."""
    train, test = _rows(options["train"]), _rows(options["test"])
    outside = (
        [text for text, _ in _rows(options["out_of_scope"], labels=False)] if options["out_of_scope"] else []
    )
    default_embedder().embed(["load the model before the clock runs"])
    runs = [
        _one(_chosen(train, options["per_class"], seed), test, outside)
        for seed in range(options["seeds"] if options["per_class"] else 1)
    ]
    return {name: _mean([one[name] for one in runs]) for name in runs[0]}


def _one(train: Rows, test: Rows, outside: Sequence[str]) -> dict[str, float | None]:
    began = time.perf_counter()
    model = learn([text for text, _ in train], [label for _, label in train], default_embedder())
    seconds = time.perf_counter() - began
    found = model.predict([text for text, _ in test], default_embedder())
    right = np.array([one.best == label for one, (_, label) in zip(found, test, strict=True)])
    confidence = np.array([one.confidence for one in found])
    answered = np.array([bool(one.topic) for one in found])
    return {
        "accuracy": float(right.mean()),
        "ece": calibration_error(confidence, right),
        "coverage_at_95": float(answered.mean()),
        "precision_when_answered": float(right[answered].mean()) if answered.any() else None,
        "out_of_scope_auroc": _auroc(found, model, outside),
        "train_seconds": seconds,
        "predict_ms": _predict_ms(model, [text for text, _ in test]),
    }


def _auroc(found: Sequence[Prediction], model: TopicModel, outside: Sequence[str]) -> float | None:
    """Return the chance that a text of a topic fits better than one from outside (Mann-Whitney)."""
    if not outside:
        return None
    strangers = np.array([one.fit for one in model.predict(outside, default_embedder())])
    known = np.array([one.fit for one in found])
    return _chance_above(known, strangers)


def _chance_above(high: NDArray[np.float64], low: NDArray[np.float64]) -> float:
    ordered = np.sort(low)
    below = np.searchsorted(ordered, high, side="left")
    equal = np.searchsorted(ordered, high, side="right") - below
    return float(((below + equal / 2) / len(low)).mean())


def _predict_ms(model: TopicModel, texts: Sequence[str]) -> float:
    """Return wall milliseconds a text, one text at a time as the worker asks."""
    some = texts[:_ONE_BY_ONE]
    began = time.perf_counter()
    for text in some:
        model.predict([text], default_embedder())
    return (time.perf_counter() - began) * 1000 / max(len(some), 1)


def _chosen(rows: Rows, per_class: int | None, seed: int) -> Rows:
    if not per_class:
        return rows
    by_label: dict[str, Rows] = defaultdict(list)
    for index in np.random.default_rng(seed).permutation(len(rows)):
        by_label[rows[index][1]].append(rows[index])
    return [row for label in sorted(by_label) for row in by_label[label][:per_class]]


def _rows(path: str, *, labels: bool = True) -> Rows:
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EvaluationError(f"{path} cannot be read: give a CSV file in UTF-8.") from error
    if not rows or "text" not in rows[0]:
        raise EvaluationError(f"{path} has no column `text`: the first line names the columns.")
    column = next((name for name in ("label", "category", "intent") if name in rows[0]), "")
    if labels and not column:
        raise EvaluationError(f"{path} has no column `label`: the first line names the columns.")
    return [(row["text"] or "", (row[column] or "") if column else "") for row in rows]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
