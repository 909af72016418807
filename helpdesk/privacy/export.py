"""A customer's data as plain values: every field declared `export=True` of every table that leads to the customer.

The registry decides what is exported, the foreign keys decide whose it is; a new table or field needs no change here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from helpdesk.people.models import Customer
from helpdesk.privacy.registry import CATEGORY_LABELS, D, declared_models

#: How far a table may be from the customer.
LONGEST_PATH = 4
#: Binary fields above this size are named, not included.
LARGEST_BINARY = 2 * 1024 * 1024

Rows = models.QuerySet[Any]
_narrowed: dict[str, tuple[Callable[[Rows], Rows], str]] = {}
_extra: dict[str, Callable[[Customer], Any]] = {}


def leave_out(label: str, narrow: Callable[[Rows], Rows], reason: Any) -> None:
    """A room leaves rows of its table out of the download and says why; the reason stands in the file."""
    _narrowed[label.lower()] = (narrow, reason)


def add_collector(name: str, collect: Callable[[Customer], Any]) -> None:
    """A room adds data that no foreign key leads to."""
    _extra[name] = collect


@dataclass(frozen=True)
class Holding:
    """What the page "My data" says about one kind of data."""

    label: str
    count: int


def path_to_customer(model: type[models.Model]) -> str | None:
    """The lookup from a row to its customer; keys that are always set win over ones that may be empty."""
    return path_to(model, Customer)


def path_to(model: type[models.Model], root: type[models.Model]) -> str | None:
    """The lookup from a row to the row of `root` that it belongs to; None where no key leads there."""
    if model is root:
        return "pk"
    paths = sorted(_paths(model, root, LONGEST_PATH), key=lambda found: (found[1], found[0].count("__")))
    return paths[0][0] if paths else None


def _paths(model: type[models.Model], root: type[models.Model], steps: int) -> Iterator[tuple[str, bool]]:
    """Every path of foreign keys, and whether it may be empty on the way."""
    if not steps:
        return
    for field in model._meta.concrete_fields:
        target = field.related_model
        if not isinstance(field, models.ForeignKey) or target is model or not isinstance(target, type):
            continue
        if target is root:
            yield field.name, field.null
        elif target._meta.app_label not in ("people", "tenancy", "auth", "contenttypes"):
            for path, nullable in _paths(target, root, steps - 1):
                yield f"{field.name}__{path}", nullable or field.null


def exported_fields(model: type[models.Model], fields: dict[str, D]) -> list[models.Field[Any, Any]]:
    """The fields of a table that are in the download."""
    return [
        field
        for field in model._meta.concrete_fields
        if (found := fields.get(field.name)) is not None and found.export
    ]


def tables() -> list[tuple[type[models.Model], str, list[models.Field[Any, Any]]]]:
    """Every table with exported fields that leads to a customer: model, path, fields."""
    found = []
    for model, fields in sorted(declared_models().items(), key=lambda item: item[0]._meta.label_lower):
        exported, path = exported_fields(model, fields), path_to_customer(model)
        if exported and path:
            found.append((model, path, exported))
    return found


def rows_of(model: type[models.Model], path: str, customer: Customer) -> Rows:
    """The customer's rows of a table, without those that a room leaves out."""
    rows = model._default_manager.filter(**{path: customer.pk}).order_by("pk")
    narrow = _narrowed.get(model._meta.label_lower)
    return narrow[0](rows) if narrow else rows


def export_customer(customer: Customer) -> dict[str, Any]:
    """The whole file. One query a table; tables without rows are left out."""
    data = {
        model._meta.label_lower: rows
        for model, path, fields in tables()
        if (rows := [_row(one, fields) for one in rows_of(model, path, customer).iterator()])
    }
    extra = {name: collected for name, collect in sorted(_extra.items()) if (collected := collect(customer))}
    return {
        "format": "helpdesk-export-1",
        "made_at": timezone.now(),
        "customer": str(customer.reference),
        "data": {**data, **extra},
        "left_out": [str(reason) for _narrow, reason in _narrowed.values()],
    }


def holdings(customer: Customer) -> list[Holding]:
    """How many fields-with-content rows of each category we hold, for the page; the file has the content."""
    counts: dict[str, int] = {}
    for model, path, fields in tables():
        rows = rows_of(model, path, customer).count()
        for category in {declared_models()[model][field.name].category for field in fields}:
            counts[category] = counts.get(category, 0) + rows
    return [
        Holding(label=str(label), count=counts[category])
        for category, label in CATEGORY_LABELS.items()
        if counts.get(category)
    ]


def _row(row: models.Model, fields: list[models.Field[Any, Any]]) -> dict[str, Any]:
    return {"id": row.pk, **{field.name: _plain(field.value_from_object(row)) for field in fields}}


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return _text(bytes(value))
    if isinstance(value, (str, int, float, bool, type(None), list, dict, date, datetime)):
        return value
    if isinstance(value, UUID):
        return str(value)
    return str(value)


def _text(content: bytes) -> str:
    if len(content) > LARGEST_BINARY:
        return f"[{len(content)} bytes: too large for this file; ask us for it]"
    return content.decode("utf-8", errors="replace")
