"""Reads texts in which personal data is marked as `{PERSON|Anna}`, one text a line."""

from __future__ import annotations

import re
from pathlib import Path

_MARK = re.compile(r"\{([A-Z_]+)\|([^{}]*)\}")


def read_marked(path: Path) -> list[dict[str, object]]:
    """The texts of a file and their spans. `#` begins a comment, `\\n` is a line end, `## group` names what follows."""
    rows: list[dict[str, object]] = []
    group = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            group = line.removeprefix("## ").strip()
        elif line and not line.startswith("#"):
            rows.append({**parse(line), "group": group})
    return rows


def parse(line: str) -> dict[str, object]:
    """One text with its spans."""
    text, spans, position = "", [], 0
    line = line.replace("\\n", "\n")
    for match in _MARK.finditer(line):
        text += line[position : match.start()]
        spans.append(
            {"entity_type": match[1], "start_position": len(text), "end_position": len(text) + len(match[2])}
        )
        text += match[2]
        position = match.end()
    return {"full_text": text + line[position:], "spans": spans}
