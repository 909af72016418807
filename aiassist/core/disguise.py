"""Other readings of a text: what base64, hex, reversed, spaced-out or shifted letters say."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote

#: Long enough to say something, longer than any word or order number.
_BLOB = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{24,}={0,2}(?![A-Za-z0-9+/_=-])")
#: Letters of both sizes with a digit among them, or the padding that base64 ends with.
_MIXED = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)|.*=$")
_HEX = re.compile(r"[0-9a-fA-F]{32,}")
_SPACED = re.compile(r"(?:(?<!\w)\w[ .*_·|-]{1,3}){8,}\w(?!\w)")
_HIDDEN = frozenset({"Cf", "Co", "Cs", "Cn"})
_TAGS = range(0xE0020, 0xE007F)


def visible(text: str) -> str:
    """The text without signs that nobody sees: direction marks, tags, joiners, private letters."""
    return "".join(one for one in text if unicodedata.category(one) not in _HIDDEN)


def blobs(text: str) -> list[str]:
    """Runs of letters and digits that no word is: what could be an encoded message. A link's path is none."""
    return [match[0] for match in _BLOB.finditer(text) if _MIXED.match(match[0]) or _HEX.fullmatch(match[0])]


def readings(text: str) -> Iterator[str]:
    """The text as it stands without hidden signs, and whatever else it can be read as."""
    plain = visible(text)
    yield plain
    yield unicodedata.normalize("NFKC", plain)
    yield plain[::-1]
    yield codecs.decode(plain, "rot13")
    yield from unpacked(text)


def unpacked(text: str) -> Iterator[str]:
    """What is packed into a text by escapes, hidden tags, spaces between letters, base64 or hex."""
    plain = visible(text)
    if "%" in plain or "&" in plain:
        yield html.unescape(unquote(plain))
    yield "".join(chr(ord(one) - 0xE0000) for one in text if ord(one) in _TAGS)
    for match in _SPACED.finditer(plain):
        # Two spaces or more, or another sign, stand between words.
        yield " ".join(re.sub(r"(?<=\w)[ .*_·|-](?=\w)", "", match[0]).split())
    for match in _BLOB.finditer(plain):
        yield from _decoded(match[0])


def _decoded(blob: str) -> Iterator[str]:
    bare = blob.rstrip("=").replace("-", "+").replace("_", "/")
    with suppress(binascii.Error, ValueError):
        yield base64.b64decode(bare + "=" * (-len(bare) % 4)).decode()
    with suppress(ValueError):
        yield bytes.fromhex(bare).decode()
