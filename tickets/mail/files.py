"""Names of attachments: what a sender wrote, made safe to show, to store and to download."""

from __future__ import annotations

import re
import unicodedata

from tickets.mail import charsets

MAX_NAME = 120

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)
_EXTENSION = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/vcard": ".vcf",
    "text/rfc822-headers": ".txt",
    "message/rfc822": ".eml",
    "message/delivery-status": ".txt",
    "message/feedback-report": ".txt",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
}


def safe_name(name: str, content_type: str = "", number: int = 1) -> str:
    """A file name without path, control or direction characters, bounded, its extension kept; never empty."""
    base = unicodedata.normalize("NFC", charsets.clean(name)).replace("\\", "/").rpartition("/")[2]
    base = re.sub(r"\s+", " ", _FORBIDDEN.sub("", base)).strip(" .")
    if not base:
        return f"attachment-{number}{_EXTENSION.get(content_type, '.bin')}"
    stem, dot, extension = base.rpartition(".")
    if dot and stem and len(extension) <= 10:
        base = stem[: MAX_NAME - len(extension) - 1].rstrip(" .") + dot + extension
    base = base[:MAX_NAME]
    return f"_{base}" if _DEVICE.match(base) else base
