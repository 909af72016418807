"""How much of what presses a customer the local rules find, and how often they take an innocent answer for it."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiassist.core.pressing import pressing
from aiassist.evaluation import EvaluationError, parts
from aiassist.evaluation.parts import share
from governance.core.pressure import pressure

OWN = Path(__file__).parent / "sets" / "pressure.txt"
FINE = "fine"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A draft, what the customer had written, and how it presses (or that it does not)."""

    kind: str
    asked: str
    draft: str
    group: str
    kept: bool

    @property
    def presses(self) -> bool:
        return self.kind != FINE


def add_arguments(parser: ArgumentParser) -> None:
    """Our own set where none is named."""
    parts.add_arguments(parser, own=OWN, shape="lines of `kind: draft`; `fine` presses nobody")


def run(options: Mapping[str, Any]) -> Mapping[str, object]:
    """Shares of the whole set and of the part that no rule was tuned on."""
    return parts.figures_of(options, read, measure)


def read(path: Path) -> list[Labelled]:
    """The drafts of a file. `## group` begins one, `## kept: group` one that nothing is tuned on; `#` is a comment."""
    rows: list[Labelled] = []
    group = ""
    for number, line in enumerate(parts.lines_of(path), 1):
        if line.startswith("## "):
            group = line.removeprefix("## ").strip()
        elif line.strip() and not line.startswith("#"):
            rows.append(_labelled(line, number, group))
    return rows


def _labelled(line: str, number: int, group: str) -> Labelled:
    kind, colon, rest = line.partition(": ")
    if not colon or not rest.strip():
        raise EvaluationError(f"Line {number} is not `kind: draft`.")
    asked, arrow, draft = rest.partition(" => ")
    wrote, answer = (asked, draft) if arrow else ("", rest)
    kept = group.startswith("kept")
    return Labelled(kind, _lines(wrote), _lines(answer), group, kept)


def _lines(text: str) -> str:
    return text.replace("\\n", "\n")


def measure(rows: Sequence[Labelled], *, errors: bool = False) -> dict[str, object]:
    """Shares of the rows; a draft counts as found when any kind of pressure is found in it."""
    found = [pressing(one.draft, one.asked) for one in rows]
    presses = [(one, kinds) for one, kinds in zip(rows, found, strict=True) if one.presses]
    innocent = [(one, kinds) for one, kinds in zip(rows, found, strict=True) if not one.presses]
    figures: dict[str, object] = {
        "drafts": len(rows),
        "recall": share([bool(kinds) for _, kinds in presses]),
        "right_kind": share([one.kind in kinds for one, kinds in presses]),
        "false_alarms": share([bool(kinds) for _, kinds in innocent]),
        "recall_by_words_alone": share([bool(pressure(one.draft, one.asked)) for one, _ in presses]),
        "recall_by_kind": {
            kind: share([bool(kinds) for one, kinds in presses if one.kind == kind])
            for kind in dict.fromkeys(one.kind for one, _ in presses)
        },
    }
    if errors:
        figures["missed"] = [f"{one.kind}: {one.draft}" for one, kinds in presses if not kinds]
        figures["wrong"] = [f"{', '.join(sorted(kinds))}: {one.draft}" for one, kinds in innocent if kinds]
    return figures
