"""What went wrong and what followed: incidents with a clock, findings with a decision, changes told to people."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models.kept import Kept
from governance.models.registers import BiasAudit, Risk
from governance.models.systems import AISystem
from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned


class Incident(Kept):
    """Something went wrong. Serious and open, it stops the AI on its system and topic until the review is done."""

    title = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    kind = models.CharField(
        max_length=12,
        choices=[
            ("leak", _("Data reached the wrong people")),
            ("wrong", _("A wrong answer went out")),
            ("unfair", _("Somebody was treated unfairly")),
            ("record", _("A record does not add up")),
            ("stopped", _("Something did not work")),
            ("other", _("Something else")),
        ],
        default="other",
    )
    severity = models.PositiveSmallIntegerField(
        _("how bad"), validators=[MinValueValidator(1), MaxValueValidator(5)], default=2
    )
    is_serious = models.BooleanField(_("serious: the AI stops there"), default=False)
    system = TenantForeignKey(AISystem, on_delete=models.PROTECT, null=True, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    signal = models.CharField(max_length=40, blank=True)  # leak_scan, ledger_break, complaints; "" = by hand
    opened_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    happened_at = models.DateTimeField(null=True, blank=True)
    noticed_at = models.DateTimeField()
    report_due_at = models.DateTimeField(
        null=True, blank=True
    )  # 72 h after noticing, where people's data is concerned
    reported_at = models.DateTimeField(null=True, blank=True)
    not_reported_because = models.CharField(max_length=300, blank=True)
    state = models.CharField(
        max_length=10,
        choices=[
            ("open", _("Open")),
            ("contained", _("Under control")),
            ("review", _("Being looked into")),
            ("closed", _("Closed")),
        ],
        default="open",
    )
    affected = models.JSONField(default=list, blank=True)  # subject references: "ticket:7"
    affected_count = models.PositiveIntegerField(default=0)
    apology = models.TextField(_("what we told those affected"), blank=True)
    apologised_at = models.DateTimeField(null=True, blank=True)
    remedy = models.TextField(_("how we put it right"), blank=True)
    review = models.TextField(_("what we learned, without blame"), blank=True)
    reviewed_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    public_text = models.TextField(_("what the trust page says"), blank=True)
    is_published = models.BooleanField(_("show on the trust page"), default=False)

    class Meta:
        verbose_name = _("incident")
        indexes = [models.Index(fields=["organization", "state"], name="incident_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__gte=1) & Q(severity__lte=5), name="incident_severity_is_one_to_five"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (~Q(review="") & Q(closed_at__isnull=False)),
                name="closed_incident_was_reviewed",
            ),
            # A signal opens one incident at a time.
            models.UniqueConstraint(
                fields=["organization", "signal"],
                condition=~Q(signal="") & ~Q(state="closed"),
                name="one_open_incident_per_signal",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Change(Kept):
    """ "You said, we changed": what people said, what changed, and the configuration change that proves it."""

    said = models.TextField(_("what you said"))
    changed = models.TextField(_("what we changed"))
    source_ref = models.CharField(max_length=60, blank=True)  # finding:3, record:8, survey
    change_ref = models.CharField(max_length=60)  # policy:4, version:2: as in the ledger
    change_hash = models.CharField(max_length=64, blank=True)
    author = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("change after feedback")
        verbose_name_plural = _("changes after feedback")

    def __str__(self) -> str:
        return self.changed[:60]


class Finding(Kept):
    """Something that was found and needs a decision: from a check, a survey, a risk, a concern, or by hand."""

    title = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    source = models.CharField(
        max_length=20, default="hand"
    )  # audit, survey, pulse, risk, concern, check, hand
    source_ref = models.CharField(max_length=60, blank=True)
    audit = TenantForeignKey(BiasAudit, on_delete=models.PROTECT, null=True, blank=True)
    risk = TenantForeignKey(Risk, on_delete=models.PROTECT, null=True, blank=True)
    incident = TenantForeignKey(Incident, on_delete=models.PROTECT, null=True, blank=True)
    decision = models.CharField(
        max_length=10,
        choices=[
            ("", _("Not decided")),
            ("mend", _("Mend it")),
            ("accept", _("Live with it")),
            ("stop", _("Stop")),
        ],
        blank=True,
        default="",
    )
    decision_text = models.TextField(_("why"), blank=True)
    decided_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    mitigation = models.TextField(_("what we do about it"), blank=True)
    retest_due = models.DateField(_("check again on"), null=True, blank=True)
    change = TenantForeignKey(Change, on_delete=models.PROTECT, null=True, blank=True)
    state = models.CharField(
        max_length=10,
        choices=[("open", _("Open")), ("decided", _("Decided")), ("closed", _("Closed"))],
        default="open",
    )
    closed_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("finding")
        indexes = [models.Index(fields=["organization", "state"], name="finding_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="finding_is_decided_before_it_closes",
            ),
            models.UniqueConstraint(
                fields=["organization", "source", "source_ref"],
                condition=~Q(source_ref="") & ~Q(state="closed"),
                name="one_open_finding_per_source",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SelfCheck(TenantOwned):
    """One run of a check that the product does by itself (`security_audit`, retention, fairness): evidence."""

    kind = models.CharField(max_length=40)
    ok = models.BooleanField()
    results = models.JSONField(default=list)  # name, ok, said, next step
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("check by the product itself")
        indexes = [models.Index(fields=["organization", "kind", "-id"], name="self_check_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {'ok' if self.ok else 'not ok'}"


class MetricEntry(TenantOwned):
    """One figure of a period, with n and interval, or why it was not measured. Never changed: a new row counts."""

    key = models.CharField(max_length=40)
    period_from = models.DateField()
    period_to = models.DateField()
    value = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    n = models.PositiveIntegerField(default=0)
    not_measured_because = models.CharField(max_length=300, blank=True)
    entered_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("figure")
        indexes = [models.Index(fields=["organization", "key", "-period_to"], name="metric_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(not_measured_because=""), name="measured_or_said_why"
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=models.F("period_from")), name="period_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.period_to}"
