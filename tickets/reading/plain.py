"""Read plain text: pasted, or from a file; blank lines part paragraphs, Markdown headings are headings."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from tickets.mail import charsets
from tickets.reading.blocks import Block, Document, Unreadable, one_line, tidy

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEADING = re.compile(r"(#{1,6})\s+(.+)")
_UNDERLINE = re.compile(r"(={3,}|-{3,}|~{3,})\s*$")
ITEM = re.compile(r"(?:[-*•–▪●◦]|\d{1,2}[.)])\s+(.*)", re.DOTALL)
#: A line of capitals, as people write headings without a word processor.
_SHOUTED = re.compile(r"[^a-zà-ÿ]*[A-ZÀ-Þ]{3}[^a-zà-ÿ]*")


def decode(data: bytes, charset: str | None = None) -> str:
    """Text of bytes: by their mark, else by the charset they claim, else UTF-8, else what Windows writes."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return charsets.clean(data.decode(name, "replace"))
    if charset is None and (wide := _without_mark(data)):
        return charsets.clean(data.decode(wide, "replace"))
    return charsets.clean(charsets.decode(data, charset)[0])


def _without_mark(data: bytes) -> str:
    """UTF-16 without a mark: every other byte of a Western text is zero."""
    start = data[:400]
    if len(start) < 8 or start.count(0) < len(start) // 4:
        return ""
    return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"


def looks_binary(data: bytes) -> bool:
    """Whether these bytes are no text at all."""
    if data.startswith(tuple(mark for mark, _ in _BOMS)) or _without_mark(data):
        return False
    start = data[:4000]
    return sum(byte < 9 for byte in start) > max(2, len(start) // 100)


def read_text(text: str) -> Document:
    """Blocks of a plain text. Raises Unreadable where there is nothing to read."""
    blocks = list(_blocks(text.splitlines()))
    if not blocks:
        raise Unreadable("empty")
    return Document(tuple(blocks))


def _blocks(lines: list[str]) -> Iterator[Block]:
    paragraph: list[str] = []
    for number, raw in enumerate(lines):
        line = raw.strip()
        following = lines[number + 1].strip() if number + 1 < len(lines) else ""
        heading = _heading(line, following, first=not paragraph)
        if _UNDERLINE.fullmatch(line) or not line:
            yield from _paragraph(paragraph)
        elif heading:
            yield from _paragraph(paragraph)
            yield heading
        elif ITEM.match(line) and not line.endswith("?"):
            yield from _paragraph(paragraph)
            yield Block("item", one_line(ITEM.match(line)[1]))  # type: ignore[index]
        else:
            paragraph.append(line)
    yield from _paragraph(paragraph)


def _paragraph(lines: list[str]) -> Iterator[Block]:
    """What was gathered, and empties the list."""
    if text := tidy("\n".join(lines)):
        yield Block("text", text)
    lines.clear()


def _heading(line: str, following: str, *, first: bool) -> Block | None:
    if match := _HEADING.match(line):
        return Block("heading", match[2].rstrip("# "), len(match[1]))
    if first and line and _UNDERLINE.fullmatch(following):
        return Block("heading", line, 1 if following.startswith("=") else 2)
    bold = re.fullmatch(r"\*\*([^*]{3,150})\*\*:?", line)
    if bold:
        return Block("heading", bold[1], 4)
    if (first or " " in line) and len(line) < 90 and _SHOUTED.fullmatch(line) and not ITEM.match(line):
        return Block("heading", line.capitalize(), 3)
    if first and _leads(line, following):
        return Block("heading", line, 5)
    return None


def _leads(line: str, following: str) -> bool:
    """A short line without an end, right above a sentence: "Gift wrapping"."""
    short = (
        3 <= len(line) <= 50 and line[:1].isupper() and not line.endswith((".", ",", ";", ":", "!", "?", ")"))
    )
    return short and not ITEM.match(line) and following.endswith((".", "!")) and not ITEM.match(following)
