"""Part cleaned HTML into what is new and the quoted mail below it, so that a page can fold the old."""

from __future__ import annotations

import re
from typing import Final

from tickets.mail import html, quote

# Effort in search of the cut: tags looked at, HTML read again in all tries together, depth of nesting. A
# mail that needs more is shown unfolded.
MAX_TAGS: Final = 5_000
MAX_READ: Final = 2_000_000
MAX_DEPTH: Final = 100

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^>\"]|\"[^\"]*\")*)>")
_VOID = {"br", "hr", "img", "wbr", "col"}
_BLOCK = {"div", "p", "blockquote", "hr", "table", "span", "b", "br"}


def split_reply_html(cleaned: str) -> tuple[str, str]:
    """New and quoted HTML of `html.clean` output, each well-formed; quoted is empty when all is new.

    Cuts at the first mark of a quote or at the block of headers that some clients write instead, and only
    where the text agrees that all below is old: an answer below or between quotes is never folded away.
    """
    if len(cleaned) > html.MAX_MARKUP:
        return cleaned, ""
    new_text, quoted_text = quote.split_reply(html.to_text(cleaned))
    if not quoted_text:
        return cleaned, ""
    wanted = _words(new_text)
    open_tags: list[re.Match[str]] = []
    read = 0
    for count, tag in enumerate(_TAG.finditer(cleaned)):
        if count > MAX_TAGS or len(open_tags) > MAX_DEPTH:
            break
        if not tag[1] and tag[2] in _BLOCK and _might_cut(cleaned, tag):
            read += tag.start()
            if read > MAX_READ:
                break
            if _words(html.to_text(cleaned[: tag.start()])) == wanted:
                new = _trimmed(cleaned[: tag.start()]) + _closing(open_tags)
                return new, "".join(item[0] for item in open_tags) + cleaned[tag.start() :]
        _follow(open_tags, tag)
    return cleaned, ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _might_cut(cleaned: str, tag: re.Match[str]) -> bool:
    """Whether a quote may begin here, told cheaply: a mark, a rule, or a colon as clients write above it."""
    if html.QUOTE_CLASS in tag[3] or tag[2] in {"hr", "blockquote"}:
        return True
    following = re.sub(r"<[^<>]*>", " ", cleaned[tag.start() : tag.start() + 800]).strip()
    return ":" in following[:300]


def _follow(open_tags: list[re.Match[str]], tag: re.Match[str]) -> None:
    if tag[2] in _VOID:
        return
    if not tag[1]:
        open_tags.append(tag)
    elif open_tags and open_tags[-1][2] == tag[2]:
        open_tags.pop()


def _closing(open_tags: list[re.Match[str]]) -> str:
    return "".join(f"</{item[2]}>" for item in reversed(open_tags))


def _trimmed(head: str) -> str:
    """Without the empty lines that stood between the answer and the quote."""
    while head.rstrip() != head or head.endswith("<br>"):
        head = head.rstrip().removesuffix("<br>")
    return head
