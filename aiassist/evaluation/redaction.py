"""How much personal data is masked, per type and per group of names, and how much else is touched."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aiassist.core.redact import Span, mask
from aiassist.evaluation import EvaluationError
from aiassist.evaluation.marked import read_marked

#: The names that data sets give to the types, and the bar that each belongs to.
STRUCTURED = frozenset(
    [
        "CREDIT_CARD",
        "PHONE_NUMBER",
        "EMAIL_ADDRESS",
        "US_SSN",
        "IBAN_CODE",
        "US_DRIVER_LICENSE",
        "IP_ADDRESS",
        "ID",
        "PHONE",
        "EMAIL",
        "CARD",
        "IBAN",
        "IP",
        "DATE_OF_BIRTH",
        "NATIONAL_ID",
        "TAX_ID",
        "PASSPORT",
        "URL",
    ]
)
PERSONS = frozenset({"PERSON"})
ADDRESSES = frozenset({"ADDRESS", "STREET_ADDRESS"})
PASSWORDS = frozenset({"PASSWORD", "SECRET"})


#: A name of each group stands in each of these, as customers write it: greeting, signature, inside, in small letters.
SENTENCES = (
    "My name is {name} and my order has not arrived.",
    "Hi {name}, thanks for the quick answer.",
    "The parcel was left with {name} next door.",
    "I spoke to {name} about the refund yesterday.",
    "Where is the lamp?\n\nKind regards\n{name}",
    "{name} from your team promised a call.",
    "Please add {name} to my account.",
    "{name}, can you check this for me?",
    "This is {name} again, any news?",
    "Why did {name} close my ticket?",
    "The booking is under {name}.",
    "{name}'s card was declined twice.",
    "hello, this is {small}, the kettle leaks",
    "thanks {small}",
)


def add_arguments(parser: ArgumentParser) -> None:
    """A file of texts with their spans: a JSON list, JSON lines, or our own marked texts (.txt)."""
    parser.add_argument(
        "--data", type=Path, help="texts with spans (presidio-research's format, or marked .txt)"
    )
    parser.add_argument("--names", type=Path, help='JSON of groups of names: {"group": ["Anna", ...]}')
    parser.add_argument("--part", choices=["training", "validation"], help="only these templates of the data")
    parser.add_argument("--errors", action="store_true", help="also list what was missed or touched wrongly")


def run(options: Mapping[str, Any]) -> Mapping[str, object]:
    """The share of spans with every letter masked, per type; what else was touched; names by group."""
    if not options["data"] and not options["names"]:
        raise EvaluationError("Name a file with --data, or groups of names with --names.")
    figures: dict[str, object] = {}
    if options["data"]:
        rows = [row for row in read(options["data"]) if in_part(row, options["part"])]
        figures |= measure(rows, errors=options["errors"])
    if options["names"]:
        figures |= measure_names(read_names(options["names"]))
    return figures


def in_part(row: Mapping[str, Any], part: str | None) -> bool:
    """Whether the row's template belongs to the part; the split is two of three templates for training."""
    return part is None or (int(row.get("template_id", 0)) % 3 != 0) == (part == "training")


def read(path: Path) -> list[dict[str, Any]]:
    """The texts of a file, each with `full_text` (or `text`) and `spans`."""
    try:
        if path.suffix == ".txt":
            return read_marked(path)
        content = path.read_text(encoding="utf-8")
        if content.lstrip().startswith("["):
            rows: list[dict[str, Any]] = json.loads(content)
        else:
            rows = [json.loads(line) for line in content.splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}") from error
    return rows


def read_names(path: Path) -> dict[str, list[str]]:
    """The groups of names in a JSON file; lists of other words are left out."""
    try:
        groups: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}") from error
    named = {group: names for group, names in groups.items() if "names" in group}
    return named or groups


def measure_names(groups: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """The share of names masked, each name in each sentence; and the largest distance between two groups."""
    shares: dict[str, float] = {}
    for group, names in groups.items():
        hits = [_name_masked(sentence, name) for name in names for sentence in SENTENCES]
        shares[group] = sum(hits) / len(hits)
    return {"name_groups": shares, "largest_gap": max(shares.values()) - min(shares.values())}


def _name_masked(sentence: str, name: str) -> bool:
    text = sentence.format(name=name, small=name.lower())
    start = text.lower().index(name.lower())
    covered = {place for span in mask(text).spans for place in range(span.start, span.end)}
    return all(place in covered for place in range(start, start + len(name)) if text[place].isalnum())


def measure(rows: Sequence[Mapping[str, Any]], *, errors: bool = False) -> dict[str, object]:
    """The figures of these texts. A span counts as masked when each of its letters and digits is."""
    mask("load Anna's model before the clock runs")
    started = time.perf_counter()
    results = [mask(text_of(row)).spans for row in rows]
    seconds = time.perf_counter() - started
    tally = _Tally()
    for row, spans in zip(rows, results, strict=True):
        tally.add(row, spans)
    figures: dict[str, object] = {
        "texts": len(rows),
        "structured": _share(tally.hits, STRUCTURED),
        "persons": _share(tally.hits, PERSONS),
        "street_addresses": _share(tally.hits, ADDRESSES),
        "passwords": _share(tally.hits, PASSWORDS),
        "touched_without_personal_data": _ratio(tally.clean[True], tally.clean.total()),
        "texts_per_second": round(len(rows) / seconds),
        "types": {kind: counts[True] / counts.total() for kind, counts in sorted(tally.hits.items())},
        "groups_touched": {
            group: _ratio(counts[True], counts.total()) for group, counts in tally.groups.items()
        },
    }
    return {**figures, "errors": tally.wrong} if errors else figures


class _Tally:
    """Counts what was masked of what was to be masked, and what was touched besides."""

    def __init__(self) -> None:
        self.hits: dict[str, Counter[bool]] = {}
        self.clean: Counter[bool] = Counter()
        self.groups: dict[str, Counter[bool]] = {}
        self.wrong: list[str] = []

    def add(self, row: Mapping[str, Any], spans: Sequence[Span]) -> None:
        text, gold = text_of(row), row.get("spans") or []
        covered = {place for span in spans for place in range(span.start, span.end)}
        for kind, start, end in map(_place, gold):
            whole = all(place in covered or not text[place].isalnum() for place in range(start, end))
            self.hits.setdefault(kind, Counter())[whole] += 1
            if not whole:
                self.wrong.append(f"{kind} missed: {text[start:end]!r} in {text!r}")
        if not gold:
            self.clean[bool(spans)] += 1
            self.groups.setdefault(row.get("group") or "all", Counter())[bool(spans)] += 1
            if spans:
                self.wrong.append(f"touched: {[text[one.start : one.end] for one in spans]} in {text!r}")


def text_of(row: Mapping[str, Any]) -> str:
    """The text of one row, under either name."""
    return str(row.get("full_text") or row.get("text") or "")


def _place(span: Mapping[str, Any]) -> tuple[str, int, int]:
    start = span.get("start_position", span.get("start"))
    end = span.get("end_position", span.get("end"))
    if start is None or end is None:
        raise EvaluationError("A span needs start_position and end_position.")
    return str(span.get("entity_type") or span.get("type")), int(start), int(end)


def _share(hits: Mapping[str, Counter[bool]], kinds: frozenset[str]) -> float | None:
    counts = [count for kind, count in hits.items() if kind in kinds]
    return _ratio(sum(count[True] for count in counts), sum(count.total() for count in counts))


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
