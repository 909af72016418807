"""How many of the sentences that no source says are marked, and how many that one says are marked wrongly."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiassist.core.drafts import DraftSentence, Passage
from aiassist.core.ground import check
from aiassist.evaluation import EvaluationError, parts
from aiassist.evaluation.parts import share

OWN = Path(__file__).parent / "sets" / "grounding.txt"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, the source that it names, and whether the source says it."""

    text: str
    source: Passage
    said: bool
    kept: bool


def add_arguments(parser: ArgumentParser) -> None:
    """Our own set where none is named."""
    parts.add_arguments(parser, own=OWN, shape="`= title: source`, then lines of `+` and `-`")


def run(options: Mapping[str, Any]) -> Mapping[str, object]:
    """Shares of the whole set and of the part that no rule was tuned on."""
    return parts.figures_of(options, read, measure)


def read(path: Path) -> list[Claim]:
    """The sentences of a file, each with the source above it."""
    rows: list[Claim] = []
    group, source = "", None
    for number, line in enumerate(parts.lines_of(path), 1):
        if line.startswith("## "):
            group = line.removeprefix("## ")
        elif line.startswith("= "):
            title, _, text = line.removeprefix("= ").partition(": ")
            source = Passage("s", text, title, language=group.removeprefix("kept: "))
        elif line[:2] in {"+ ", "- "} and source is not None:
            rows.append(Claim(line[2:], source, line[0] == "+", group.startswith("kept")))
        elif line.strip() and not line.startswith("#"):
            raise EvaluationError(f"Line {number} is neither a source nor a sentence about one.")
    return rows


def measure(rows: Sequence[Claim], *, errors: bool = False) -> dict[str, object]:
    """Shares of the sentences; `caught` is what no source says and is marked."""
    marked = [not check([DraftSentence(one.text, ("s",))], [one.source])[0].supported for one in rows]
    pairs = list(zip(rows, marked, strict=True))
    figures: dict[str, object] = {
        "sentences": len(rows),
        "caught": share([found for one, found in pairs if not one.said]),
        "false_alarms": share([found for one, found in pairs if one.said]),
    }
    if errors:
        figures["missed"] = [one.text for one, found in pairs if not one.said and not found]
        figures["wrong"] = [one.text for one, found in pairs if one.said and found]
    return figures
