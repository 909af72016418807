"""Organization, its hosts, and the base of every table that belongs to one organization."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.kinds import Kind
from helpdesk.tenancy.scope import current_scope

ModelT = TypeVar("ModelT", bound=models.Model)


class CurrentOrganization(Func):
    """The organization in force, as the database sees it: NULL, and so refused, where there is none."""

    template = "NULLIF(current_setting('app.organization', true), '')::uuid"
    output_field = models.UUIDField()


class Organization(models.Model):
    """A business on this installation. A global table: the host names it before any scope is open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.CharField(
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$", _("Use lower-case letters, digits and hyphens.")
            )
        ],
    )
    name = models.CharField(max_length=120)
    timezone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=8, default="en")
    requires_second_factor = models.BooleanField(default=False)
    kind = models.CharField(_("kind of business"), max_length=12, choices=Kind, blank=True, default="")
    #: An owner must accept the processing agreement before anything else. Here, so that asking costs no query.
    agreement_due = models.BooleanField(default=False)
    #: The first day's checklist stands on the desk. Here for the same reason.
    checklist_shown = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    #: Set while the desk is being closed: then everything of it is deleted, and not before (trigger).
    closes_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return self.name


class Domain(models.Model):
    """A host of an organization's own. A global table, for the same reason.

    It counts from `verified_at` on: before, anybody could have named it.
    """

    host = models.CharField(max_length=253, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="domains")
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(host=models.functions.Lower("host")), name="domain_host_is_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.host


class TenantQuerySet(models.QuerySet[ModelT]):
    """Fails loudly where no organization is in force; the database would answer with silence."""

    def _fetch_all(self) -> None:
        current_scope()
        super()._fetch_all()

    def _insert(self, *args: Any, **kwargs: Any) -> Any:
        current_scope()
        return super()._insert(*args, **kwargs)  # type: ignore[misc]

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        current_scope()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        current_scope()
        return super().count()

    def exists(self) -> bool:
        current_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        current_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        current_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        current_scope()
        return super().delete()


TenantManager = models.Manager.from_queryset(TenantQuerySet)


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A foreign key between tenant-owned tables; IsolateTables adds the constraint over both columns."""

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("db_index", False)  # indexes lead with the organization: named in Meta
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs


class TenantOwned(models.Model):
    """A row of one organization: filled in and held by the database, guarded loudly in Python."""

    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        editable=False,
        db_default=CurrentOrganization(),
        db_index=False,
        related_name="+",
    )

    objects = TenantManager()

    class Meta:
        abstract = True
