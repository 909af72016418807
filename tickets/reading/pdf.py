"""Read a PDF: lines with their size, without the headers and footers that every page repeats."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from tickets.reading.blocks import Block, Document, Unreadable, one_line, tidy
from tickets.reading.plain import ITEM

MOST_PAGES = 300
#: A page of a scanned document has no letters, or the few of a stamp.
_FEW_LETTERS = 15
_NUMBERED = re.compile(
    r"(?:page|seite|p\.|s\.|página|-)?\s*\d{1,4}\s*(?:(?:/|of|von|de|sur|-)\s*\d{0,4})?", re.IGNORECASE
)

#: What a damaged file makes the library raise.
_FALLEN = (
    PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OSError, AssertionError,
    NotImplementedError, ArithmeticError,
)  # fmt: skip


@dataclass
class _Line:
    """A line of a page: `gap` is the distance to the line above in units of its own size."""

    text: str
    size: float
    bold: bool
    gap: float


def read_pdf(data: bytes, on_page: Callable[[int, int], None]) -> Document:
    """Blocks of a PDF; `on_page` hears (done, total). Raises Unreadable: locked, scanned, too_many_pages, broken."""
    try:
        reader = PdfReader(io.BytesIO(data))
        total = _page_count(reader)
        pages = []
        for number, page in enumerate(reader.pages, start=1):
            pages.append(_lines(page))
            on_page(number, total)
        title = one_line(str((reader.metadata and reader.metadata.title) or ""))
    except _FALLEN as error:
        raise Unreadable("broken") from error
    if sum(_letters(lines) for lines in pages) < _FEW_LETTERS * max(len(pages), 1):
        raise Unreadable("scanned")
    every = [line for lines in pages for line in lines]
    kept = _without_repeated(pages)
    # Pages that say nearly the same are no headers and footers.
    return Document(tuple(_blocks(kept if _letters(kept) > _letters(every) // 3 else every)), title)


def _letters(lines: list[_Line]) -> int:
    return sum(len(line.text) for line in lines)


def _page_count(reader: PdfReader) -> int:
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("locked")
    if len(reader.pages) > MOST_PAGES:
        raise Unreadable("too_many_pages", str(len(reader.pages)))
    return len(reader.pages)


def _lines(page: Any) -> list[_Line]:
    """The lines of a page in reading order."""
    found: list[_Line] = []
    words: list[tuple[str, float, bool]] = []
    last_y = [0.0, 0.0]  # of the line before, of this line

    def end_line() -> None:
        text = one_line("".join(word for word, _, _ in words))
        if text:
            size = max(size for word, size, _ in words if word.strip())
            bold = all(bold for word, _, bold in words if word.strip())
            gap = abs(last_y[0] - last_y[1]) / (size or 1) if found else 9.0
            found.append(_Line(text, size, bold, gap))
            last_y[0] = last_y[1]
        words.clear()

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        scale = abs((tm[3] or tm[0]) * (cm[3] or 1)) or 1
        bold = "bold" in str((font or {}).get("/BaseFont", "")).lower()
        first, *rest = text.split("\n")
        words.append((first, size * scale, bold))
        if first.strip():
            last_y[1] = tm[5] * (cm[3] or 1) + cm[5]
        for part in rest:
            end_line()
            words.append((part, size * scale, bold))
            if part.strip():
                last_y[1] = tm[5] * (cm[3] or 1) + cm[5]

    page.extract_text(visitor_text=visit)
    end_line()
    return found


def _without_repeated(pages: list[list[_Line]]) -> list[_Line]:
    """All lines but page numbers and what stands on top or bottom of most pages."""
    edges: Counter[str] = Counter()
    for lines in pages:
        edges.update({_same(line) for line in [*lines[:2], *lines[-2:]]})
    often = {text for text, count in edges.items() if len(pages) >= 3 and count > len(pages) // 2}
    kept: list[_Line] = []
    for lines in pages:
        for place, line in enumerate(lines):
            edge = place < 2 or place >= len(lines) - 2
            repeated = _same(line) in often or _NUMBERED.fullmatch(line.text)
            if not (edge and repeated):
                kept.append(line)
    return kept


def _same(line: _Line) -> str:
    """A line as it stands on other pages too: but for numbers, unless it asks or is a heading."""
    return line.text if line.bold or line.text.endswith("?") else re.sub(r"\d+", "#", line.text)


def _blocks(lines: list[_Line]) -> Iterator[Block]:
    body = _body_size(lines)
    widest = sorted(len(line.text) for line in lines)[int(len(lines) * 0.9)] if lines else 0
    paragraph: list[str] = []
    heading: list[str] = []
    for line in lines:
        if _is_heading(line, body):
            yield from _flush(paragraph, "text")
            heading.append(line.text)
            continue
        yield from _flush(heading, "heading")
        item = ITEM.match(line.text)
        ended = (
            paragraph
            and len(paragraph[-1]) < widest * 0.7
            and paragraph[-1].rstrip().endswith((".", "!", "?", ":"))
        )
        if paragraph and (item or ended or 1.75 < line.gap < 9):
            yield from _flush(paragraph, "text")
        paragraph.append(line.text)
    yield from _flush(heading, "heading")
    yield from _flush(paragraph, "text")


def _body_size(lines: list[_Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _is_heading(line: _Line, body: float) -> bool:
    larger = line.size > body * 1.12 and len(line.text) < 160
    return larger or (line.bold and len(line.text) < 120 and not line.text.endswith((".", ",", ";")))


def _flush(lines: list[str], kind: str) -> Iterator[Block]:
    """Join the lines of a paragraph, and empty the list; words broken at the edge are put together."""
    text = ""
    for line in lines:
        if text.endswith("-") and line[:1].islower():
            text = text[:-1] + line
        else:
            text = f"{text} {line}" if text else line
    lines.clear()
    item = ITEM.match(text) if kind == "text" and not text.endswith("?") else None
    if not tidy(text):
        return
    if item:
        yield Block("item", item[1])
    elif kind == "heading":
        yield Block("heading", text, 3)
    else:
        yield Block("text", text)
