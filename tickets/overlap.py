"""Tell whether a body that is about to be sent contains text that an AI wrote (governance 1.2, "No way round").

Pure functions: the caller brings the AI texts that were shown on the ticket and everything that a person may
paste on her own. A whole sentence of eight words, or 30 % of the five-word shingles, is enough.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SENTENCE_WORDS = 8
SHINGLE = 5
SHARE = 0.30
#: Four shingles are eight words in a row: fewer in common is a stock phrase, not a paste.
LEAST_COMMON = 4

_WORD = re.compile(r"\w+")
_DROPPED = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff'\u2018\u2019\u201b\u0060\u00b4\u02bc]")
_SENTENCE_END = re.compile(
    r"(?<=[.!?\u2026])[\"'\u201d\u00bb)]*\s+|\n\s*\n|\n(?=\s*(?:[-*\u2022]|\d+[.)])\s)"
)
_QUOTED_LINE = re.compile(r"^\s*>")
_ATTRIBUTION = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|urspr\u00fcngliche nachricht|message d'origine|mensaje original)\s*-{2,}"
    r"|(?:on|am|le|el)\b.{4,200}\b(?:wrote|schrieb|a \u00e9crit|escribi\u00f3)\b.{0,60}:)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Overlap:
    """What was found: `sentence` is the AI's whole sentence that is in the body ("" if none), `share` 0 to 1."""

    recognised: bool
    sentence: str = ""
    share: float = 0.0


NOTHING = Overlap(recognised=False)

Words = tuple[str, ...]


def ai_share(
    body: str, ai_texts: Iterable[str], *, exempt: Iterable[str] = (), quoted: Sequence[str] | None = None
) -> Overlap:
    """Return the strongest overlap of `body` with any of `ai_texts`.

    `exempt` are texts that a person may paste herself (articles, canned replies, templates): what stands in them
    proves nothing alone, but a draft that is pasted with the joints between them is still recognised. Quoted lines
    are not looked at; when the texts that may be quoted are given (`quoted`: the thread's messages), only lines
    that really come from them are left out, so a quote sign does not hide a draft.
    """
    own = _words(_without_quotes(body, quoted))
    if not own:
        return NOTHING
    pasteable = tuple(_words(text) for text in exempt)
    found = [_compare(own, text, pasteable) for text in ai_texts]
    return max(found, key=_strength, default=NOTHING)


def _strength(overlap: Overlap) -> tuple[bool, bool, float]:
    return (overlap.recognised, bool(overlap.sentence), overlap.share)


def _compare(own: Words, ai_text: str, pasteable: tuple[Words, ...]) -> Overlap:
    theirs = _words(ai_text)
    if not theirs:
        return NOTHING
    sentence = _whole_sentence(own, ai_text, pasteable)
    share, common, enough = _shingle_share(own, theirs, pasteable)
    by_share = common >= enough and round(share, 6) >= SHARE
    return Overlap(recognised=bool(sentence) or by_share, sentence=sentence, share=round(share, 4))


def _whole_sentence(own: Words, ai_text: str, pasteable: tuple[Words, ...]) -> str:
    haystack = _joined(own)
    free = [_joined(words) for words in pasteable]
    for sentence in _sentences(ai_text):
        words = _words(sentence)
        needle = _joined(words)
        if len(words) >= SENTENCE_WORDS and needle in haystack and not any(needle in text for text in free):
            return " ".join(sentence.split())
    return ""


def _shingle_share(own: Words, theirs: Words, pasteable: tuple[Words, ...]) -> tuple[float, int, int]:
    """Return share, number in common, and how many must be in common to count at all."""
    free = {shingle for words in pasteable for shingle in _shingles(words)}
    ai_shingles = _shingles(theirs) - free
    own_shingles = _shingles(own) - free
    if not ai_shingles or not own_shingles:
        return 0.0, 0, 1
    common = len(ai_shingles & own_shingles)
    share = max(common / len(ai_shingles), common / len(own_shingles))
    return share, common, min(LEAST_COMMON, len(ai_shingles))


def _shingles(words: Words) -> set[Words]:
    return {words[start : start + SHINGLE] for start in range(len(words) - SHINGLE + 1)}


def _words(text: str) -> Words:
    """Words without case, punctuation, quotes, accents of composition and invisible characters."""
    folded = unicodedata.normalize("NFKC", _DROPPED.sub("", text)).casefold()
    return tuple(_WORD.findall(folded.replace("_", " ")))


def _joined(words: Words) -> str:
    return f" {' '.join(words)} "


def _sentences(text: str) -> list[str]:
    """Sentences twice: lines joined (mail wraps them) and lines as they are (a greeting has no full stop)."""
    joined = [part for part in _SENTENCE_END.split(text) if part]
    lines = [part for line in text.splitlines() for part in _SENTENCE_END.split(line) if part]
    return list(dict.fromkeys([*joined, *lines]))


def _without_quotes(body: str, quoted: Sequence[str] | None) -> str:
    """Leave quoted lines out; with `quoted`, only those whose words stand in one of these texts."""
    sources = None if quoted is None else [_joined(_words(text)) for text in quoted]
    kept: list[str] = []
    below = False
    for line in body.splitlines():
        below = below or _ATTRIBUTION.match(line) is not None
        if (below or _QUOTED_LINE.match(line)) and _may_go(line, sources):
            continue
        kept.append(line.lstrip("> \t"))
    return "\n".join(kept)


def _may_go(line: str, sources: list[str] | None) -> bool:
    if sources is None or _ATTRIBUTION.match(line):
        return True
    words = _joined(_words(line))
    return any(words in source for source in sources)
