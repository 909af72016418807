"""The process that reads what strangers wrote: bytes in, proposed articles out, with little memory and time."""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from tickets.reading.blocks import Document, Unreadable
from tickets.reading.kinds import kind_of
from tickets.reading.split import split

#: Bytes of memory and seconds of work; a file that wants more is no FAQ.
MEMORY, SECONDS = 1536 * 1024 * 1024, 100


def main() -> None:
    """Read one order line and the bytes after it; write one line a page, and the result as the last."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    order = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    try:
        document = _read(data, order)
        pieces = split(document, name=order.get("name", ""))
        _say(pieces=[[piece.title, piece.body] for piece in pieces])
    except Unreadable as error:
        _say(unreadable=error.code, detail=error.detail)
    except (MemoryError, RecursionError):
        _say(unreadable="too_large_inside", detail="")


def _read(data: bytes, order: dict[str, Any]) -> Document:
    charset = order.get("charset")
    match kind_of(data, order.get("content_type", "")):
        case "pdf":
            from tickets.reading.pdf import read_pdf

            return read_pdf(data, lambda done, total: _say(done=done, total=total))
        case "docx":
            from tickets.reading.docx import read_docx

            return read_docx(data)
        case "html":
            from tickets.reading.html import read_html

            return read_html(data, charset)
        case _:
            from tickets.reading.plain import decode, read_text

            return read_text(decode(data, charset))


def _say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
