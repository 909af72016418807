"""Cut raw mail into headers and parts: linear time, bounded depth and number, exact bytes kept."""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tickets.mail import headers

MAX_DEPTH = 20
MAX_PARTS = 1000
MAX_HEADER_BYTES = 512_000
MAX_HEADERS = 2000
MAX_UU_FILES = 20

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_MBOX_FROM = re.compile(rb">?From (?![ \t]*:)[^\r\n]*(?:\r\n|\n|\r)")
_GUESSED_BOUNDARY = re.compile(rb"^--([^\s\r\n][^\r\n]{0,200}?)--[ \t]*\r?$", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)


@dataclass
class Part:
    """One MIME entity. `body` holds the bytes as sent; containers have `children` instead.

    A multipart that could not be cut is text when its body says something, else an empty leaf.
    """

    fields: list[tuple[str, bytes]]
    body: bytes
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    filename: str = ""
    content_id: str = ""
    children: list[Part] = field(default_factory=list)
    stray: list[bytes] = field(default_factory=list)

    def first(self, name: str) -> str:
        """The first header of that lower-case name, unfolded, or an empty string."""
        return next((headers.text(value) for key, value in self.fields if key == name), "")

    def leaves(self) -> Iterator[Part]:
        """The parts that hold content, in order of appearance."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass
class Budget:
    """What one mail may still use, and what was odd in it."""

    parts: int = MAX_PARTS
    defects: list[str] = field(default_factory=list)

    def note(self, defect: str) -> None:
        """Remember a defect once."""
        if defect not in self.defects:
            self.defects.append(defect)


def split(raw: bytes, budget: Budget, depth: int = 0, default_type: str = "text/plain") -> Part:
    """Cut `raw` into a tree. Beyond depth or number of parts an entity stays one uncut leaf."""
    fields, body = split_headers(raw, budget)
    part = Part(fields=fields, body=body)
    _read_content_fields(part, budget, default_type)
    budget.parts -= 1
    if part.content_type.startswith("multipart/"):
        _split_children(part, raw, budget, depth)
    return part


def split_headers(raw: bytes, budget: Budget) -> tuple[list[tuple[str, bytes]], bytes]:
    """Header fields (lower-case names, raw values) and the bytes after them."""
    envelope = _MBOX_FROM.match(raw)
    position = envelope.end() if envelope else 0
    found: list[tuple[str, list[bytes]]] = []
    while position < len(raw):
        line_match = _LINE.match(raw, position)
        line = line_match[0] if line_match else b""
        blank = not line.strip(b"\r\n")
        if blank or position > MAX_HEADER_BYTES or len(found) >= MAX_HEADERS:
            return _joined_fields(found), raw[position + (len(line) if blank else 0) :]
        field_match = _FIELD.match(line)
        if field_match:
            found.append((field_match[1].decode("ascii").lower(), [line[field_match.end() :]]))
        elif found and (line[:1] in b" \t" or _header_follows(raw, position + len(line))):
            found[-1][1].append(line)
        else:
            budget.note("no blank line after the headers" if found else "no headers")
            return _joined_fields(found), raw[position:]
        position += len(line)
    return _joined_fields(found), b""


def _joined_fields(found: list[tuple[str, list[bytes]]]) -> list[tuple[str, bytes]]:
    return [(name, b"".join(lines)) for name, lines in found]


def _header_follows(raw: bytes, position: int) -> bool:
    """Whether a broken line is followed by a header, so that it is noise rather than the body's start."""
    return _FIELD.match(raw, position) is not None


def _read_content_fields(part: Part, budget: Budget, default_type: str) -> None:
    if sum(key == "content-type" for key, _ in part.fields) > 1:
        budget.note("more than one Content-Type")
    kind, part.parameters = headers.parameters(part.first("content-type"))
    part.content_type = kind if re.fullmatch(r"[\w.+-]{1,80}/[\w.+-]{1,80}", kind, re.ASCII) else default_type
    if kind and part.content_type != kind:
        budget.note("unreadable Content-Type")
    part.disposition, disposition = headers.parameters(part.first("content-disposition"))
    part.filename = disposition.get("filename") or part.parameters.get("name") or ""
    identifiers = headers.message_ids(part.first("content-id"))
    part.content_id = identifiers[0] if identifiers else part.first("content-id").strip("<> ")[:255]


