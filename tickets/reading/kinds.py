"""What a file is, by its first bytes: names and content types are claims."""

from __future__ import annotations

import re

from tickets.reading.blocks import Unreadable
from tickets.reading.plain import looks_binary

_OLE = b"\xd0\xcf\x11\xe0"
_HTML = re.compile(
    rb"<!doctype\s+html|<html|<head\b|<body\b|<(?:h[1-6]|p|div|dl|details|main|section|article)\b[^<>]*>",
    re.IGNORECASE,
)


def kind_of(data: bytes, content_type: str = "") -> str:
    """pdf, docx, html or text. Raises Unreadable: empty, locked, old_word, wrong_type."""
    if not data.strip():
        raise Unreadable("empty")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if data.startswith(_OLE):
        # Word keeps a document with a password inside the old container.
        raise Unreadable("locked" if "EncryptedPackage".encode("utf-16-le") in data else "old_word")
    if data.startswith(b"{\\rtf") or looks_binary(data):
        raise Unreadable("wrong_type")
    is_html = "html" in content_type or _HTML.search(data[:4000].replace(b"\x00", b""))
    return "html" if is_html else "text"
