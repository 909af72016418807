"""How many of the sentences that no source says are marked, and how many that one says are marked wrongly."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiassist.core.drafts import DraftSentence, Passage
from aiassist.core.ground import check
from aiassist.evaluation import EvaluationError
from aiassist.evaluation.parts import PARTS, part_of

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
    parser.add_argument("--data", type=Path, default=OWN, help="`= title: source`, then lines of `+` and `-`")
    parser.add_argument(
        "--part", choices=PARTS, help="only the sources for tuning, or only those kept from it"
    )
    parser.add_argument("--errors", action="store_true", help="also list what was missed or marked wrongly")


def run(options: Mapping[str, Any]) -> Mapping[str, object]:
    """Shares of the whole set and of the part that no rule was tuned on."""
    rows = [one for one in read(options["data"]) if options["part"] in {None, part_of(kept=one.kept)}]
    figures = measure(rows, errors=options["errors"])
    if options["part"] is None:
        figures["kept"] = measure([one for one in rows if one.kept])
    return figures


def read(path: Path) -> list[Claim]:
    """The sentences of a file, each with the source above it."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}") from error
    rows: list[Claim] = []
    group, source = "", None
    for number, line in enumerate(lines, 1):
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
        "caught": _share([found for one, found in pairs if not one.said]),
        "false_alarms": _share([found for one, found in pairs if one.said]),
    }
    if errors:
        figures["missed"] = [one.text for one, found in pairs if not one.said and not found]
        figures["wrong"] = [one.text for one, found in pairs if one.said and found]
    return figures


def _share(found: Sequence[bool]) -> float | None:
    return round(sum(found) / len(found), 4) if found else None
