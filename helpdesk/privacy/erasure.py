"""Deletes a customer: every field declared DELETE, BLANK or SHRED of every table that leads to the customer.

The registry decides what goes, the foreign keys decide whose it is; rooms add the rows that no key of their own
leads to. What a customer said in somebody else's ticket goes; what others said in the customer's tickets goes too,
because it quotes the customer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.files.storage import Storage
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from helpdesk.people.models import Customer, CustomerAddress
from helpdesk.privacy.export import Rows, path_to, path_to_customer
from helpdesk.privacy.registry import D, Erase, declared_models

log = structlog.get_logger(__name__)
#: Rows that one statement deletes or empties.
AT_ONCE = 500

_reached: dict[str, Callable[[Customer], Rows]] = {}
_spared: dict[str, Callable[[Rows], Rows]] = {}
_before: list[Callable[[Customer], None]] = []
_words: dict[str, Any] = {}


def also_reach(label: str, rows: Callable[[Customer], Rows]) -> None:
    """A room names further rows of its table that are the customer's. Asked before anything is deleted."""
    _reached[label.lower()] = rows


def spare(label: str, narrow: Callable[[Rows], Rows]) -> None:
    """A room leaves rows of its table as they are: they hold nothing of the customer."""
    _spared[label.lower()] = narrow


def before_erasing(prepare: Callable[[Customer], None]) -> None:
    """A room gets its work with the customer to a stop first, or refuses (HelpdeskError: nothing is deleted)."""
    _before.append(prepare)


def call_rows(label: str, words: Any) -> None:
    """How a table's rows are called on screens, where the model's own name is not for people."""
    _words[label.lower()] = words


@dataclass(frozen=True)
class Doomed:
    """One table's share: the rows, and what happens to them. Without `empty` the rows go as a whole."""

    model: type[models.Model]
    pks: tuple[Any, ...]
    empty: dict[str, Any]

    @property
    def label(self) -> str:
        """`app.model`."""
        return self.model._meta.label_lower

    def chunks(self) -> Iterator[Rows]:
        """The rows, some at a time."""
        for start in range(0, len(self.pks), AT_ONCE):
            yield self.model._default_manager.filter(pk__in=self.pks[start : start + AT_ONCE])


def erase(customer: Customer) -> dict[str, int]:
    """Delete the customer's data for good; what proves what was done stays, under the pseudonym.

    Returns how many rows of which table were deleted or emptied. Runs in one transaction in the scope in force;
    files go when it commits. A second run finds nothing. Raises what a room refuses with.
    """
    with transaction.atomic():
        locked = _hold(customer)
        if locked.erased_at is None:
            locked.erased_at = timezone.now()
            locked.save(update_fields=["erased_at"])
        for prepare in _before:
            prepare(locked)
        counts = _carry_out(doomed(locked))
    customer.refresh_from_db()
    return counts


def forget(root: type[models.Model], keys: Collection[Any]) -> dict[str, int]:
    """Delete what hangs on these rows of a table as it would go with its customer, who stays; the rows themselves too.

    Returns how many rows of which table were deleted or emptied. Runs in one transaction in the scope in force; the
    caller holds the rows and knows that nothing waits to leave. A second run finds nothing.
    """
    shares = []
    for model, _path, fields in tables():
        path = path_to(model, root)
        if path is not None:
            rows = model._default_manager.filter(**{f"{path}__in": keys})
            narrow = _spared.get(model._meta.label_lower)
            rows = narrow(rows) if narrow else rows
            empty = {} if deletes(fields) else emptied(model, fields)
            shares.append(Doomed(model, tuple(rows.values_list("pk", flat=True)), empty))
    with transaction.atomic():
        return _carry_out(sorted((one for one in shares if one.pks), key=_emptied_first))


def _emptied_first(one: Doomed) -> tuple[bool, str]:
    """A frozen message lets its files go once it is empty."""
    return not one.empty, one.label


def _hold(customer: Customer) -> Customer:
    """Addresses first, as the filing of a mail holds them: one in flight is waited for and goes with the rest."""
    list(CustomerAddress.objects.select_for_update().filter(customer=customer).order_by("pk"))
    return Customer.objects.select_for_update().get(pk=customer.pk)


