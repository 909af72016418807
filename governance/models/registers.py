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
    key = models.CharField(max_length=40, blank=True)  # of the list that we ship; "" = their own
    appetite = models.PositiveSmallIntegerField(  # likely times bad; empty: the policy's
        _("how much of it we take"), null=True, blank=True
    )
    strategy = models.CharField(
        _("what we do"),
        max_length=10,
        choices=[
            ("reduce", _("Make it smaller")),
            ("avoid", _("Do not do it")),
            ("share", _("Share it")),
            ("accept", _("Live with it")),
        ],
        default="reduce",
    )
    control = models.CharField(max_length=40, blank=True)  # key of the check that keeps it small
    control_ok = models.BooleanField(
        null=True
    )  # what that check last said; the "after" counts while it is not False
    control_checked_at = models.DateTimeField(null=True, blank=True)
    indicator = models.CharField(max_length=40, blank=True)  # key of the figure that re-opens it
    indicator_limit = models.FloatField(null=True, blank=True)
    indicator_value = models.FloatField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_because = models.CharField(max_length=300, blank=True)
    decide_by = models.DateField(_("decide until"), null=True, blank=True)
    accepted_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    accepted_until = models.DateField(_("accepted until"), null=True, blank=True)
    accepted_because = models.TextField(_("why it is accepted"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("risk")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key"], condition=~Q(key=""), name="shipped_risk_is_there_once"
            ),
            models.CheckConstraint(
                condition=Q(appetite__isnull=True) | (Q(appetite__gte=1) & Q(appetite__lte=25)),
                name="risk_appetite_is_on_the_scale",
            ),
            models.CheckConstraint(
                condition=_in_range("likelihood_before", "impact_before", "likelihood_after", "impact_after"),
                name="risk_scores_are_one_to_five",
            ),
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
    kind = models.CharField(
        max_length=8,
        choices=[("pairs", _("Invented customers")), ("live", _("Real tickets")), ("hand", _("By hand"))],
        default="hand",
    )
    key = models.CharField(max_length=40, blank=True)  # the question that is asked again and again
    system = models.CharField(max_length=120, blank=True)  # provider/model that it was for; "" = all
    prompt_hash = models.CharField(max_length=64, blank=True)
    decision = models.CharField(
        max_length=10,
        choices=[
            ("", _("Not decided")),
            ("mend", _("Mend it, then check again")),
            ("accept", _("Go on, with reasons")),
            ("stop", _("Stop the AI there")),
        ],
        blank=True,
        default="",
    )
    decision_text = models.TextField(_("why"), blank=True)
    decided_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_until = models.DateField(_("decision valid until"), null=True, blank=True)
    made_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    accountable = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    review_due = models.DateField(_("look at it again on"), null=True, blank=True)

    class Meta:
        verbose_name = _("fairness check")
        indexes = [models.Index(fields=["organization", "key", "-id"], name="audit_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="") | Q(decision_until__isnull=False), name="audit_decision_ends"
            )
        ]

    def __str__(self) -> str:
        return self.title