def _split_children(part: Part, raw: bytes, budget: Budget, depth: int) -> None:
    if depth >= MAX_DEPTH:
        budget.note("nested too deeply")
        part.body, part.content_type, part.filename = raw, "message/rfc822", "nested-message.eml"
        part.fields = []  # its transfer encoding speaks of the inside
        return
    boundary = _boundary(part, budget)
    pieces = _pieces(part.body, boundary, budget) if boundary else []
    if len(pieces) < 2:
        budget.note("multipart without parts")
        part.content_type = "text/plain" if part.body.strip() else part.content_type
        return
    part.stray = [piece for piece in (pieces[0],) if piece.strip() and b"mime" not in piece.lower()]
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for index, piece in enumerate(pieces[1:]):
        if budget.parts <= 0:
            budget.note("too many parts")
            part.stray.append((b"--" + boundary + b"\n").join(pieces[index + 1 :]))
            return
        part.children.append(split(piece, budget, depth + 1, default))


def _boundary(part: Part, budget: Budget) -> bytes:
    stated = part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
    if stated and b"--" + stated in part.body:
        return stated
    budget.note("boundary missing")
    guess = _GUESSED_BOUNDARY.search(part.body)
    return guess[1] if guess else b""


def _pieces(body: bytes, boundary: bytes, budget: Budget) -> list[bytes]:
    """Preamble, then the parts, then an epilogue as a further part when it says something."""
    delimiter = re.compile(
        rb"(?:^|(?<=\n)|(?<=\r))--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r\n|\n|\r|\Z)"
    )
    pieces, start, closed = [], 0, False
    for match in delimiter.finditer(body):
        if closed:  # what follows a closing line and another delimiter is a part again
            closed = False
        pieces.append(_without_last_newline(body[start : match.start()]))
        start, closed = match.end(), bool(match[1])
    rest = body[start:]
    if pieces and closed:
        return [*pieces, b"\n" + rest] if rest.strip() else pieces
    if pieces:
        budget.note("closing boundary missing")
    return [*pieces, rest]


def _without_last_newline(data: bytes) -> bytes:
    """The line end before a delimiter belongs to the delimiter (RFC 2046)."""
    if data.endswith(b"\r\n"):
        return data[:-2]
    return data[:-1] if data.endswith((b"\n", b"\r")) else data


def transfer_decode(part: Part, budget: Budget) -> bytes:
    """The part's content; when its encoding is nonsense, the bytes as they came."""
    encoding = re.sub(r"[^a-z0-9]", "", part.first("content-transfer-encoding").lower())
    if encoding == "base64":
        return _base64(part.body, budget)
    if encoding == "quotedprintable":
        return quopri.decodestring(part.body)
    if encoding in {"uuencode", "xuuencode", "uue", "xuue"}:
        files, _ = uuencoded(part.body)
        return files[0][1] if files else part.body
    if encoding not in {"", "7bit", "8bit", "8bits", "binary"}:
        budget.note("unknown transfer encoding")
    return part.body


def _base64(body: bytes, budget: Budget) -> bytes:
    dense = b"".join(body.split())
    strangers = len(re.sub(rb"[A-Za-z0-9+/=]", b"", dense))
    if strangers * 10 > len(dense):
        budget.note("base64 unreadable")
        return body
    if strangers:
        budget.note("base64 damaged")
    # Some gateways put a plain-text footer behind the padding; decoding stops there.
    return headers.base64_bytes(dense)


def uuencoded(body: bytes) -> tuple[list[tuple[str, bytes]], bytes]:
    """Files written into a text as uuencode, and the text without them."""
    files: list[tuple[str, bytes]] = []
    rest: list[bytes] = []
    position = 0
    for _ in range(MAX_UU_FILES):
        begin = _UU_BEGIN.search(body, position)
        end = _UU_END.search(body, begin.end()) if begin else None
        if begin is None or end is None:
            break
        data = _uu_lines(body[begin.end() : end.start()])
        if data is None:
            rest.append(body[position : begin.end()])
            position = begin.end()
            continue
        files.append((headers.text(begin[1]), data))
        rest.append(body[position : begin.start()])
        position = end.end()
    return files, b"".join(rest) + body[position:]


def _uu_lines(data: bytes) -> bytes | None:
    """The decoded bytes, or None when a line is not uuencode."""
    decoded: list[bytes] = []
    for line in data.split(b"\n"):
        stripped = line.rstrip(b"\r\n")
        if not stripped or stripped in (b"`", b" "):
            continue
        # Encoders differ in trailing padding; the length byte says how much is meant.
        meant = (((stripped[0] - 32) & 63) * 4 + 5) // 3
        try:
            decoded.append(binascii.a2b_uu(stripped[:meant]))
        except (binascii.Error, ValueError):
            return None
    return b"".join(decoded)
