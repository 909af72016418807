"""A mail's files, stored before the transaction that files it: the storage may be a network away."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tickets.mail.parse import ParsedAttachment, ParsedMail, parse
from tickets.services.opening import StoredFile


@dataclass(frozen=True)
class ReadMail:
    """A mail that was read, with its files in the storage."""

    mail: ParsedMail
    files: tuple[StoredFile, ...]


def keep_files(organization_id: UUID, source: bytes, written: list[str]) -> ReadMail:
    """Read the mail, store its attachments of whatever type. `written` collects paths for a clean-up."""
    mail = parse(source)
    return ReadMail(mail, tuple(_keep(organization_id, one, written) for one in mail.attachments))


def _keep(organization_id: UUID, one: ParsedAttachment, written: list[str]) -> StoredFile:
    path = f"{organization_id}/attachments/{secrets.token_hex(16)}"
    written.append(path)
    stored = default_storage.save(path, ContentFile(one.content))
    return StoredFile(
        name=one.filename,
        content_type=one.content_type,
        size=len(one.content),
        sha256=hashlib.sha256(one.content).hexdigest(),
        path=stored,
        content_id=one.content_id,
        is_inline=one.inline,
    )


def discard(paths: Iterable[str]) -> None:
    """Remove files that no attachment names."""
    for path in paths:
        default_storage.delete(path)
