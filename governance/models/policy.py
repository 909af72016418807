"""The ethics policy: each row is one version, and a published one never changes (trigger)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned


class PolicyStatus(models.TextChoices):
    """Draft until published (scheduled: approved, starts later); replaced when the next one is published."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Starts later")
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
    effective_at = models.DateTimeField(null=True, blank=True)  # empty: at once
    summary = models.TextField(_("what changes and why"), blank=True)
    round_opened_at = models.DateTimeField(null=True, blank=True)
    round_closes_at = models.DateTimeField(null=True, blank=True)
    #: Nobody else could approve it: said on the trust page.
    self_approved = models.BooleanField(default=False)
    editors = models.JSONField(default=list, blank=True)  # ids of the memberships that wrote in it
    #: Where a draft that is written by answering questions stands: `kind` of business, `pages` answered.
    questions = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("version of the rules")
        verbose_name_plural = _("versions of the rules")
        constraints = [
            models.UniqueConstraint(fields=["organization", "version"], name="policy_version_is_unique"),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(status="published"), name="one_policy_in_force"
            ),
            models.CheckConstraint(
                condition=Q(self_approved=True) | Q(approver__isnull=True) | ~Q(approver=F("author")),
                name="author_is_not_approver",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"
