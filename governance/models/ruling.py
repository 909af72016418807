"""How rules come about and give way: comments and approvals of a version, and overrides of a check."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.core.clauses import NEVER_SOFTENED
from governance.models.policy import EthicsPolicy
from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned

#: Longer is not an exception but a rule: change the policy.
LONGEST_OVERRIDE = timedelta(days=7)


class PolicyComment(TenantOwned):
    """What somebody said about a draft in its comment round, and what became of it."""

    policy = TenantForeignKey(EthicsPolicy, on_delete=models.CASCADE)
    member = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    name = models.CharField(max_length=120, blank=True)  # a guest's
    text = models.TextField()
    answer = models.TextField(blank=True)
    answered_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("comment on the rules")
        indexes = [models.Index(fields=["organization", "policy"], name="comment_by_policy")]

    def __str__(self) -> str:
        return self.text[:60]


class PolicyApproval(TenantOwned):
    """Somebody said yes to exactly this text; another text needs another yes. `step` 2 is the author's second yes."""

    policy = TenantForeignKey(EthicsPolicy, on_delete=models.CASCADE)
    member = TenantForeignKey(Membership, on_delete=models.PROTECT)
    content_hash = models.CharField(max_length=64)
    step = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("approval of the rules")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "policy", "member", "content_hash", "step"], name="one_yes_per_text"
            )
        ]

    def __str__(self) -> str:
        return f"approval {self.pk}"


class Override(TenantOwned):
    """A check gives way for a while: who says so, why, which value gives way, until when. Counted in public."""

    gate = models.CharField(max_length=3)
    subject_kind = models.CharField(max_length=20, blank=True)  # both empty: everywhere
    subject_id = models.BigIntegerField(null=True, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    member = TenantForeignKey(Membership, on_delete=models.PROTECT)
    why = models.TextField(_("why"))
    value_given_way = models.CharField(_("which value gives way"), max_length=40)
    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        indexes = [models.Index(fields=["organization", "until"], name="override_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("starts_at")) & Q(until__lte=F("starts_at") + LONGEST_OVERRIDE),
                name="override_lasts_seven_days",
            ),
            models.CheckConstraint(
                condition=~Q(gate__in=sorted(NEVER_SOFTENED)), name="some_checks_never_give_way"
            ),
            models.CheckConstraint(condition=~Q(why="") & ~Q(value_given_way=""), name="override_says_why"),
            models.CheckConstraint(
                condition=(Q(subject_kind="") & Q(subject_id__isnull=True))
                | (~Q(subject_kind="") & Q(subject_id__isnull=False)),
                name="override_names_its_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gate} until {self.until:%Y-%m-%d %H:%M}"
