"""One worker at a time on a mailbox or a run: a lease in its row, which whoever dies loses by itself."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from helpdesk.tenancy.scope import organization_scope
from tickets.models import Mailbox, MailboxRun

#: Renewed with every mail; longer than the longest single answer of a server.
LEASE: Final = timedelta(minutes=3)


class LostLeaseError(Exception):
    """Another worker has taken over: leave everything as it is."""


@contextmanager
def leased(model: type[Mailbox | MailboxRun], organization_id: UUID, pk: int) -> Iterator[str | None]:
    """The lease if it is free, else None. Outside any transaction; given back at the end."""
    lease, now = secrets.token_hex(16), timezone.now()
    with organization_scope(organization_id):
        free = model.objects.filter(pk=pk).filter(Q(leased_until=None) | Q(leased_until__lt=now))
        mine = free.update(lease=lease, leased_until=now + LEASE)
    try:
        yield lease if mine else None
    finally:
        if mine:
            with organization_scope(organization_id):
                model.objects.filter(pk=pk, lease=lease).update(lease="", leased_until=None)


def keep(
    model: type[Mailbox | MailboxRun], organization_id: UUID, pk: int, lease: str, **changes: Any
) -> None:
    """Store progress and stay the one who works on it. Raises LostLeaseError where another one has taken over."""
    with organization_scope(organization_id):
        mine = model.objects.filter(pk=pk, lease=lease)
        if not mine.update(**changes, leased_until=timezone.now() + LEASE):
            raise LostLeaseError
