"""Header values: encoded words, parameters, addresses, message identifiers, dates."""

from __future__ import annotations

import base64
import binascii
import hashlib
import quopri
import re
import unicodedata
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from tickets.mail import charsets

MAX_ADDRESSES = 500
MAX_REFERENCES = 500
MAX_ID_LENGTH = 255

_WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_WORD_GAP = re.compile(r"(\?=)[ \t]+(?==\?)")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,100})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
_COMMENT = re.compile(r"\((?:[^()\\]|\\.){0,500}\)")
_ID_IN_ANGLES = re.compile(r"<([^<>]{1,4000})>")
_ADDRESS = re.compile(
    r'(?:"[^"\s@]{1,64}"|[^\s@"<>(),;:\\]{1,128})@(?:[^\s@"<>(),;:\\\[\]]{1,253}|\[[^\s\]]{1,60}\])\Z'
)


class Address(NamedTuple):
    """One mailbox: display name (may be empty) and lower-case address."""

    name: str
    address: str


def text(raw: bytes) -> str:
    """A header's value as text: unfolded, 8-bit read as UTF-8 or else Windows-1252, words still encoded."""
    return re.sub(r"[\r\n]+[ \t]*", " ", charsets.decode(raw, None)[0]).strip()


def decode_words(value: str) -> str:
    """Decode RFC 2047 words, tolerant of those that clients break or put inside quotes."""
    joined = _WORD_GAP.sub(r"\1", value)
    pieces: list[str] = []
    pending, pending_charset, end = b"", "", 0
    for match in _WORD.finditer(joined):
        data = _word_bytes(match[2], match[3])
        # One character may be split over two neighbouring words, so their bytes are joined first.
        if pending and (match.start() != end or match[1].lower() != pending_charset):
            pieces.append(charsets.decode(pending, pending_charset)[0])
            pending = b""
        pieces.append(joined[end : match.start()])
        if pending and pieces[-1] == "":
            pieces.pop()
        pending, pending_charset, end = pending + data, match[1].lower(), match.end()
    pieces.append(charsets.decode(pending, pending_charset)[0] if pending else "")
    pieces.append(joined[end:])
    return charsets.one_line("".join(pieces))


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return quopri.decodestring(data.replace(b"_", b" "), header=False)
    return base64_bytes(data)


def base64_bytes(data: bytes) -> bytes:
    """Decode base64 as far as it can be, ignoring what does not belong and a cut end."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    try:
        return base64.b64decode(kept + b"=" * (-len(kept) % 4))
    except (binascii.Error, ValueError):
        return b""


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split `type/subtype; a=b` into the lower-case head and its parameters (RFC 2231 joined and decoded)."""
    head = value.split(";", 1)[0].strip().lower()
    found: dict[str, str] = {}
    parts: dict[str, dict[int, tuple[bool, str]]] = {}
    for match in _PARAMETER.finditer(value[:20_000]):
        name, content = match[1].lower(), _unquote(match[2].strip())
        base, number, encoded = _parameter_name(name)
        if number is None and not encoded:
            found.setdefault(name, decode_words(content))
        else:
            parts.setdefault(base, {}).setdefault(number or 0, (encoded, content))
    for base, pieces in parts.items():
        found[base] = _join_rfc2231(pieces)
    return head, found


def _parameter_name(name: str) -> tuple[str, int | None, bool]:
    base, *rest = name.split("*")
    number = int(rest[0]) if rest and rest[0].isascii() and rest[0].isdigit() and len(rest[0]) < 4 else None
    return base, number, bool(rest) and rest[-1] == ""


def _join_rfc2231(pieces: dict[int, tuple[bool, str]]) -> str:
    charset, data = None, b""
    for position, number in enumerate(sorted(pieces)):
        encoded, content = pieces[number]
        if encoded and position == 0 and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        raw = content.encode("utf-8", "replace")
        data += unquote_to_bytes(raw) if encoded else raw
    return charsets.one_line(charsets.decode(data, charset)[0])


def _unquote(value: str) -> str:
    if value.startswith('"'):
        value = value[1:-1] if len(value) > 1 and value.endswith('"') else value[1:]
        return re.sub(r"\\(.)", r"\1", value)
    return value


def address(value: str) -> str | None:
    """The one lower-case form of a mail address (NFC), or None when it is not one."""
    candidate = unicodedata.normalize("NFC", charsets.clean(value).strip().strip("<>").strip()).lower()
    candidate = candidate.rstrip(".")
    local, _, domain = candidate.rpartition("@")
    if (
        len(candidate) > 254
        or not _ADDRESS.match(candidate)
        or ".." in domain
        or domain.startswith((".", "-"))
    ):
        return None
    return candidate if local.isprintable() and domain.isprintable() else None


def addresses(value: str) -> tuple[Address, ...]:
    """Mailboxes of an address header in order, deduped; groups are opened, what is no address is left out."""
    found: dict[str, Address] = {}
    for piece in _split_list(value[:100_000]):
        mailbox = _mailbox(piece)
        if mailbox and len(found) < MAX_ADDRESSES:
            found.setdefault(mailbox.address, mailbox)
    return tuple(found.values())


def _split_list(value: str) -> list[str]:
    """Cut at commas and semicolons outside quotes, comments and angles; a group's name goes."""
    pieces: list[str] = []
    current: list[str] = []
    state, escaped = "", False
    for char in value:
        closing = {"(": ")", "<": ">", '"': '"'}.get(state, "")
        if escaped or (char == "\\" and state in ('"', "(")):
            escaped = not escaped
        elif state:
            state = "" if char == closing else state
        elif char in '"(<':
            state = char
        elif char in ",;":
            pieces.append("".join(current))
            current = []
            continue
        elif char == ":":
            current = []
            continue
        current.append(char)
    return [*pieces, "".join(current)]


def _mailbox(piece: str) -> Address | None:
    match = re.search(r"<([^<>]*)>[^<>]*\Z", piece)
    # A source route (<@relay:user@host>) is an old form of the same address.
    spec = _COMMENT.sub(" ", match[1] if match else piece).rpartition(":")[2]
    found = address(re.sub(r"\s+", "", spec)) if match else _bare(spec)
    if found is None:
        return None
    name = piece[: match.start()] if match else ""
    comment = _COMMENT.search(piece)
    name = decode_words(_unquote(name.strip())) or decode_words(comment[0][1:-1] if comment else "")
    return Address(name.strip(" '\"")[:200], found)


def _bare(spec: str) -> str | None:
    return address(spec) or next(filter(None, (address(word) for word in spec.split() if "@" in word)), None)


def message_ids(value: str) -> tuple[str, ...]:
    """All identifiers in a header, in order, without angle brackets, deduped."""
    found = _ID_IN_ANGLES.findall(value) or [word.strip('<>,;"') for word in value.split() if "@" in word]
    return tuple(dict.fromkeys(filter(None, (_normal_id(item) for item in found))))


def _normal_id(value: str) -> str:
    """No white space; over-long ones become their hash, so that equal ones stay equal."""
    plain = charsets.clean(re.sub(r"\s+", "", value))
    if len(plain) <= MAX_ID_LENGTH:
        return plain
    return f"long.{hashlib.sha256(plain.encode('utf-8', 'replace')).hexdigest()}@invalid"


def date(value: str) -> datetime | None:
    """The moment a date header names, in UTC; None when it names none between 1970 and 2100."""
    try:
        moment = parsedate_to_datetime(value[:200])
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError, AttributeError):
        return None
    return moment if 1970 <= moment.year < 2100 else None
