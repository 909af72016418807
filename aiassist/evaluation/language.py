"""How often the language of a sentence and of a subject line is told right, and how long it takes."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiassist.core.language import detect

SET = Path(__file__).parent / "sets" / "language.txt"


@dataclass(frozen=True)
class Labelled:
    """A text, its language, and whether it is a whole sentence or a subject line."""

    kind: str
    language: str
    text: str


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `evaluate language`."""
    parser.add_argument("--errors", action="store_true", help="also list what was told wrongly")


def run(options: Mapping[str, Any]) -> dict[str, object]:
    """Return the share told right of sentences and of subject lines; "not sure" counts as wrong."""
    rows = list(labelled())
    detect("load the model before the clock runs")
    began = time.perf_counter()
    found = [detect(one.text) for one in rows]
    spent = time.perf_counter() - began
    right = {
        kind: [f == one.language for one, f in zip(rows, found, strict=True) if one.kind == kind]
        for kind in ("sentence", "subject")
    }
    figures: dict[str, object] = {
        "sentences": len(right["sentence"]),
        "sentence_accuracy": sum(right["sentence"]) / len(right["sentence"]),
        "subjects": len(right["subject"]),
        "subject_accuracy": sum(right["subject"]) / len(right["subject"]),
        "ms_per_text": spent * 1000 / len(rows),
    }
    if options.get("errors"):
        wrong = [(one, f) for one, f in zip(rows, found, strict=True) if f != one.language]
        figures["errors"] = {f"{one.language}: {one.text}": f for one, f in wrong}
    return figures


def labelled() -> Iterator[Labelled]:
    """The set, in the order of its file."""
    kind = language = ""
    for line in SET.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind, language = line[3:].split()
        elif line and not line.startswith("#"):
            yield Labelled(kind, language, line)
