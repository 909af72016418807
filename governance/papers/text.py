"""The few shapes that a paper has, written as Markdown: headings, paragraphs, lists, tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


def heading(text: Any) -> str:
    """A section's title."""
    return f"## {one_line(text)}"


def listed(items: Iterable[Any]) -> str:
    """A list; empty where there is nothing."""
    return "\n".join(f"- {one_line(one)}" for one in items)


def table(head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> str:
    """A table; empty where there are no rows."""
    body = [[_cell(one) for one in row] for row in rows]
    if not body:
        return ""
    heads = [_cell(one) for one in head]
    lines = [heads, ["---"] * len(heads), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def joined(title: Any, parts: Iterable[str]) -> str:
    """The whole paper; empty parts stay away."""
    return "\n\n".join([f"# {one_line(title)}", *(part for part in parts if part)]) + "\n"


def one_line(text: Any) -> str:
    """Without line breaks."""
    return " ".join(str(text).split())


def _cell(text: Any) -> str:
    return one_line(text).replace("|", "/") or "–"


def pieces(content: str) -> Iterator[tuple[str, Any]]:
    """`heading`, `section`, `text`, `list` (lines) and `table` (rows of cells) of a paper, for other forms of it."""
    for part in content.strip().split("\n\n"):
        lines = part.split("\n")
        if part.startswith("# "):
            yield "heading", part[2:]
        elif part.startswith("## "):
            yield "section", part[3:]
        elif part.startswith("| "):
            rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
            yield "table", [row for row in rows if set("".join(row)) != {"-"}]
        elif part.startswith("- "):
            yield "list", [line[2:] for line in lines]
        else:
            yield "text", " ".join(lines)
