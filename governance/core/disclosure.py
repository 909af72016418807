"""The line that tells a customer about the AI: how it reads, how it looks in a mail, whether it is there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from governance.core.clauses import DEFAULT_DISCLOSURE, SUPPORTED_LANGUAGES, Basis

if TYPE_CHECKING:
    from collections.abc import Mapping

FALLBACK_LANGUAGE = "en"
TEMPLATE_VERSION = "1"  # part of an approval: raise it when the shape of the line changes
_LONGEST_NAME = 80
_MOST_LINES = 12  # a mail program may have wrapped the line; no wording is longer than this many lines

_NOTICE = {
    Basis.LEGITIMATE_INTEREST: {
        "en": "AI may help draft the answer. A person reads and sends it.",
        "de": "Eine KI kann beim Entwurf der Antwort helfen. Ein Mensch liest und sendet sie.",
        "fr": "Une IA peut aider à préparer la réponse. Une personne la relit et l'envoie.",
        "es": "Una IA puede ayudar a preparar la respuesta. Una persona la lee y la envía.",
    },
    Basis.ASK_FIRST: {
        "en": "May AI help draft the answer? Only if you say yes. A person reads and sends it either way.",
        "de": "Darf eine KI beim Entwurf der Antwort helfen? Nur wenn Sie zustimmen. "
        "In jedem Fall liest und sendet sie ein Mensch.",
        "fr": "Une IA peut-elle aider à préparer la réponse ? Seulement si vous dites oui. "
        "Dans tous les cas, une personne la relit et l'envoie.",
        "es": "¿Puede una IA ayudar a preparar la respuesta? Solo si usted dice que sí. "
        "En todo caso, una persona la lee y la envía.",
    },
}


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One line for one message, in both shapes that a mail has."""

    text: str
    html: str


def language_for(language: str | None) -> str:
    """The language that customers' texts are written in: "de-AT" is German, an unknown one is English."""
    short = (language or "").replace("_", "-").partition("-")[0].lower()
    return short if short in SUPPORTED_LANGUAGES else FALLBACK_LANGUAGE


def disclosure(name: str, language: str | None, wordings: Mapping[str, str] | None = None) -> Disclosure:
    """The line for a message that ``name`` sends; without a name nobody answers for it: ValueError."""
    clean = _one_line(name)[:_LONGEST_NAME].strip()
    if not clean:
        raise ValueError("The disclosure needs the name of the person who sends the message.")
    key = language_for(language)
    wording = (wordings or {}).get(key) or DEFAULT_DISCLOSURE[key]
    line = wording.replace("{name}", clean)
    return Disclosure(text=line, html=f'<p lang="{key}">{escape(line)}</p>')


def add_to(text: str, html: str, line: Disclosure) -> tuple[str, str]:
    """The message with its line at the end; an empty HTML part stays empty."""
    if html:
        before, end, after = _split_before_end(html)
        html = f"{before}{line.html}{end}{after}"
    return f"{text.rstrip()}\n\n{line.text}\n", html


def present_in(text: str, html: str, line: Disclosure) -> bool:
    """Whether the customer will see exactly this line, as a paragraph of its own, in every part of the mail.

    Quoted earlier mails and hidden parts do not count. A part that is empty is not looked at, a mail with
    neither part has no disclosure.
    """
    parts = [part for part in (_unquoted(text), _visible(html)) if part is not None]
    return bool(parts) and all(_stands_alone(part, line.text) for part in parts)


def first_contact_notice(language: str | None, basis: Basis) -> str:
    """What the first mail to a customer says about AI, or asks where the policy asks first."""
    return _NOTICE[basis][language_for(language)]


def _one_line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _split_before_end(html: str) -> tuple[str, str, str]:
    found = list(re.finditer(r"</body\s*>", html, re.IGNORECASE))
    if not found:
        return html, "", ""
    last = found[-1]
    return html[: last.start()], last.group(), html[last.end() :]


def _unquoted(text: str) -> list[str] | None:
    if not text.strip():
        return None
    return [line for line in text.splitlines() if not line.lstrip().startswith(">")]


def _visible(html: str) -> list[str] | None:
    if not html.strip():
        return None
    reader = _VisibleText()
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces).split("\n")


def _stands_alone(lines: list[str], wanted: str) -> bool:
    """Whether some run of lines is the wanted line and nothing else, however it was wrapped."""
    target, clean = _one_line(wanted), [_one_line(line) for line in lines]
    for start, first in enumerate(clean):
        if first and target.startswith(first):
            joined = ""
            for line in clean[start : start + _MOST_LINES]:
                joined = f"{joined} {line}".strip()
                if joined == target:
                    return True
    return False


_HIDING = re.compile(
    r"display:none|visibility:hidden|visibility:collapse|opacity:0*(\.0+)?(;|!|$)"
    r"|(font-size|max-height|height|width):0*(\.0+)?(px|em|rem|pt|%)?(;|!|$)"
)
_NEVER_SHOWN = frozenset(
    {"script", "style", "template", "head", "title", "blockquote", "noscript", "textarea"}
)
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "u",
    }
)
_EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


class _VisibleText(HTMLParser):
    """What a reader sees of a mail, one block a line. In doubt (tags left open) text counts as hidden."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self.pieces.append("\n")
        if tag not in _EMPTY:
            self._open.append((tag, tag in _NEVER_SHOWN or _hides(dict(attrs))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # browsers ignore the slash of <p/>

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.pieces.append("\n")
        places = [place for place, (name, _) in enumerate(self._open) if name == tag]
        if places:
            del self._open[places[-1] :]

    def handle_data(self, data: str) -> None:
        if not any(hidden for _, hidden in self._open):
            self.pieces.append(re.sub(r"\s+", " ", data))


def _hides(attributes: dict[str, str | None]) -> bool:
    style = re.sub(r"\s+", "", (attributes.get("style") or "").lower())
    quoted = "gmail_quote" in (attributes.get("class") or "").split()
    return quoted or "hidden" in attributes or bool(_HIDING.search(style))
