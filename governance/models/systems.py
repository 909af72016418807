"""The AI systems in use, each with its card and its tested versions; the AI services (companies) behind them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.models.kept import Kept
from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned


class Stage(models.TextChoices):
    """Where in its life a system is; only a pilot or a live one works for customers."""

    PLAN = "plan", _("Planned")
    BUILD = "build", _("Being set up")
    PILOT = "pilot", _("Trial")
    LIVE = "live", _("In use")
    RETIRED = "retired", _("No longer used")


class AISystem(Kept):
    """The card of one AI system: what it is for, where its limits are, how it is tested."""

    name = models.CharField(max_length=120)
    provider = models.CharField(max_length=80)  # as the request names it: SystemRef.provider
    is_external = models.BooleanField(_("texts leave this installation"), default=True)
    purpose = models.TextField(_("what it is for"), blank=True)
    limits = models.TextField(_("what it is not for"), blank=True)
    bounds = models.TextField(_("what may change without a new test"), blank=True)
    data = models.TextField(_("data it was made with and data it sees"), blank=True)
    figures = models.JSONField(default=dict, blank=True)  # name -> [value, n, note]
    known_failures = models.TextField(_("what it gets wrong"), blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.PLAN)
    #: Prompts that come with a release and passed its tests are taken without a question.
    follows_release = models.BooleanField(_("takes tested updates by itself"), default=True)
    is_published = models.BooleanField(_("show on the trust page"), default=True)

    class Meta:
        verbose_name = _("AI system")
        verbose_name_plural = _("AI systems")
        constraints = [
            models.UniqueConstraint(fields=["organization", "provider"], name="one_system_per_provider")
        ]

    def __str__(self) -> str:
        return self.name


class VersionState(models.TextChoices):
    """A new version runs in the shadow until it passed and somebody said yes."""

    SHADOW = "shadow", _("Being tested")
    APPROVED = "approved", _("In use")
    RETIRED = "retired", _("No longer used")


class SystemVersion(TenantOwned):
    """One model with one prompt: what exactly may be called."""

    system = TenantForeignKey(AISystem, on_delete=models.PROTECT)
    model = models.CharField(max_length=120)
    prompt_hash = models.CharField(max_length=64, blank=True)
    release = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.SHADOW)
    results = models.JSONField(default=dict, blank=True)  # golden tickets, pairs: passed, n, figures
    proposed_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    approved_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("version of an AI system")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "system", "model", "prompt_hash"], name="version_is_registered_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False), name="approved_has_a_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.prompt_hash[:8]}".strip()


class Vendor(Kept):
    """An AI service: the company, what it answered, the five facts that the owner confirmed, its contract."""

    name = models.CharField(max_length=120)
    provider = models.CharField(max_length=80)  # the same as AISystem.provider
    website = models.CharField(max_length=200, blank=True)
    region = models.CharField(_("where the data goes"), max_length=12, blank=True)  # "" = not known
    answers = models.JSONField(default=list, blank=True)  # question, answer, source, date
    facts = models.JSONField(default=dict, blank=True)  # fact -> {"answer": yes|no|unknown, "on", "by"}
    contract = models.CharField(_("contract"), max_length=300, blank=True)  # where it lies
    contract_signed_on = models.DateField(null=True, blank=True)
    sub_processors = models.JSONField(default=list, blank=True)  # name, purpose, region
    state = models.CharField(
        max_length=10,
        choices=[("draft", _("Not decided")), ("approved", _("Approved")), ("ended", _("Ended"))],
        default="draft",
    )
    approved_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("AI service")
        verbose_name_plural = _("AI services")
        constraints = [
            models.UniqueConstraint(fields=["organization", "provider"], name="one_vendor_per_provider"),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (Q(approved_at__isnull=False) & Q(expires_on__isnull=False) & ~Q(region="")),
                name="approved_vendor_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SecondLook(TenantOwned):
    """A colleague's second look at an answer on a risky topic, for exactly this text."""

    subject_kind = models.CharField(max_length=20, default="ticket")
    subject_id = models.BigIntegerField()
    content_hash = models.CharField(max_length=64)
    asked_by = TenantForeignKey(Membership, on_delete=models.PROTECT)
    looked_by = TenantForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True)
    is_fine = models.BooleanField(null=True)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("second look")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "subject_kind", "subject_id", "content_hash"],
                name="one_second_look_per_text",
            ),
            models.CheckConstraint(
                condition=Q(looked_by__isnull=True) | ~Q(looked_by=F("asked_by")),
                name="second_look_is_another_person",
            ),
            models.CheckConstraint(
                condition=Q(is_fine__isnull=True) | (Q(looked_by__isnull=False) & Q(looked_at__isnull=False)),
                name="second_look_names_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"
