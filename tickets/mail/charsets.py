"""Bytes to clean text: whatever charset a mail claims, the result can be stored and shown."""

from __future__ import annotations

import re
import unicodedata

# Names that clients use and Python does not know, and narrow charsets read as the wider ones that
# the same clients really write (a "gb2312" mail with a euro sign is gb18030).
_ALIASES = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "unknown-8bit": "utf-8",
    "x-unknown": "utf-8",
    "default": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "ansi": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "big5": "cp950",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "windows-874": "cp874",
    "unicode-1-1-utf-7": "utf-7",
}
# Codecs that are not charsets of mail: slow on hostile input, or meant for source code.
_REFUSED = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACE_RUN = re.compile(r"[\s\x00-\x1f\x7f]+")


def decode(data: bytes, charset: str | None) -> tuple[str, bool]:
    """Text of `data`, and whether it was readable: False means some characters are a guess."""
    names = _candidates(charset)
    if b"\x1b$" in data:  # Japanese mail says so with escape sequences, whatever its label claims
        names.insert(0, "iso2022_jp_ext")
    for name in names:
        try:
            return data.decode(name), True
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace"), data.isascii()


def _candidates(charset: str | None) -> list[str]:
    name = (charset or "").strip().strip("\"'").lower().replace(" ", "")
    name = _ALIASES.get(name, name)
    wanted = [name] if name and "\x00" not in name and name.replace("-", "_") not in _REFUSED else []
    # A stated single-byte charset never fails, so UTF-8 sent under its name is looked for first.
    return ["utf-8", *wanted] if name == "cp1252" else [*wanted, "utf-8"]


def clean(text: str) -> str:
    """Text that PostgreSQL can store: no NUL, no lone surrogates, no stray control characters, LF only."""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", _LONE_SURROGATE.sub("\ufffd", text))


def one_line(text: str) -> str:
    """`clean` text in normal form C on one line, runs of white space as one space."""
    return unicodedata.normalize("NFC", clean(_SPACE_RUN.sub(" ", text))).strip()
