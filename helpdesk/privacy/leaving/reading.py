"""Reads an archive into a new organization: keys given anew, through the guards, all of it or nothing.

What a guard refuses is left out and told, never pushed past it. Nobody is mailed, no mailbox is connected, colleagues
are not let in: the new owner does that.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import Storage
from django.db import DatabaseError, connection, models, transaction
from django.utils.translation import gettext as _

from helpdesk.errors import InvalidState
from helpdesk.people.founding import Shop, found
from helpdesk.people.models import FirstDay, User
from helpdesk.privacy.leaving import arriving, shape
from helpdesk.privacy.leaving.archive import ArchiveReader
from helpdesk.privacy.leaving.arriving import Keys, LeaveOutError
from helpdesk.privacy.leaving.writing import USERS, file_name
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

AT_ONCE = 500
#: Reasons that are told, per table; the number is always told.
TOLD = 5


@dataclass
class Report:
    """What came in, and what was left out and why."""

    organization: Organization
    counts: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, list[str]] = field(default_factory=dict)

    def leave_out(self, label: str, reason: str) -> None:
        """One row did not come in as it was."""
        self.left_out[label] = self.left_out.get(label, 0) + 1
        told = self.reasons.setdefault(label, [])
        if reason not in told and len(told) < TOLD:
            told.append(reason)


def read_organization(stream: IO[bytes], *, slug: str = "") -> Report:
    """A new organization with what is in the file. Opens its own transaction; on any error nothing stays.

    Raises InvalidState where the file is not whole, Conflict where the short name is taken, ValidationError.
    """
    archive = ArchiveReader(stream)
    said = _settings(archive)
    archive.check()
    with transaction.atomic():
        organization = found(
            Shop(
                slug=slug or str(said["slug"]),
                name=str(said["name"]),
                language=str(said["language"]),
                timezone=str(said["timezone"]),
                kind=str(said["kind"]),
            )
        )
        Organization.objects.filter(pk=organization.pk).update(
            requires_second_factor=said["requires_second_factor"] is True
        )
        with organization_scope(organization.id):
            FirstDay.objects.all().delete()
            reading = Reading(archive, Report(organization))
            reading.run()
    return reading.report


def _settings(archive: ArchiveReader) -> dict[str, Any]:
    manifest = archive.manifest
    if manifest.get("format") != shape.FORMAT or manifest.get("version") != shape.VERSION:
        raise InvalidState(
            _("This file is of a form that this installation does not read."),
            next_step=_("It reads %(format)s, version %(version)s.")
            % {"format": shape.FORMAT, "version": shape.VERSION},
        )
    said: dict[str, Any] = manifest["organization"]
    return said


class Reading:
    """One import under way."""

    def __init__(self, archive: ArchiveReader, report: Report) -> None:
        self.archive, self.report = archive, report
        self._keys: dict[str, Keys] = {}
        self._users: dict[int, int] = {}
        self._selves: list[tuple[type[models.Model], str, int, int]] = []
        self._saved: list[tuple[Storage, str]] = []

    def run(self) -> None:
        """All tables in their order, then what rooms do at the end."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            self._read_users()
            known = [table for table in shape.tables() if self.archive.has(table.path)]
            for table in known:
                self._keys[table.model._meta.label_lower] = self._reserve(table)
            for table in known:
                self._read_table(table)
            self._link_selves()
            arriving.finish(self)
        except BaseException:
            for storage, name in self._saved:
                storage.delete(name)
            raise

    def key(self, label: str, old: Any) -> int | None:
        """The new key of a row of the file."""
        keys = self._keys.get(label.lower())
        return keys.get(old) if keys else None

    def lines(self, label: str) -> Iterator[dict[str, Any]]:
        """The rows of a table as they stand in the file."""
        path = f"tables/{apps.get_model(label)._meta.label}.jsonl"
        return self.archive.lines(path) if self.archive.has(path) else iter(())

    def keep(self, storage: Storage, name: str, path: str) -> str:
        """Store a member of the archive as a file; it goes again where the import fails. Returns its name."""
        with tempfile.TemporaryFile() as stream:
            for chunk in self.archive.chunks(path):
                stream.write(chunk)
            stream.seek(0)
            kept = storage.save(name, File(stream))
        self.saved(storage, kept)
        return kept

    def saved(self, storage: Storage, name: str) -> None:
        """A file that goes again where the import fails."""
        self._saved.append((storage, name))

    def _read_users(self) -> None:
        """Accounts by address; a new one has no password, and signs in only after an invitation."""
        for row in self.archive.lines(USERS):
            email = str(row["email"]).strip().lower()
            user = User.objects.filter(email=email).first()
            user = user or User.objects.create_user(email, name=str(row["name"])[:120])
            self._users[row["id"]] = user.pk

    def _reserve(self, table: shape.Table) -> Keys:
        old = array("q", (row["id"] for row in self.archive.lines(table.path)))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table.model._meta.db_table, len(old)],
            )
            return Keys(old, array("q", (new for (new,) in cursor.fetchall())))

    def _read_table(self, table: shape.Table) -> None:
        batch: list[tuple[int, Any]] = []
        for row in self.archive.lines(table.path):
            try:
                batch.append((row["id"], self._instance(table, row)))
            except (LeaveOutError, ValidationError, ValueError, TypeError, KeyError) as error:
                self._leave_out(table, row["id"], str(error))
            if len(batch) == AT_ONCE:
                self._store(table, batch)
                batch = []
        self._store(table, batch)

    def _leave_out(self, table: shape.Table, old: int, reason: str) -> None:
        self._keys[table.model._meta.label_lower].drop(old)
        self.report.leave_out(table.label, reason)

    def _store(self, table: shape.Table, batch: Sequence[tuple[int, Any]]) -> None:
        if not batch:
            return
        try:
            with transaction.atomic():
                stored = self._insert(table, [row for _old, row in batch])
        except DatabaseError:
            stored = [row for old, row in batch if self._stored_alone(table, old, row)]
        self.report.counts[table.label] = self.report.counts.get(table.label, 0) + len(stored)
        arriving.tell_after(table.model._meta.label_lower, stored, self)
        with (
            connection.cursor() as cursor
        ):  # what the database checks at the end, it checks now: nothing piles up
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def _stored_alone(self, table: shape.Table, old: int, row: Any) -> bool:
        try:
            with transaction.atomic():
                self._insert(table, [row])
        except DatabaseError as error:
            self._leave_out(table, old, str(error).splitlines()[0])
            return False
        return True

    def _insert(self, table: shape.Table, rows: list[Any]) -> list[Any]:
        """As the rows are: times that a table sets by itself stay what they were."""
        fields = table.model._meta.concrete_fields
        query: Any = table.model._default_manager.get_queryset()
        query._insert(rows, fields=fields, raw=True, using=query.db)  # noqa: SLF001 - what loaddata does
        return rows

    def _instance(self, table: shape.Table, row: dict[str, Any]) -> Any:
        model, old = table.model, row["id"]
        label = model._meta.label_lower
        told = self._soft(model, arriving.adapted(label, dict(row), self))
        values: dict[str, Any] = {
            "id": self._keys[label].get(old),
            "organization_id": self.report.organization.pk,
        }
        for one in table.fields:
            if shape.folder_of(model, one.name):
                values[one.attname] = self._content(model, one, old)
            elif one.name in told:
                values[one.attname] = self._value(model, one, told[one.name], values["id"])
        return model(**values)

    def _value(self, model: type[models.Model], one: Any, value: Any, new: int) -> Any:
        if isinstance(one, models.ForeignKey):
            if one.related_model is model and value is not None:
                self._selves.append((model, one.attname, new, value))
                return None
            return self._linked(one, value)
        return value if isinstance(one, models.JSONField) else one.to_python(value)

    def _linked(self, one: Any, value: Any) -> int | None:
        target, found = one.related_model._meta.label_lower, None
        if target == "people.user":
            found = self._users.get(value)
        elif target == "auth.permission":
            found = Permission.objects.get(codename=value, content_type__app_label="tickets").pk
        else:
            found = self.key(target, value)
        if found is None and not one.null:
            raise LeaveOutError(_("What it belongs to is not in the file."))
        return found

    def _soft(self, model: type[models.Model], row: dict[str, Any]) -> dict[str, Any]:
        for kind_field, name in shape.soft_links(model):
            kind, old = (row.get(kind_field), row.get(name)) if kind_field else _split(row.get(name))
            label = shape.kind_table(str(kind))
            if label is None or old is None:
                continue
            new = self.key(label, old)
            nothing = None if model._meta.get_field(name).null else 0
            row[name] = (nothing if new is None else new) if kind_field else f"{kind}:{new or 0}"
        return row

    def _content(self, model: type[models.Model], one: Any, old: int) -> Any:
        path = file_name(model, one.name, old)
        if not self.archive.has(path):
            return None if one.null else ""
        if isinstance(one, models.BinaryField):
            return self.archive.read(path)
        return self.keep(one.storage, one.upload_to(model(), ""), path)

    def _link_selves(self) -> None:
        for model, attname, new, old in self._selves:
            model._default_manager.filter(pk=new).update(**{attname: self.key(model._meta.label_lower, old)})


def _split(ref: Any) -> tuple[str, int | None]:
    """`kind:id`."""
    kind, _colon, number = str(ref).partition(":")
    return kind, int(number) if number.isdigit() else None
