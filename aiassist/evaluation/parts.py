"""Our own sets have two parts: what rules were tuned on, and what was kept from it. All are read alike here."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from aiassist.evaluation import EvaluationError

PARTS = ("tuning", "kept")


class Row(Protocol):
    """A line of a set."""

    @property
    def kept(self) -> bool: ...


RowT = TypeVar("RowT", bound=Row)


def add_arguments(parser: ArgumentParser, *, own: Path, shape: str) -> None:
    """`own` is the set where none is named, `shape` says how a line of one looks."""
    parser.add_argument("--data", type=Path, default=own, help=shape)
    parser.add_argument(
        "--part", choices=PARTS, help="only what is for tuning, or only what was kept from it"
    )
    parser.add_argument("--errors", action="store_true", help="also list what was missed or found wrongly")


def figures_of(
    options: Mapping[str, Any],
    read: Callable[[Path], Sequence[RowT]],
    measure: Callable[..., dict[str, object]],
) -> dict[str, object]:
    """Figures of the whole set and of its kept part, or of the one part that was asked for."""
    rows = read(options["data"])
    if options["part"] is not None:
        rows = [one for one in rows if one.kept == (options["part"] == "kept")]
    figures = measure(rows, errors=options["errors"])
    if options["part"] is None:
        figures["kept"] = measure([one for one in rows if one.kept])
    return figures


def lines_of(path: Path) -> list[str]:
    """The lines of a set. Raises EvaluationError where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}") from error


def share(found: Sequence[bool]) -> float | None:
    """The share of trues, None of nothing."""
    return round(sum(found) / len(found), 4) if found else None
