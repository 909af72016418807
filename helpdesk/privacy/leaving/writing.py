"""Writes an organization into one archive, streaming: a page of rows is the most that is in memory."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.db import connection, models, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from helpdesk.people.models import Membership, User
from helpdesk.privacy.crypto import EncryptedTextField
from helpdesk.privacy.leaving import shape
from helpdesk.privacy.leaving.archive import CHUNK, ArchiveWriter
from helpdesk.privacy.registry import declaration
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

PAGE = 1_000
#: Rows with whole mails in them.
SMALL_PAGE = 20
USERS = "tables/people.User.jsonl"
_SETTINGS = ("slug", "name", "timezone", "language", "kind", "requires_second_factor")
Told = Callable[[int, int], None]


class Writer:
    """What a room's part writes with: the archive, and pages of rows."""

    def __init__(self, archive: ArchiveWriter) -> None:
        self.archive = archive
        self.member = archive.member

    def rows(self, rows: models.QuerySet[Any], page: int = PAGE) -> Iterator[Any]:
        """Every row in order of its key, a page at a time."""
        last = 0
        while found := list(rows.filter(pk__gt=last).order_by("pk")[:page]):
            yield from found
            last = found[-1].pk


def write_organization(organization: Organization, stream: IO[bytes], told: Told = lambda *_: None) -> None:
    """Write everything of the organization into `stream`, as it was at one moment. `told(done, total)` is progress.

    Opens its own transaction in the organization's scope; nothing is changed.
    """
    with transaction.atomic():
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with organization_scope(organization.id), connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            archive = ArchiveWriter(stream)
            try:
                _write(organization, archive, told)
            finally:
                archive.release()


def _write(organization: Organization, archive: ArchiveWriter, told: Told) -> None:
    writer, counts, done = Writer(archive), {}, 0
    all_tables = shape.tables()
    total = len(all_tables) + len(shape.parts()) + 1
    counts["people.User"] = _write_users(archive)
    for table in all_tables:
        counts[table.label] = _write_table(writer, table)
        done += 1
        told(done, total)
    for _name, write in shape.parts():
        write(writer)
        done += 1
        told(done, total)
    _write_words(organization, archive, counts)
    archive.close(_manifest(organization, counts))


def _manifest(organization: Organization, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "format": shape.FORMAT,
        "version": shape.VERSION,
        "made_at": timezone.now().isoformat(),
        "organization": {
            "id": str(organization.pk),
            **{name: getattr(organization, name) for name in _SETTINGS},
        },
        "counts": counts,
        "left_out": {
            "tables": shape.left_out(),
            "fields": {table.label: list(table.secrets) for table in shape.tables() if table.secrets},
        },
    }


def _write_users(archive: ArchiveWriter) -> int:
    """Who works here: address and name, which make one sign-in for several organizations; never the password."""
    users = User.objects.filter(pk__in=Membership.objects.values("user_id")).order_by("pk")
    with archive.member(USERS) as member:
        for user in users:
            member.line({"id": user.pk, "email": user.email, "name": user.name})
    return len(users)


def _write_table(writer: Writer, table: shape.Table) -> int:
    count, apart = 0, [one for one in table.fields if shape.folder_of(table.model, one.name)]
    binary = [one.attname for one in apart if isinstance(one, models.BinaryField)]
    rows = table.model._default_manager.defer(*binary, *_encrypted(table.model))
    with writer.member(table.path) as member:
        for row in writer.rows(rows):
            member.line({"id": row.pk, **{one.name: _told(table.model, row, one) for one in table.fields}})
            count += 1
    for field in apart:
        _write_files(writer, table.model, field)
    return count


def _encrypted(model: type[models.Model]) -> list[str]:
    """Not even read: a key that is gone must not keep anybody from leaving."""
    return [one.attname for one in model._meta.concrete_fields if isinstance(one, EncryptedTextField)]


def _told(model: type[models.Model], row: Any, field: Any) -> Any:
    if shape.folder_of(model, field.name):
        return file_name(model, field.name, row.pk)
    if field.is_relation and field.related_model._meta.label == "auth.Permission":
        return str(getattr(row, field.name).codename)
    return plain(getattr(row, field.attname))


def file_name(model: type[models.Model], field: str, pk: int) -> str:
    """Where the content of a row's field is in the archive."""
    folder, ending = shape.folder_of(model, field) or ("files", "")
    return f"{folder}/{pk}{ending}"


def _write_files(writer: Writer, model: type[models.Model], field: models.Field[Any, Any]) -> None:
    rows = model._default_manager.only("pk", field.attname)
    for row in writer.rows(rows, SMALL_PAGE):
        value = getattr(row, field.attname)
        if not value or (isinstance(field, models.FileField) and not value.storage.exists(value.name)):
            continue  # the row says what it was; what is not there cannot be taken along
        with writer.member(file_name(model, field.name, row.pk)) as member:
            for chunk in _content(value):
                member.write(chunk)


def _content(value: Any) -> Iterator[bytes]:
    if isinstance(value, (bytes, memoryview)):
        yield bytes(value)
        return
    with value.open("rb") as stream:
        yield from iter(lambda: stream.read(CHUNK), b"")


def plain(value: Any) -> Any:
    """A field's value as JSON knows it."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    return value if isinstance(value, (str, int, float, bool, list, dict, type(None))) else str(value)


def _write_words(organization: Organization, archive: ArchiveWriter, counts: dict[str, int]) -> None:
    with archive.member("fields.json") as member:
        member.line({table.label: _fields(table) for table in shape.tables()})
    context = {"organization": organization, "counts": counts, "left_out": shape.left_out()}
    with archive.member("README.txt") as member:
        member.write(render_to_string("leaving/README.txt", context).encode())


def _fields(table: shape.Table) -> dict[str, Any]:
    return {field.name: _field(table.model, field) for field in table.fields}


def _field(model: type[models.Model], field: models.Field[Any, Any]) -> dict[str, Any]:
    declared = declaration(model, field.name)
    target = field.related_model
    return {
        "type": field.get_internal_type().replace("TenantForeignKey", "ForeignKey"),
        "may_be_empty": field.null,
        **({"points_to": target._meta.label} if isinstance(target, type) else {}),
        **({"holds": str(declared.category), "purpose": declared.purpose} if declared else {}),
    }
