"""How much personal data is masked, per type and per group of names, and how much else is touched."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aiassist.core.redact import mask
from aiassist.evaluation import EvaluationError

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
    ]
)
PERSONS = frozenset({"PERSON"})
ADDRESSES = frozenset({"ADDRESS", "STREET_ADDRESS"})
PASSWORDS = frozenset({"PASSWORD", "SECRET"})


def add_arguments(parser: ArgumentParser) -> None:
    """A file of texts with their spans: a JSON list, or JSON lines."""
    parser.add_argument(
        "--data", required=True, type=Path, help="texts with spans (presidio-research's format)"
    )
    parser.add_argument(
        "--errors", action="store_true", help="also list what was missed and what was touched wrongly"
    )


def run(options: Mapping[str, Any]) -> Mapping[str, object]:
    """The share of spans with every letter masked, per type; texts without personal data that were touched."""
    return measure(read(options["data"]), errors=options["errors"])


def read(path: Path) -> list[dict[str, Any]]:
    """The texts of a file, each with `full_text` (or `text`) and `spans`."""
    try:
        content = path.read_text(encoding="utf-8")
        if content.lstrip().startswith("["):
            rows: list[dict[str, Any]] = json.loads(content)
        else:
            rows = [json.loads(line) for line in content.splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path} cannot be read as JSON: {error}") from error
    return rows


def measure(rows: Sequence[Mapping[str, Any]], *, errors: bool = False) -> dict[str, object]:
    """The figures of these texts. A span counts as masked when each of its letters and digits is."""
    hits: dict[str, Counter[bool]] = {}
    touched = clean = 0
    wrong: list[str] = []
    started = time.perf_counter()
    results = [mask(text_of(row)).spans for row in rows]
    seconds = time.perf_counter() - started
    for row, spans in zip(rows, results, strict=True):
        text, gold = text_of(row), row.get("spans") or []
        covered = {place for span in spans for place in range(span.start, span.end)}
        for kind, start, end in map(_place, gold):
            whole = all(place in covered or not text[place].isalnum() for place in range(start, end))
            hits.setdefault(kind, Counter())[whole] += 1
            if not whole:
                wrong.append(f"{kind} missed: {text[start:end]!r} in {text!r}")
        if not gold:
            clean += 1
            touched += bool(spans)
            if spans:
                wrong.append(f"touched: {[text[one.start : one.end] for one in spans]} in {text!r}")
    figures: dict[str, object] = {
        "texts": len(rows),
        "structured": _share(hits, STRUCTURED),
        "persons": _share(hits, PERSONS),
        "street_addresses": _share(hits, ADDRESSES),
        "passwords": _share(hits, PASSWORDS),
        "touched_without_personal_data": touched / clean if clean else None,
        "texts_per_second": round(len(rows) / seconds),
        "types": {kind: counts[True] / counts.total() for kind, counts in sorted(hits.items())},
    }
    return {**figures, "errors": wrong} if errors else figures


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
    whole = sum(counts[True] for kind, counts in hits.items() if kind in kinds)
    total = sum(counts.total() for kind, counts in hits.items() if kind in kinds)
    return whole / total if total else None
