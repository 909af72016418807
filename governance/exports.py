"""A register as CSV or JSON, streamed: each piece is read in a short scope of its own, whatever the number of rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import models
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from governance.models import RegisterChange
from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantOwned
from helpdesk.tenancy.scope import organization_scope

#: Rows read at once; the memory of an export does not grow with the register.
PIECE = 1_000
#: Characters that go out at once: a chunk for each line would cost more than the reading.
CHUNK = 64_000
#: Never in an export: whose it is goes without saying, and where an answer goes is nobody's business.
LEFT_OUT = frozenset({"organization", "contact", "token_hash"})
#: A spreadsheet would run these.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def response(
    model: type[TenantOwned], kind: str, organization_id: UUID, *, filters: dict[str, Any] | None = None
) -> HttpResponseBase:
    """The whole register as a download; `kind` is csv or json."""
    name = f"{model._meta.model_name}-{timezone.localdate().isoformat()}.{kind}"
    write, content_type = {
        "csv": (_csv, "text/csv; charset=utf-8"),
        "json": (_json, "application/json; charset=utf-8"),
    }[kind]
    rows = read(model, organization_id, filters=filters or {})
    answer = StreamingHttpResponse(_together(write(columns(model), rows)), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def columns(model: type[TenantOwned]) -> list[str]:
    """The names of what is exported, in the order of the table."""
    return [one.name for one in model._meta.concrete_fields if one.name not in LEFT_OUT]


def read(
    model: type[TenantOwned], organization_id: UUID, *, filters: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Every row, oldest first, with people by name. Opens its own scopes; runs outside any."""
    last = 0
    people = [one.name for one in model._meta.concrete_fields if one.related_model is Membership]
    while True:
        with organization_scope(organization_id):
            rows = model._default_manager.filter(pk__gt=last, **filters).order_by("pk")
            if people:
                rows = rows.select_related(*(f"{name}__user" for name in people))
            piece = [(row.pk, _plain(row, people)) for row in rows[:PIECE]]
        yield from (values for _pk, values in piece)
        if len(piece) < PIECE:
            return
        last = piece[-1][0]


def history(organization_id: UUID, prefix: str, kind: str) -> HttpResponseBase:
    """Every change of one register (`risk`, `incident`), as a download."""
    return response(RegisterChange, kind, organization_id, filters={"object_ref__startswith": f"{prefix}:"})


def _plain(row: TenantOwned, people: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.name in LEFT_OUT:
            continue
        if field.name in people:
            person = getattr(row, field.name)
            values[field.name] = str(person) if person is not None else None
        else:
            values[field.name] = _value(field, row)
    return values


def _value(field: models.Field[Any, Any], row: TenantOwned) -> Any:
    value = getattr(row, field.attname)
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return field.value_to_string(row)


def _together(pieces: Iterator[str]) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for one in pieces:
        held.append(one)
        size += len(one)
        if size >= CHUNK:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


class _Line:
    """A file of one line, which `csv` writes into."""

    def write(self, text: str) -> str:
        return text


def _csv(names: list[str], rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(names)
    for row in rows:
        yield writer.writerow([_cell(row[name]) for name in names])


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def _json(names: list[str], rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows):
        yield f"{',' if number else ''}\n{json.dumps({name: row[name] for name in names}, ensure_ascii=False)}"
    yield "\n]\n"
