"""Read an HTML page: its questions where it marks them, else headings and paragraphs of its main part."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any

import nh3

from tickets.mail.html import stated_charset
from tickets.reading.blocks import Block, Document, Unreadable, enough, one_line, tidy, word_set
from tickets.reading.plain import decode

_TAGS = word_set(
    "a article b blockquote br button caption center dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 header"
    " hr i li main ol p pre section span strong summary table tbody td th thead tr u ul form label"
)
#: Menus and machinery: nothing of these is an answer.
_DROPPED = word_set("script style nav footer noscript template svg math select textarea title object")
_ATTRIBUTES = {
    "*": {"class", "role", "itemprop", "itemtype", "aria-expanded", "aria-controls"},
    "a": {"href"},
}
_ASIDE = re.compile(
    r"cookie|consent|breadcrumb|navbar|site-(?:header|footer)|skip-link|newsletter", re.IGNORECASE
)
#: How themes and page builders call the clickable line of an accordion.
_ASKED = re.compile(
    r"(?:faq|accordion|toggle|collapse|expand)\w*[-_]+(?:\w+[-_]+)*(?:question|title|header|heading|button|trigger|q)\b"
    r"|\b(?:faq[-_]?)?(?:question|frage|pregunta)(?:[-_](?:title|text|name))?\b",
    re.IGNORECASE,
)
_LD = re.compile(
    r"<script[^>]{0,300}application/ld\+json[^>]{0,300}>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL
)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,400})</title", re.IGNORECASE)
_PASSWORD = re.compile(r"<input[^>]{1,500}type\s*=\s*[\"']?password", re.IGNORECASE)
_SCRIPTED = re.compile(r"<script\b", re.IGNORECASE)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PARTS = _TAGS - word_set("a b em i span strong u")
_VOID = {"br", "hr"}
#: Named after the questions they hold.
_CONTAINERS = word_set("section article main ul ol dl table details form")
#: With less text than this, a page says why it is empty instead of being read.
_LITTLE = 200
_LOGIN_LETTERS = 1500


def read_html(data: bytes, charset: str | None = None) -> Document:
    """Blocks of a page. Raises Unreadable: login, needs_script, empty."""
    html = decode(data, charset or stated_charset(data))
    title = one_line(unescape(found[1])) if (found := _TITLE.search(html)) else ""
    marked = list(_marked_questions(html))
    if len(marked) >= 4:
        return Document(tuple(marked), title)
    blocks = _blocks(html)
    _refuse_empty(html, blocks)
    return Document(tuple(blocks), title)


def _blocks(html: str) -> list[Block]:
    walker = _Walker()
    walker.feed(
        nh3.clean(
            html, tags=set(_TAGS), clean_content_tags=set(_DROPPED), attributes=_ATTRIBUTES, link_rel=None
        )
    )
    walker.close()
    walker.finish()
    inner = [block for block, in_main in walker.found if in_main]
    every = [block for block, _ in walker.found]
    return inner if enough(inner) > max(_LITTLE, enough(every) // 3) else every


def _refuse_empty(html: str, blocks: list[Block]) -> None:
    letters = enough(blocks)
    if _PASSWORD.search(html) and letters < _LOGIN_LETTERS:
        raise Unreadable("login")
    if letters < _LITTLE and _SCRIPTED.search(html):
        raise Unreadable("needs_script")
    if letters < 20:
        raise Unreadable("empty")


def _marked_questions(html: str) -> Iterator[Block]:
    """Questions in the form that search engines read (schema.org FAQPage); pages drawn by scripts have it too."""
    for match in _LD.finditer(html):
        try:
            data = json.loads(match[1])
        except (ValueError, RecursionError):
            continue
        yield from _questions_in(data, depth=0)


def _questions_in(data: Any, *, depth: int) -> Iterator[Block]:
    if depth > 8:
        return
    if isinstance(data, list):
        for one in data:
            yield from _questions_in(one, depth=depth + 1)
    elif isinstance(data, dict):
        if data.get("@type") == "Question" and isinstance(data.get("name"), str):
            yield from _question(data)
            return
        for one in data.values():
            if isinstance(one, (dict, list)):
                yield from _questions_in(one, depth=depth + 1)


def _question(data: dict[str, Any]) -> Iterator[Block]:
    answers = data.get("acceptedAnswer")
    answer = answers[0] if isinstance(answers, list) and answers else answers
    text = answer.get("text") if isinstance(answer, dict) else None
    if isinstance(text, str) and text.strip():
        yield Block("question", one_line(unescape(re.sub(r"<[^<>]{0,500}>", " ", data["name"]))))
        inside = [block for block in _blocks(text) if block.text]
        # A heading inside an answer must not start another article.
        yield from (Block("text" if block.kind != "item" else "item", block.text) for block in inside)


class _Walker(HTMLParser):
    """Walks the cleaner's well-formed output; never a stranger's own HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[Block, bool]] = []
        self.open: list[tuple[str, str]] = []  # tag, what it means: "", "aside", "main", "question"
        self.words: list[str] = []
        self.href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Ends the paragraph before, and remembers what the element means."""
        named = {name: value or "" for name, value in attrs}
        if tag in _PARTS:
            self.words.append("\n") if tag == "br" else self.finish()
        if tag == "a":
            self.href = named.get("href", "")
        if tag not in _VOID:
            self.open.append((tag, _meaning(tag, named)))

    def handle_endtag(self, tag: str) -> None:
        """Ends the paragraph inside."""
        if tag == "a" and self.href:
            self._link()
        if tag in _PARTS and tag != "br":
            self.finish()
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                break

    def handle_data(self, data: str) -> None:
        """Words outside menus."""
        if not self._inside("aside"):
            self.words.append(data if self._in("pre") else re.sub(r"\s+", " ", data))

    def _link(self) -> None:
        """An address that is not written out is of use to whoever reads the answer."""
        if (
            re.match(r"https?://", self.href)
            and len(self.href) < 200
            and self.href not in "".join(self.words)
        ):
            self.words.append(f" ({self.href})")
        self.href = ""

    def finish(self) -> None:
        """Make a block of the words so far."""
        text = tidy("".join(self.words))
        self.words = []
        if text and text.strip("+−–-×▼▾>›"):
            self.found.append((self._block(text), self._inside("main")))

    def _block(self, text: str) -> Block:
        heading = next((tag for tag, _ in reversed(self.open) if tag in _HEADINGS), "")
        if self._inside("question"):
            return Block("question", one_line(text))
        if heading:
            return Block("heading", one_line(text), _HEADINGS[heading])
        return Block("item" if self._in("li") else "text", text)

    def _in(self, tag: str) -> bool:
        return any(one == tag for one, _ in self.open)

    def _inside(self, meaning: str) -> bool:
        return any(one == meaning for _, one in self.open)


def _meaning(tag: str, named: dict[str, str]) -> str:
    classes = named.get("class", "")
    if named.get("role") in {"navigation", "banner", "contentinfo", "dialog", "search"} or _ASIDE.search(
        classes
    ):
        return "aside"
    if tag == "main" or named.get("role") == "main":
        return "main"
    opens = tag == "button" and ("aria-expanded" in named or "aria-controls" in named)
    if tag in {"summary", "dt"} or opens:
        return "question"
    if tag in _CONTAINERS:
        return ""
    return "question" if _ASKED.search(classes) else ""
