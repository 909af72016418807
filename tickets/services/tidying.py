"""Files that no attachment names: left behind where a request or a worker stopped between storing and filing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.files.storage import default_storage

from helpdesk.tenancy.scope import organization_scope
from tickets.models import Attachment

#: A younger file may belong to a transaction that is still under way.
OLD_ENOUGH: Final = timedelta(days=1)


def remove_orphans(*, organization_id: UUID, now: datetime) -> int:
    """Remove one organization's old files that no attachment names; how many. Safe to repeat.

    Opens its own scope, only for the rows: the storage may be a network away. The files are listed before the rows
    are read, so a file that got its row meanwhile is found there.
    """
    stored = _stored(organization_id)
    with organization_scope(organization_id):
        named = set(Attachment.objects.values_list("file", flat=True).iterator()) if stored else set()
    orphans = [path for path in stored if path not in named and _is_old(path, now)]
    for path in orphans:
        default_storage.delete(path)
    return len(orphans)


def _stored(organization_id: UUID) -> list[str]:
    folder = f"{organization_id}/attachments"
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names]


def _is_old(path: str, now: datetime) -> bool:
    try:
        return default_storage.get_modified_time(path) < now - OLD_ENOUGH
    except FileNotFoundError:
        return False  # another run was faster
