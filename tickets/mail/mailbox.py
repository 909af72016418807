"""Mails on disk: single files, folders of them, and mbox files cut into their mails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

#: An mbox separator: at the start, or after an empty line, with a sender and a date.
_SEPARATOR: Final = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{1,200} \d{1,2}:\d\d(?::\d\d)?"
    rb"[^\r\n]{0,40}\d{4}[^\r\n]{0,20}\r?\n"
)


def mails_in(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every mail under `path`, by name; those of an mbox are `name#1`, `name#2`, ..."""
    if path.is_dir():
        for file in sorted(one for one in path.rglob("*") if one.is_file() and not _hidden(one, path)):
            yield from _in_file(file, str(file))
        return
    yield from _in_file(path, str(path))


def _hidden(file: Path, top: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(top).parts)


def _in_file(file: Path, name: str) -> Iterator[tuple[str, bytes]]:
    raw = file.read_bytes()
    starts = [match.span() for match in _SEPARATOR.finditer(raw)]
    if not starts or starts[0][0] != 0 or len(starts) < 2:
        if raw.strip():
            yield name, raw
        return
    ends = [start for start, _ in starts[1:]] + [len(raw)]
    for number, ((_, body), end) in enumerate(zip(starts, ends, strict=True), start=1):
        yield f"{name}#{number}", re.sub(rb"(?m)^>(>*From )", rb"\1", raw[body:end])
