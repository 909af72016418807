"""HTML of mails: made safe to show inside our page, and turned into plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Final

import nh3

from tickets.mail import charsets

# Parsing is linear for honest HTML only: nesting and attributes can cost quadratic time. Mail beyond these
# bounds is shown as text; about a second is the worst that remains.
MAX_TAGS: Final = 20_000
MAX_MARKUP: Final = 400_000

QUOTE_CLASS: Final = "mail-quote"
REMOTE_ATTRIBUTE: Final = "data-remote-src"

_TAGS = {
    "a",
    "abbr",
    "address",
    "article",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
}
_DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "object",
    "textarea",
    "select",
    "svg",
    "math",
}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "type"},
    "div": {"class", "id"},
    "span": {"class", "id"},
    "p": {"class", "id"},
    "hr": {"id"},
    "table": {"class", "id"},
}
_LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_DATA_IMAGE = re.compile(r"data:image/(?:png|gif|jpe?g|webp);base64,[A-Za-z0-9+/=\s]*\Z", re.IGNORECASE)
_QUOTE_NAMES = re.compile(
    r"(?:\A|\s)(?:x_|m_-?\d+)?(?:gmail_quote(?:_container)?|gmail_attr|yahoo_quoted"
    r"|ymail_android_signature_quote|moz-cite-prefix"
    r"|moz-forward-container|protonmail_quote|tutanota_quote|zmail_extra|hcl_quote|wordsection_quote|outlookmessageheader"
    r"|divrplyfwdmsg|appendonsend|stopspelling|zwchr|olk_src_body_section|mail-editor-reference-message-container"
    r"|isforwardcontent|replysplit|reply-intro|freshdesk_quote|mail-quote)(?:\s|\Z)",
    re.IGNORECASE,
)
_MARK = "\ue0f0"
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)((?:[^>\"]|\"[^\"]*\")*)>")
_OPENER = re.compile(r"<[a-zA-Z]")
_QUOTED_DATA = re.compile(r'(\w=)"data:image/[A-Za-z0-9+/=;,\s]*"')
_FONT = re.compile(r"<(/?)font(?=[\s/>])", re.IGNORECASE)
# By the HTML rules formatting elements are copied into every later paragraph, a way to blow up one mail to
# gigabytes. Those without attributes are copied three times at most.
_DRESSED = re.compile(r"<(b|big|code|em|i|nobr|s|small|strike|strong|tt|u)(?=[\s/])", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{1,300}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """HTML safe to put into a page, and how many images stay blocked until someone asks for them.

    A blocked image has its address in `data-remote-src`; quoted earlier mail has the class `mail-quote`.
    """

    html: str
    remote_images: int


def clean(html: str, *, inline: Mapping[str, str] | None = None) -> CleanHtml:
    """Make a mail's HTML safe. `inline` maps content identifiers to the addresses of our own copies."""
    if too_complex(html):
        return CleanHtml(from_text(to_text(html)), 0)
    addresses = {key.lower(): value for key, value in (inline or {}).items()}
    remote: list[str] = []

    def attribute(tag: str, name: str, value: str) -> str | None:
        return _attribute(tag, name, value, addresses, remote)

    cleaned = nh3.clean(
        _prepared(html),
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        set_tag_attribute_values={"a": {"target": "_blank"}, "blockquote": {"class": QUOTE_CLASS}},
    )
    shown = cleaned.replace(f' src="{_MARK}', f' {REMOTE_ATTRIBUTE}="')
    # Two elements of one page must not share an identifier, so the sign of a quote becomes its class.
    named, classed = f' id="{_MARK}"', f' class="{QUOTE_CLASS}"'
    for both in (named + classed, classed + named, named):
        shown = shown.replace(both, classed)
    shown = shown.replace(_MARK, "")
    return CleanHtml(shown.strip(), len(remote))


def too_complex(html: str) -> bool:
    """Whether the markup is so large that parsing would cost too much; embedded pictures do not count."""
    if len(html) <= MAX_TAGS:
        return False
    return len(_OPENER.findall(html)) > MAX_TAGS or len(_QUOTED_DATA.sub(r"\1", html)) > MAX_MARKUP


def _prepared(html: str) -> str:
    plain = charsets.clean(html).replace(_MARK, "")
    return _DRESSED.sub(r"<\1><span", _FONT.sub(r"<\1span", plain))


def _attribute(tag: str, name: str, value: str, inline: Mapping[str, str], remote: list[str]) -> str | None:
    if name in {"class", "id"}:
        if tag == "blockquote":
            return value
        return QUOTE_CLASS if name == "class" and _QUOTE_NAMES.search(value) else _quote_id(name, value)
    if name == "href":
        return value.strip() if _LINK.match(value.strip()) else None
    if tag == "img" and name == "src":
        return _image(value.strip(), inline, remote)
    if name in {"width", "height", "colspan", "rowspan", "start"}:
        return value if value.isascii() and value.isdigit() and len(value) <= 4 else None
    return value