def doomed(customer: Customer) -> list[Doomed]:
    """Every table's share, in the order in which it can go."""
    shares = [
        Doomed(model, _rows_of(model, path, customer), {} if deletes(fields) else emptied(model, fields))
        for model, path, fields in tables()
    ]
    return sorted((one for one in shares if one.pks), key=_emptied_first)


def tables() -> list[tuple[type[models.Model], str | None, dict[str, D]]]:
    """Every table of which something goes: model, path to the customer, declarations."""
    return [
        (model, path_to_customer(model), fields)
        for model, fields in sorted(declared_models().items(), key=lambda item: item[0]._meta.label_lower)
        if any(one.erase is not Erase.KEEP for one in fields.values())
    ]


def deletes(fields: dict[str, D]) -> bool:
    """Whether the table's rows go as a whole: one field that must go takes its row with it."""
    return any(one.erase is Erase.DELETE for one in fields.values())


def emptied(model: type[models.Model], fields: dict[str, D]) -> dict[str, Any]:
    """The fields that are emptied in place, each with its empty value. Raises TypeError for one that has none."""
    names = [name for name, one in fields.items() if one.erase in (Erase.BLANK, Erase.SHRED)]
    return {name: _empty_value(model._meta.get_field(name)) for name in names}


def in_words(counts: dict[str, int]) -> list[str]:
    """The counts for people: `messages: 3`."""
    by_label = {model._meta.label_lower: model for model in declared_models()}
    return [
        f"{_words.get(label) or by_label[label]._meta.verbose_name_plural}: {count}"
        for label, count in sorted(counts.items())
    ]


def _empty_value(field: Any) -> Any:
    if field.null:
        return None
    if isinstance(field, (models.CharField, models.TextField)):
        return ""
    if isinstance(field, models.JSONField):
        return field.get_default()
    raise TypeError(f"{field} cannot be emptied: declare it DELETE or KEEP.")


def _rows_of(model: type[models.Model], path: str | None, customer: Customer) -> tuple[Any, ...]:
    """The keys, collected before anything is gone that leads to them."""
    label, manager = model._meta.label_lower, model._default_manager
    reached = [manager.filter(**{path: customer.pk})] if path else []
    if label in _reached:
        reached.append(_reached[label](customer))
    if label in _spared:
        reached = [_spared[label](rows) for rows in reached]
    return tuple(sorted({pk for rows in reached for pk in rows.values_list("pk", flat=True)}))


def _carry_out(shares: list[Doomed]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for share in shares:
        count = _empty(share) if share.empty else _delete(share)
        if count:
            counts[share.label] = count
    return counts


def _empty(share: Doomed) -> int:
    full = Q()
    for name, value in share.empty.items():
        full |= ~Q(**{name: value})
    return sum(rows.filter(full).update(**share.empty) for rows in share.chunks())


def _delete(share: Doomed) -> int:
    count = 0
    for rows in share.chunks():
        files = _files_of(share.model, rows)
        count += rows.only("pk").delete()[1].get(share.model._meta.label, 0)
        _remove_on_commit(share.model, files)
    return count


def _files_of(model: type[models.Model], rows: Rows) -> dict[str, set[str]]:
    """The names of the rows' files, by field."""
    fields = [field.name for field in model._meta.concrete_fields if isinstance(field, models.FileField)]
    return {name: {file for file in rows.values_list(name, flat=True) if file} for name in fields}


def _remove_on_commit(model: type[models.Model], files: dict[str, set[str]]) -> None:
    """A file that another row names stays."""
    for name, paths in files.items():
        used = set(model._default_manager.filter(**{f"{name}__in": paths}).values_list(name, flat=True))
        storage = model._meta.get_field(name).storage  # type: ignore[union-attr]
        for path in sorted(paths - used):
            transaction.on_commit(_remover(storage, path))


def _remover(storage: Storage, path: str) -> Callable[[], None]:
    def remove() -> None:
        """One file that cannot be removed keeps no other: the row is gone, and the log names the file."""
        try:
            storage.delete(path)
        except OSError:
            log.exception("erased_file_not_removed", path=path)

    return remove
