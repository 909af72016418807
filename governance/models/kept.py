"""What every register entry has: somebody who answers for it, and a day on which it is looked at again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned


class Kept(TenantOwned):
    """Base of the registers. Written through `governance.services.registers`, which keeps the history."""

    accountable = TenantForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("who answers for it")
    )
    review_due = models.DateField(_("look at it again on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class RegisterChange(TenantOwned):
    """One change of one register entry: who, when, which values before and after. Only grows (trigger)."""

    object_ref = models.CharField(max_length=60)  # risk:7, the same reference as in the ledger
    title = models.CharField(max_length=160, blank=True)
    action = models.CharField(max_length=12)  # created, changed, renewed, removed
    member = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    values = models.JSONField(default=dict)  # field -> [before, after], as text
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("change of a register")
        indexes = [models.Index(fields=["organization", "object_ref", "-id"], name="change_by_object")]

    def __str__(self) -> str:
        return f"{self.object_ref} {self.action}"


class ClockNotice(TenantOwned):
    """A mail about a date that comes nearer, sent once: nothing closes without those of 30, 14 and 3 days before."""

    object_ref = models.CharField(max_length=60)
    due_on = models.DateField()
    days_before = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "object_ref", "due_on", "days_before"], name="one_notice_per_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_ref} {self.due_on} -{self.days_before}"
