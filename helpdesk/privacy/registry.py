"""What every field of every table holds: category, purpose, export, erasure, and whether an AI service may see it.

A field that nobody declared fails a system check, so privacy notice, export and erasure cannot forget it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(StrEnum):
    """What kind of data a field holds."""

    TECHNICAL = "technical"  # keys, states, counters: no meaning about a person by themselves
    CONTACT = "contact"  # names, addresses
    CONTENT = "content"  # what people wrote
    BEHAVIOUR = "behaviour"  # what people did and when
    CHOICE = "choice"  # consents, objections, wishes
    STAFF = "staff"  # about the people who work here
    SECRET = "secret"  # noqa: S105 - keys, passwords, tokens
    BUSINESS = "business"  # the organization's own texts and settings


CATEGORY_LABELS = {
    Category.TECHNICAL: _("Technical keys and states"),
    Category.CONTACT: _("Names and addresses"),
    Category.CONTENT: _("What you wrote and what we answered"),
    Category.BEHAVIOUR: _("What happened and when"),
    Category.CHOICE: _("Your choices"),
    Category.STAFF: _("Data about our staff"),
    Category.SECRET: _("Keys and passwords"),
    Category.BUSINESS: _("Our own texts and settings"),
}


class Erase(StrEnum):
    """What an erasure does with a field."""

    KEEP = "keep"  # not about the customer, or a duty to keep it (give the reason)
    DELETE = "delete"  # the whole row goes
    BLANK = "blank"  # emptied in place
    SHRED = "shred"  # its key or salt is destroyed


@dataclass(frozen=True)
class D:
    """Declaration of one field. `purpose` is why it is held, in words a customer understands."""

    category: Category
    purpose: str = "service"
    export: bool = False
    erase: Erase = Erase.KEEP
    ai_may_see: bool = False
    reason: str = ""


TECHNICAL = D(Category.TECHNICAL)
#: Keys and links that every row has and that say nothing by themselves.
IMPLIED = {"id", "organization"}

_declared: dict[str, dict[str, D]] = {}


def declare(label: str, fields: dict[str, D], *, rest: D | None = None) -> None:
    """Declare a model's fields. `rest` declares those not named (only for tables that hold nothing personal)."""
    _declared[label.lower()] = fields if rest is None else {**fields, "*": rest}


def declaration(model: type[models.Model], field_name: str) -> D | None:
    """The declaration of a field; None where there is none."""
    if field_name in IMPLIED:
        return TECHNICAL
    fields = _declared.get(model._meta.label_lower, {})
    return fields.get(field_name, fields.get("*"))


def declared_models() -> dict[type[models.Model], dict[str, D]]:
    """Every declared model with the declaration of each of its concrete fields."""
    return {
        model: {
            field.name: found
            for field in model._meta.concrete_fields
            if (found := declaration(model, field.name)) is not None
        }
        for label in _declared
        for model in [apps.get_model(label)]
    }


def undeclared() -> list[str]:
    """`app.model.field` of every field of our own models that nobody declared, and declarations of nothing."""
    missing = [
        f"{model._meta.label_lower}.{field.name}"
        for model in own_models()
        for field in model._meta.concrete_fields
        if declaration(model, field.name) is None
    ]
    return missing + _stale()


def own_models() -> list[type[models.Model]]:
    """The models of this project's rooms (not those of the libraries)."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in {"helpdesk", "governance", "tickets", "aiassist"}
    ]


def _stale() -> list[str]:
    stale = []
    for label, fields in _declared.items():
        names = {field.name for field in apps.get_model(label)._meta.get_fields()}
        stale += [
            f"{label}.{name} (declared, does not exist)"
            for name in fields
            if name != "*" and name not in names
        ]
    return stale
