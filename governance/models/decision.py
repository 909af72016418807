"""What the AI was asked, allowed, refused; stops; money; the explanation of a draft; the facts audits read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models.policy import EthicsPolicy
from helpdesk.people.models import Customer, Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned


class Epoch(TenantOwned):
    """One row per organization, raised by trigger on each governance write: cached facts fall with it."""

    value = models.BigIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_epoch")]

    def __str__(self) -> str:
        return str(self.value)


class AIDecision(TenantOwned):
    """One answer of the gate with the facts it was judged on. Never changed, but for `outcome` costs."""

    kind = models.CharField(max_length=10, default="real")  # real, canary
    action = models.CharField(max_length=20)  # triage, draft, save, approve, send
    purpose = models.CharField(max_length=20, default="ai_assist")
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    customer = TenantForeignKey(Customer, on_delete=models.SET_NULL, null=True, blank=True)
    actor = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    policy = TenantForeignKey(EthicsPolicy, on_delete=models.PROTECT, null=True, blank=True)
    allowed = models.BooleanField()
    reasons = models.JSONField(default=list)  # verdicts that spoke: code, result, reason, next step
    request = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    system = models.CharField(max_length=120, blank=True)  # provider/model
    prompt_hash = models.CharField(max_length=64, blank=True)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost_micro = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("step of the AI")
        verbose_name_plural = _("steps of the AI")
        indexes = [
            models.Index(fields=["organization", "-id"], name="decision_newest"),
            models.Index(fields=["organization", "created_at"], name="decision_by_time"),
            models.Index(fields=["organization", "subject_kind", "subject_id"], name="decision_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {'allowed' if self.allowed else 'stopped'}"


class DraftExplanation(TenantOwned):
    """Where a draft comes from, as values that stay true when the sources change: "Why this answer?"."""

    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT)
    sources = models.JSONField(default=list)  # number, kind, title, passage, version (date), url
    service = models.CharField(max_length=120)
    model = models.CharField(max_length=120, blank=True)
    prompt_hash = models.CharField(max_length=64, blank=True)
    fields_used = models.JSONField(default=list)
    replaced = models.JSONField(default=dict)  # kind of personal data -> how many placeholders
    confidence = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "decision"], name="one_explanation_per_decision")
        ]

    def __str__(self) -> str:
        return f"explanation of {self.decision_id}"


class AIStop(TenantOwned):
    """A stop of the AI: anyone may set one, only owner or officer lifts it (a ticket's own stop: any agent)."""

    scope = models.CharField(
        max_length=12,
        choices=[
            ("organization", _("Everything")),
            ("system", _("AI service")),
            ("topic", _("Topic")),
            ("ticket", _("Ticket")),
        ],
        default="organization",
    )
    topic = models.CharField(
        max_length=200, blank=True
    )  # of a topic's stop; of a service's: "provider/model"
    subject_id = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    started_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    lifted_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("stop of the AI")
        verbose_name_plural = _("stops of the AI")
        indexes = [models.Index(fields=["organization"], condition=Q(lifted_at=None), name="stop_in_force")]

    def __str__(self) -> str:
        return f"{self.scope} {self.topic}".strip()


class AISpend(TenantOwned):
    """What the AI cost on a day: drafts and micro-units of currency."""

    day = models.DateField()
    drafts = models.PositiveIntegerField(default=0)
    cost_micro = models.PositiveBigIntegerField(default=0)
    #: Promised to calls that are under way. Counts on its own day only, so that a lost call blocks no longer.
    reserved_drafts = models.PositiveIntegerField(default=0, db_default=0)
    reserved_micro = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "day"], name="one_spend_per_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.drafts}"


class OutcomeFact(TenantOwned):
    """What audits read instead of tickets: when a request was opened, first answered, solved, reopened."""

    subject_kind = models.CharField(max_length=20, default="ticket")
    subject_id = models.BigIntegerField()
    event = models.CharField(max_length=20)  # opened, first_reply, solved, reopened, satisfied
    value = models.FloatField(null=True, blank=True)  # seconds since opened, or score 0..1
    groups = models.JSONField(default=dict)  # language, channel, said_no_to_ai
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "event", "created_at"], name="outcome_by_event")]

    def __str__(self) -> str:
        return f"{self.event} of {self.subject_kind} {self.subject_id}"
