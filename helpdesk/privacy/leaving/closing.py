"""Closing a desk: fourteen days in which it can be undone, then everything of the organization is deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership, User
from helpdesk.people.permissions import can
from helpdesk.privacy.leaving import takeouts
from helpdesk.privacy.models import Takeout
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

log = structlog.get_logger(__name__)
GRACE = timedelta(days=14)
#: A file older than this is not what the desk holds today.
FRESH = timedelta(days=1)
ROUNDS = 5

_stops: list[Callable[[Membership], None]] = []
_starts: list[Callable[[Membership], None]] = []

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT a.attisdropped ORDER BY 1
"""
_LINKS = """
SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> confrelid
"""


def when_closing(stop: Callable[[Membership], None], start: Callable[[Membership], None]) -> None:
    """A room stops its work at once when a desk is being closed, and goes on when that is undone."""
    _stops.append(stop)
    _starts.append(start)


def fresh_file() -> Takeout | None:
    """The file with everything that is new enough to leave with."""
    since = timezone.now() - FRESH
    return takeouts.everything().filter(state=Takeout.State.READY, finished_at__gt=since).first()


def close(*, organization: Organization, member: Membership) -> None:
    """Begin the fourteen days: no mail is fetched and no AI works from now on. Twice is one closing.

    Raises NotAllowed for anyone but an owner, InvalidState where no new file with everything was made.
    """
    _require_owner(member)
    if fresh_file() is None:
        raise InvalidState(
            _("Make the file with everything first: after this nothing can be taken along."),
            next_step=_("It has to be from the last 24 hours."),
        )
    with transaction.atomic():
        closes = timezone.now() + GRACE
        begun = Organization.objects.filter(pk=organization.pk, closes_at=None).update(closes_at=closes)
        for stop in _stops if begun else ():
            stop(member)


def undo(*, organization: Organization, member: Membership) -> None:
    """The desk stays, and works on. Raises NotAllowed, InvalidState where the time is over."""
    _require_owner(member)
    with transaction.atomic():
        closing = Organization.objects.filter(pk=organization.pk, closes_at__gt=timezone.now())
        if not closing.update(closes_at=None):
            raise InvalidState(_("This desk is not being closed, or its time is over."))
        for start in _starts:
            start(member)


def over() -> list[UUID]:
    """Organizations whose fourteen days have passed."""
    return list(Organization.objects.filter(closes_at__lt=timezone.now()).values_list("pk", flat=True))


def delete_everything(organization_id: UUID) -> dict[str, int]:
    """Delete an organization whose time is over: rows, files, and people who work nowhere else.

    Opens its own scopes, a table at a time, so that a run that is cut goes on where it was. Returns rows per table.
    The database refuses where the time is not over.
    """
    with organization_scope(organization_id):
        people = list(Membership.objects.values_list("user_id", flat=True))
    _remove_folder(str(organization_id))
    counts = _forget_all(organization_id)
    _forget_people(people)
    with transaction.atomic():
        Organization.objects.get(pk=organization_id).domains.all().delete()
        _delete_organization(organization_id)
    log.info("organization_deleted", organization_id=str(organization_id), rows=sum(counts.values()))
    return counts


def _forget_all(organization_id: UUID) -> dict[str, int]:
    """Again until nothing is left: a trigger on one table may have counted in another that was empty already."""
    counts: dict[str, int] = {}
    tables = [table for table in _in_order() if table != "tenancy_domain"]
    for _round in range(ROUNDS):
        gone = {table: count for table in tables if (count := _forget(organization_id, table))}
        for table, count in gone.items():
            counts[table] = counts.get(table, 0) + count
        if not gone:
            break
    return counts


def _require_owner(member: Membership) -> None:
    if not can(member, "manage_people"):
        raise NotAllowed(_("Only an owner can do this."), next_step=_("Ask one of the owners."))


def _rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _in_order() -> list[str]:
    """Every table with an organization, those that point first; what no model knows is among them."""
    waiting = [name for (name,) in _rows(_TABLES)]
    links = _rows(_LINKS)
    placed = []
    while waiting:
        pointed = {parent for child, parent in links if child in waiting}
        free = [name for name in waiting if name not in pointed]
        placed += free or waiting
        waiting = [name for name in waiting if name not in placed]
    return placed


def _forget(organization_id: UUID, table: str) -> int:
    with organization_scope(organization_id):
        _rows("SELECT set_config('statement_timeout', '30min', true)")
        ((count,),) = _rows("SELECT tenancy_forget(%s)", table)
        return int(count)


def _forget_people(user_ids: list[int]) -> None:
    """Accounts that belong to no desk any more: nobody could sign in with them."""
    staying = set[int]()
    for other in Organization.objects.values_list("pk", flat=True):
        with organization_scope(other):
            staying |= set(Membership.objects.filter(user_id__in=user_ids).values_list("user_id", flat=True))
    with transaction.atomic():
        User.objects.filter(pk__in=set(user_ids) - staying).delete()


def _delete_organization(organization_id: UUID) -> None:
    """Past Django's collector, which would look for rows in every table without a scope."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tenancy_organization WHERE id = %s", [organization_id])


def _remove_folder(path: str) -> None:
    """Every file of the organization lies below its id."""
    try:
        folders, files = default_storage.listdir(path)
    except (FileNotFoundError, NotADirectoryError, ObjectDoesNotExist):
        return
    for name in files:
        default_storage.delete(f"{path}/{name}")
    for name in folders:
        _remove_folder(f"{path}/{name}")
    default_storage.delete(path)