def _quote_id(name: str, value: str) -> str | None:
    """Foreign identifiers would collide with the page's; only the sign of a quoted mail is kept."""
    return _MARK if name == "id" and _QUOTE_NAMES.search(value) else None


def _image(value: str, inline: Mapping[str, str], remote: list[str]) -> str | None:
    lowered = value.lower()
    if lowered.startswith("cid:"):
        return inline.get(unescape(lowered[4:]).strip("<>"))
    if lowered.startswith("data:"):
        return value if _DATA_IMAGE.match(value) else None
    address = f"https:{value}" if value.startswith("//") else value
    if not re.match(r"https?://[^\s]", address, re.IGNORECASE):
        return None
    remote.append(address)
    return _MARK + address


def stated_charset(content: bytes) -> str | None:
    """The charset an HTML document names for itself in its first bytes."""
    match = _META_CHARSET.search(content[:4096])
    return match[1].decode("ascii", "replace") if match else None


def from_text(text: str) -> str:
    """Plain text as HTML that keeps its lines."""
    paragraphs = re.split(r"\n[ \t]*\n+", charsets.clean(text).strip("\n"))
    return "".join(f"<p>{escape(piece).replace(chr(10), '<br>')}</p>" for piece in paragraphs)


def to_text(html: str) -> str:
    """The text of an HTML document: lines, lists, links with their address, quotes marked with `>`."""
    if too_complex(html):
        stripped = re.sub(
            r"<(?:script|style)\b[^<]*(?:<(?!/(?:script|style)>)[^<]*)*", "", html, flags=re.IGNORECASE
        )
        return _collapse(unescape(re.sub(r"<[^<>]{0,5000}>", "\n", stripped)))
    tidy = nh3.clean(
        _prepared(html),
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={"a": {"href"}, "img": {"alt"}},
        link_rel=None,
    )
    return _Text().read(tidy)


def _collapse(text: str) -> str:
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in charsets.clean(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


_BLOCKS = {
    "address",
    "article",
    "blockquote",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "pre", "dl"}


class _Text:
    """Writes text while it walks well-formed HTML (the output of the cleaner, never a sender's own)."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.quote = 0
        self.pre = 0
        self.link = ""
        self.link_start = 0

    def read(self, html: str) -> str:
        position = 0
        for match in _TAG.finditer(html):
            self._words(html[position : match.start()])
            self._tag(match[2].lower(), match[3], closing=bool(match[1]))
            position = match.end()
        self._words(html[position:])
        self._break()
        while self.lines and not self.lines[-1].strip("> "):
            self.lines.pop()
        return re.sub(r"\n{3,}", "\n\n", charsets.clean("\n".join(self.lines))).strip()

    def _words(self, text: str) -> None:
        text = unescape(text)
        if self.pre:
            first, *rest = text.split("\n")
            self.line += first
            for line in rest:
                self._flush()
                self.line = line
            return
        text = re.sub(r"[ \t\r\n\xa0\u200b]+", " ", text)
        self.line += text.lstrip(" ") if not self.line or self.line.endswith((" ", "\t")) else text

    def _tag(self, name: str, attributes: str, *, closing: bool) -> None:
        if name == "br" or (name == "hr" and not closing):
            self._flush() if name == "br" else self._rule()
        elif name == "a":
            self._anchor(attributes, closing=closing)
        elif name == "img" and (alt := _value(attributes, "alt").strip()):
            self.line += f"[{alt[:200]}]"
        elif name in {"td", "th"} and not closing and self.line.strip():
            self.line = f"{self.line.rstrip()}\t"
        elif name in _BLOCKS:
            self._block(name, closing=closing)

    def _block(self, name: str, *, closing: bool) -> None:
        self._break()
        if name in _PARAGRAPHS and self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * self.quote).rstrip())
        step = -1 if closing else 1
        if name == "blockquote":
            self.quote = max(0, self.quote + step)
        elif name == "pre":
            self.pre = max(0, self.pre + step)
        elif name == "li" and not closing:
            self.line = "- "

    def _anchor(self, attributes: str, *, closing: bool) -> None:
        if not closing:
            self.link, self.link_start = _value(attributes, "href"), len(self.line)
            return
        shown = self.line[self.link_start :]
        plain = self.link.removeprefix("mailto:").split("?")[0].rstrip("/")
        if self.link.startswith(("http://", "https://")) and plain.split("://")[-1] not in shown:
            self.line += f" ({self.link})" if len(self.link) <= 300 else ""
        self.link = ""

    def _rule(self) -> None:
        self._break()
        self.lines.append("> " * self.quote + "---")

    def _break(self) -> None:
        if self.line.strip():
            self._flush()
        self.line = ""
        self.link_start = 0

    def _flush(self) -> None:
        text = self.line.rstrip() if self.pre else self.line.strip()
        self.lines.append(("> " * self.quote + text).rstrip())
        self.line = ""
        self.link_start = 0


def _value(attributes: str, name: str) -> str:
    match = re.search(rf'\s{name}="([^"]*)"', attributes)
    return unescape(match[1]) if match else ""
