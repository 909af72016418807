"""The ethics policy: each row is one version, and a published one never changes (trigger)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned


class PolicyStatus(models.TextChoices):
    """Draft until published; replaced when the next one is published."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("In force")
    REPLACED = "replaced", _("Replaced")


class EthicsPolicy(TenantOwned):
    """One version of the policy: prose for people, typed clauses for the gates (`governance.core.clauses`)."""

    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=120)
    prose = models.TextField(blank=True)
    clauses = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=PolicyStatus, default=PolicyStatus.DRAFT)
    is_major = models.BooleanField(default=True)
    author = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    approver = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    review_due = models.DateField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("ethics policy")
        verbose_name_plural = _("ethics policies")
        constraints = [
            models.UniqueConstraint(fields=["organization", "version"], name="policy_version_is_unique"),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(status="published"), name="one_policy_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"
