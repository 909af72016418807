"""Read a Word document: paragraphs with their styles, without a library that knows all of Word."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.parsers import expat

from tickets.reading.blocks import Block, Document, Unreadable, one_line, tidy

#: A document of 300 pages has about 5 MB of XML.
MOST_BYTES = 40 * 1024 * 1024
_BODY, _STYLES = "word/document.xml", "word/styles.xml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_NAMED = re.compile(r"heading ([1-9])")


def read_docx(data: bytes) -> Document:
    """Blocks of a document. Raises Unreadable: broken, wrong_type, too_large_inside, empty."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = set(parts.namelist())
            if _BODY not in names:
                raise Unreadable("wrong_type")
            styles = _read_styles(_part(parts, _STYLES)) if _STYLES in names else {}
            blocks = _Body(styles).read(_part(parts, _BODY))
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
    ) as error:
        raise Unreadable("broken") from error
    if not blocks:
        raise Unreadable("empty")
    return Document(tuple(blocks))


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    """A part's bytes; what it claims to be long is not believed."""
    with parts.open(name) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Unreadable("too_large_inside")
    return content


def _parser(start: Any, end: Any, data: Any = None) -> expat.XMLParserType:
    """A parser that accepts no document type: entities have no business in a Word file."""

    def refuse(*_: Any) -> None:
        raise Unreadable("broken")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    if data:
        parser.buffer_text = True
        parser.CharacterDataHandler = data
    return parser


def _local(name: str) -> str:
    """`p` of Word's own names; everything else is not looked at."""
    space, _, local = name.rpartition(" ")
    return local if space in {_W, _STRICT} else ""


def _value(attributes: dict[str, str], name: str = "val") -> str:
    return attributes.get(f"{_W} {name}") or attributes.get(f"{_STRICT} {name}") or ""


def _read_styles(xml: bytes) -> dict[str, int]:
    """Style -> level of heading. Word in other languages has other ids, but the names stay English."""
    levels: dict[str, int] = {}
    current = [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "style":
            current[0] = _value(attributes, "styleId")
        elif local == "name" and (match := _NAMED.fullmatch(_value(attributes).lower())):
            levels[current[0]] = int(match[1])
        elif local == "name" and _value(attributes).lower() == "title":
            levels[current[0]] = 1
        elif local == "outlineLvl" and _value(attributes).isdecimal():
            levels.setdefault(current[0], int(_value(attributes)) + 1)

    _parser(start, lambda _name: None).Parse(xml, True)
    return {style: level for style, level in levels.items() if 1 <= level <= 6}


class _Body:
    """Gathers paragraphs while the parser walks."""

    def __init__(self, styles: dict[str, int]) -> None:
        self.styles = styles
        self.blocks: list[Block] = []
        self.stack: list[str] = []
        self._new()

    def _new(self) -> None:
        self.words: list[str] = []
        self.level = self.bold_letters = 0
        self.listed = self.bold = False

    def read(self, xml: bytes) -> list[Block]:
        """All paragraphs that have text."""
        _parser(self._start, self._end, self._data).Parse(xml, True)
        return self.blocks

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        self.stack.append(local)
        if local == "p":
            self._new()
        elif local == "r":
            self.bold = False
        elif local == "pStyle":
            self.level = self.styles.get(_value(attributes), 0)
        elif local == "outlineLvl" and "pPr" in self.stack:
            self.level = min(int(_value(attributes) or 9) + 1, 9) % 9
        elif local == "numPr":
            self.listed = True
        elif local == "b" and "r" in self.stack:
            self.bold = _value(attributes) not in {"0", "false", "none"}
        elif local in {"br", "cr"}:
            self.words.append("\n")
        elif local == "tab" and "pPr" not in self.stack:
            self.words.append(" ")

    def _data(self, text: str) -> None:
        # Deleted text of tracked changes stands in delText, so it is left out.
        if self.stack and self.stack[-1] == "t":
            self.words.append(text)
            self.bold_letters += len(text.strip()) if self.bold else 0

    def _end(self, name: str) -> None:
        self.stack.pop()
        if _local(name) != "p":
            return
        text = tidy("".join(self.words))
        if text:
            self.blocks.append(self._block(text))
        self._new()

    def _block(self, text: str) -> Block:
        if self.level:
            return Block("heading", one_line(text), self.level)
        letters = sum(len(part.strip()) for part in self.words)
        if not self.listed and len(text) < 120 and self.bold_letters >= letters and "\n" not in text:
            return Block("heading", text, 6)
        return Block("item" if self.listed else "text", text)
