"""What is in the file: every table of an organization in an order in which each row finds what it points to.

The registry of personal data says what a field holds, the models say how it is kept; rooms say what is left out and
why, and what stands in the file besides tables. A new table is in the file without a change here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

from helpdesk.people.models import User
from helpdesk.privacy.registry import Category, declaration
from helpdesk.tenancy.models import TenantOwned

if TYPE_CHECKING:
    from helpdesk.privacy.leaving.writing import Writer

FORMAT, VERSION = "helpdesk-organization", 1

_left_out: dict[str, Any] = {}
_kinds: dict[str, str] = {}
_soft: dict[str, tuple[tuple[str, str], ...]] = {}
_later: dict[str, str] = {}
_folders: dict[tuple[str, str], tuple[str, str]] = {}
_parts: dict[str, Callable[[Writer], None]] = {}


def leave_out_table(label: str, reason: Any) -> None:
    """A room's table that is not in the file; the reason stands in it."""
    _left_out[label.lower()] = reason


def name_kind(kind: str, label: str) -> None:
    """What a `subject_kind`, or the word before the colon of an `object_ref`, points to."""
    _kinds[kind] = label.lower()


def points_by_kind(label: str, *fields: tuple[str, str]) -> None:
    """Fields of a table that point without a foreign key: (kind field, id field), or ("", field) for `kind:id`."""
    _soft[label.lower()] = fields


def comes_after(label: str, other: str) -> None:
    """Rows of the first table need those of the other, though no key says so (a guard looks at them)."""
    _later[label.lower()] = other.lower()


def keep_as_files(label: str, field: str, folder: str, ending: str = "") -> None:
    """A file or binary field whose content is a file of its own in the archive; its row names it."""
    _folders[(label.lower(), field)] = (folder, ending)


def add_part(name: str, write: Callable[[Writer], None]) -> None:
    """A room adds what is no table: mails for other programs, articles to read, the record with its verifier."""
    _parts[name] = write


@dataclass(frozen=True)
class Table:
    """One table of the file: its model, its fields, and the fields that stay behind because they are secret."""

    model: type[models.Model]
    fields: tuple[models.Field[Any, Any], ...]
    secrets: tuple[str, ...]

    @property
    def label(self) -> str:
        """`app.Model`, as the file is named."""
        return self.model._meta.label

    @property
    def path(self) -> str:
        """Where its lines are in the archive."""
        return f"tables/{self.label}.jsonl"


@cache
def tables() -> tuple[Table, ...]:
    """The tables in an order in which a row's links lead to rows before it (but for links within one table)."""
    waiting = sorted(_models(), key=lambda model: model._meta.label)
    placed: list[type[models.Model]] = []
    while waiting:
        ready = next((one for one in waiting if not _links(one) & set(waiting) - {one}), None)
        if ready is None:
            raise RuntimeError(f"Tables point to each other in a circle: {waiting}")
        waiting.remove(ready)
        placed.append(ready)
    return tuple(_table(model) for model in placed)


def left_out() -> dict[str, str]:
    """Label and reason of each table that stays behind."""
    return {apps.get_model(label)._meta.label: str(reason) for label, reason in sorted(_left_out.items())}


def kind_table(kind: str) -> str | None:
    """`app.model` that a kind points to."""
    return _kinds.get(kind)


def soft_links(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    """The fields of a table that point by kind."""
    return _soft.get(model._meta.label_lower, ())


def folder_of(model: type[models.Model], field: str) -> tuple[str, str] | None:
    """Folder and ending of a field whose content is kept as files."""
    return _folders.get((model._meta.label_lower, field))


def parts() -> list[tuple[str, Callable[[Writer], None]]]:
    """What stands in the file besides tables, by name."""
    return sorted(_parts.items())


def is_secret(model: type[models.Model], field: str) -> bool:
    """Whether the field holds a key, password or token: those never leave."""
    found = declaration(model, field)
    return found is not None and found.category == Category.SECRET


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, TenantOwned) and model._meta.label_lower not in _left_out:
            yield model


def _links(model: type[models.Model]) -> set[type[models.Model]]:
    also = {apps.get_model(_later[model._meta.label_lower])} if model._meta.label_lower in _later else set()
    return also | {
        field.related_model
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and isinstance(field.related_model, type)
        and field.related_model is not User
    }


def _table(model: type[models.Model]) -> Table:
    told = [one for one in model._meta.concrete_fields if one.name not in ("id", "organization")]
    return Table(
        model=model,
        fields=tuple(one for one in told if not is_secret(model, one.name)),
        secrets=tuple(one.name for one in told if is_secret(model, one.name)),
    )
