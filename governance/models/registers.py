"""Registers filled by hand: risks and bias audits."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned

_ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]


def _in_range(*fields: str) -> Q:
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__gte": 1, f"{field}__lte": 5})
    return condition


class Risk(TenantOwned):
    """A risk on a 5x5 scale, before and after what we do about it."""

    title = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    likelihood_before = models.PositiveSmallIntegerField(
        _("how likely before"), validators=_ONE_TO_FIVE, default=3
    )
    impact_before = models.PositiveSmallIntegerField(_("how bad before"), validators=_ONE_TO_FIVE, default=3)
    treatment = models.TextField(_("what we do about it"), blank=True)
    likelihood_after = models.PositiveSmallIntegerField(
        _("how likely after"), validators=_ONE_TO_FIVE, default=2
    )
    impact_after = models.PositiveSmallIntegerField(_("how bad after"), validators=_ONE_TO_FIVE, default=2)
    status = models.CharField(
        max_length=10,
        choices=[("open", _("Open")), ("accepted", _("Accepted")), ("closed", _("Closed"))],
        default="open",
    )
    accountable = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    review_due = models.DateField(_("look at it again on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("risk")
        constraints = [
            models.CheckConstraint(
                condition=_in_range("likelihood_before", "impact_before", "likelihood_after", "impact_after"),
                name="risk_scores_are_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return self.title


class BiasAudit(TenantOwned):
    """A check whether groups of customers are treated alike, recorded by hand (an engine comes later)."""

    title = models.CharField(max_length=160)
    question = models.TextField(_("what was asked"), blank=True)
    method = models.TextField(_("how it was checked"), blank=True)
    window_from = models.DateField(null=True, blank=True)
    window_to = models.DateField(null=True, blank=True)
    sample_size = models.PositiveIntegerField(_("number of tickets"), default=0)
    verdict = models.CharField(
        max_length=12,
        choices=[
            ("pass", _("Treated alike")),
            ("watch", _("Keep an eye on it")),
            ("fail", _("Not treated alike")),
            ("insufficient", _("Too few tickets to tell")),
        ],
        default="insufficient",
    )
    figures = models.JSONField(default=dict, blank=True)
    interpretation = models.TextField(_("what it means, in your words"), blank=True)
    interpreted_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    is_published = models.BooleanField(_("show on the trust page"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("bias audit")

    def __str__(self) -> str:
        return self.title
