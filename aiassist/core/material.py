"""What a sentence may have from nowhere but its source: addresses to go or write to, and other people's data."""

from __future__ import annotations

import re
import unicodedata

from aiassist.core.text import content

_DOTS = re.compile(
    r"\s*[\[({]\s*(?:\.|dot|punkt|point|punto)\s*[\])}]\s*|\s+(?:dot|punkt)\s+(?=\w{2,}\b)", re.IGNORECASE
)
_ATS = re.compile(r"\s*[\[({]\s*(?:@|at|arroba)\s*[\])}]\s*", re.IGNORECASE)
_LINK = re.compile(
    r"(?:https?|hxxps?|ftp|mailto|tel|javascript|data|sms|whatsapp):/{0,2}[^\s<>\"')\]]+|www\.[^\s<>\"')\]]+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w@.])(?:[\w-]{2,}\.)+(?!(?:and|or|the|we|you|it|if|this|der|die|das|le|la|el)\b)[a-z]{2,24}(?:/[^\s<>\"')\]]*)?(?![\w@])"
    r"|(?<![\w@])@[a-z_][\w.]{2,}|\b\d{1,3}(?:\.\d{1,3}){3}\b"
)
_MARKUP = re.compile(r"!?\[([^\]]*)\]\(([^)]*)\)|<[a-z/!][^>]*>", re.IGNORECASE)
_STAND_IN = re.compile(r"\[([A-Z]+)_\d{1,4}(?:_\d{1,3})?\]", re.IGNORECASE)
_SPOKEN_TO = re.compile(
    r"^(?:\W*(?:hello|hi|dear|hallo|guten tag|liebe[rs]?|sehr geehrte[rs]?|bonjour|hola|estimad[oa]|cher|chere)\s+)?"
    r"\[PERSON_\d{1,4}(?:_\d{1,3})?\]\s*[,:!]",
    re.IGNORECASE,
)


def links(text: str) -> frozenset[str]:
    """Addresses in a text, in one spelling: pages, mail, hosts, accounts, whatever dots and signs are hidden in."""
    plain = unicodedata.normalize("NFKC", text)
    plain = _ATS.sub("@", _DOTS.sub(".", plain)).casefold()
    return frozenset(_plain(match[0]) for match in _LINK.finditer(plain))


def _plain(link: str) -> str:
    bare = re.sub(r"^(?:https?|hxxps?)://|^mailto:|^www\.", "", link).removeprefix("www.")
    return bare.rstrip("/.,;:!?")


def markup(text: str) -> bool:
    """Whether a sentence has marks that a page or a mail would turn into something else: links, pictures, tags."""
    return _MARKUP.search(text) is not None


def private(text: str) -> frozenset[str]:
    """Stand-ins for data of people, but for the one who is spoken to."""
    spoken = _SPOKEN_TO.match(text)
    rest = text[spoken.end() :] if spoken else text
    return frozenset(match[0].upper() for match in _STAND_IN.finditer(rest))


def strange_run(text: str, known: frozenset[str]) -> int:
    """The longest run of meaningful words, one after the other, none of which is in `known`."""
    longest = run = 0
    for word in content(text):
        run = 0 if word in known else run + 1
        longest = max(longest, run)
    return longest
