"""Where the public test mails are, and how tests make mails of their own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tickets.mail.parse import ParsedMail, parse

ROOT = Path(__file__).resolve().parents[3]


def mail_files(folder: str, pattern: str = "**/*.eml") -> list[Path]:
    """Files of a folder of the public mail data; the test is skipped where they are absent."""
    base = Path(os.environ.get("HELPDESK_DATA") or ROOT.parent / "shared" / "data") / "mail" / folder
    if not base.is_dir():
        pytest.skip(f"no test data at {base} (set HELPDESK_DATA)")
    return sorted(base.glob(pattern))


def mail(body: str = "Hello", **headers: str) -> ParsedMail:
    """A parsed mail from plain header values (`reply_to` becomes Reply-To); From and To have defaults."""
    fields = {"From": "Ana <ana@customer.example>", "To": "help@acme.example", "Subject": "Question"}
    fields |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return parse(f"{head}\r\n{body}".encode())
