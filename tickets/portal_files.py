"""Files that a customer uploads: into the storage under a random name, whatever they are called."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from tickets.mail import files
from tickets.services.opening import StoredFile


def stored(organization_id: UUID, uploads: Iterable[UploadedFile]) -> list[StoredFile]:
    """Store each upload; the list is ready for `opening.Inbound`."""
    return [_store(organization_id, one, number) for number, one in enumerate(uploads, start=1)]


def _store(organization_id: UUID, upload: UploadedFile, number: int) -> StoredFile:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    content_type = (upload.content_type or "application/octet-stream")[:120]
    upload.seek(0)
    path = default_storage.save(f"{organization_id}/attachments/{secrets.token_hex(16)}", upload)
    return StoredFile(
        name=files.safe_name(upload.name or "", content_type, number),
        content_type=content_type,
        size=upload.size or 0,
        sha256=digest.hexdigest(),
        path=path,
    )
