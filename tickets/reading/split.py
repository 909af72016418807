"""Cut a document into articles: at marked questions, at lines that ask, at headings; else it is one article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tickets.reading.blocks import MOST_LETTERS, Block, Document, Unreadable, one_line

MOST_ARTICLES = 300
TITLE_LETTERS = 160
BODY_LETTERS = 20_000
#: "No." is an answer.
LEAST_LETTERS = 2
_QUESTION_LETTERS = 200
_INTRO_LETTERS = 80

_ASKED = re.compile(r"(?:Q|F|P|Question|Frage|Pregunta|Domanda)\s*\d{0,3}\s*[:.)]\s+(?=\S)", re.IGNORECASE)
_ANSWERED = re.compile(
    r"(?:A|R|Answer|Antwort|Respuesta|Réponse|Risposta)\s*\d{0,3}\s*[:.)]\s+(?=\S)", re.IGNORECASE
)
_NUMBER = re.compile(r"(?:\(?\d{1,3}(?:\.\d{1,3})*[.):]?|[a-z][.)]|[-–•*▪●+▸►])\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One proposed article."""

    title: str
    body: str


def split(document: Document, *, name: str = "") -> list[Piece]:
    """The articles of a document, in its order; `name` stands in where nothing gives a title.

    Nothing but crumbs is left out. Raises Unreadable: empty, too_large, too_many_articles.
    """
    if sum(len(block.text) for block in document.blocks) > MOST_LETTERS:
        raise Unreadable("too_large")
    blocks = list(_asked(document.blocks))
    has_questions = any(block.kind == "question" for block in blocks)
    pieces = [one for one in _pieces(blocks, document.title or name, certain=has_questions) if one.body]
    if not pieces:
        raise Unreadable("empty")
    if len(pieces) > MOST_ARTICLES:
        raise Unreadable("too_many_articles", str(len(pieces)))
    return pieces


def _asked(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks in which each question stands by itself: "Q: ..." and lines that ask are taken out of paragraphs."""
    every = list(blocks)
    lines = [line for block in every for line in block.text.split("\n")]
    asked, answered = (sum(bool(mark.match(line)) for line in lines) for mark in (_ASKED, _ANSWERED))
    lettered = asked > 1 or (asked == 1 and answered == 1)
    for place, block in enumerate(every):
        if block.kind in {"question", "heading"}:
            title = _ASKED.sub("", block.text, count=1) if lettered else block.text
            yield Block("question" if _asks(title) else block.kind, title, block.level)
        else:
            last = place + 1 == len(every)
            yield from _lines(block, lettered=lettered, last=last)


def _lines(block: Block, *, lettered: bool, last: bool) -> Iterator[Block]:
    """A paragraph, cut before each of its lines that is a question with an answer after it."""
    rest: list[str] = []
    lines = block.text.split("\n")
    for number, line in enumerate(lines):
        by_letter = _ASKED.match(line) if lettered else None
        asks = block.kind == "text" and _asks(line) and not (last and number + 1 == len(lines))
        if by_letter or (asks and (not rest or not lettered)):
            yield from _text(rest, block)
            yield Block("question", _ASKED.sub("", line, count=1) if by_letter else line)
        else:
            rest.append(_ANSWERED.sub("", line, count=1) if lettered else line)
    yield from _text(rest, block)


def _text(lines: list[str], block: Block) -> Iterator[Block]:
    if any(line.strip() for line in lines):
        yield Block(block.kind, "\n".join(lines))
    lines.clear()


def _asks(text: str) -> bool:
    """One line, one question: not a paragraph that happens to end with one."""
    text = text.strip()
    if "\n" in text or not 6 <= len(text) <= _QUESTION_LETTERS or not text.endswith(("?", "？")):
        return False
    return not re.search(r"[.!?]\s+\S", _NUMBER.sub("", text[:-1], count=1))


def _pieces(blocks: list[Block], name: str, *, certain: bool) -> Iterator[Piece]:
    """Titles with what follows them. A heading right before another title names a section, and is no article."""
    title, section, body = "", "", list[Block]()
    for block in blocks:
        if block.kind not in {"question", "heading"}:
            body.append(block)
            continue
        if body or (title and section) or (title and block.kind == "question" and certain and _asks(title)):
            yield from _piece(title, body, name, certain=certain)
        title, section, body = block.text, "", []
    yield from _piece(title, body, name, certain=certain)


def _piece(title: str, body: list[Block], name: str, *, certain: bool) -> Iterator[Piece]:
    text = _join(body)
    least = _INTRO_LETTERS if not title and certain else LEAST_LETTERS
    if len(text) < least:
        return
    heading = one_line(title)
    if not heading:
        heading, text = _first_line(text, name)
    for number, part in enumerate(_parts(text), start=1):
        shown = _clean_title(heading)
        yield Piece(shown if number == 1 else f"{shown[: TITLE_LETTERS - 5]} ({number})", part)


def _clean_title(text: str) -> str:
    title = _NUMBER.sub("", one_line(text), count=1).rstrip(":").strip(" *_#")
    return title if len(title) <= TITLE_LETTERS else f"{title[: TITLE_LETTERS - 1].rsplit(' ', 1)[0]}…"


def _first_line(text: str, name: str) -> tuple[str, str]:
    """A short first line is a title; else the document's name is."""
    first, _, rest = text.partition("\n")
    if (
        rest.strip()
        and len(first) <= 100
        and not first.rstrip().endswith((".", ",", ";"))
        and not first.startswith("- ")
    ):
        return first, rest.strip()
    return name or " ".join(text.split()[:8]), text


def _join(blocks: list[Block]) -> str:
    """Paragraphs with a blank line between them; items of a list on lines of their own."""
    text = ""
    for place, block in enumerate(blocks):
        listed = block.kind == "item"
        after_item = place > 0 and blocks[place - 1].kind == "item"
        text += ("\n" if listed and after_item else "\n\n") + (
            f"- {one_line(block.text)}" if listed else block.text
        )
    return text.strip()


def _parts(text: str) -> Iterator[str]:
    """A very long answer in parts, cut between paragraphs where there are any."""
    while len(text) > BODY_LETTERS:
        cut = text.rfind("\n\n", BODY_LETTERS // 2, BODY_LETTERS)
        cut = cut if cut > 0 else (text.rfind(" ", BODY_LETTERS // 2, BODY_LETTERS) + 1 or BODY_LETTERS)
        yield text[:cut].strip()
        text = text[cut:].strip()
    yield text
