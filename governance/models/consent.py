"""What customers chose: consents and objections (append-only), and their data requests with clocks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Customer, Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned


class Purpose(models.TextChoices):
    """What data is used for beyond answering. `humans_only` is the wish "Answer me without AI"."""

    AI_ASSIST = "ai_assist", _("AI may help draft answers to me")
    HUMANS_ONLY = "humans_only", _("Answer me without AI")
    SENTIMENT = "sentiment", _("Read the mood of my messages")
    IMPROVE = "improve", _("Use my messages to make the AI better")
    MARKETING = "marketing", _("Send me offers")


class ConsentState(models.TextChoices):
    """The newest record per purpose counts."""

    GRANTED = "granted", _("Agreed")
    REFUSED = "refused", _("Not agreed, or taken back")
    OBJECTED = "objected", _("Said no")


class Consent(TenantOwned):
    """One choice of one customer, kept for ever (append-only by trigger). The newest per purpose is in force."""

    customer = TenantForeignKey(Customer, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=20, choices=Purpose)
    state = models.CharField(max_length=10, choices=ConsentState)
    method = models.CharField(max_length=40)  # portal, mail_link, mail_text, agent
    notice_hash = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=8, blank=True)
    recorded_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("customer's choice")
        verbose_name_plural = _("customers' choices")
        indexes = [models.Index(fields=["organization", "customer", "purpose", "-id"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.state}"


class DataRequestKind(models.TextChoices):
    """What a customer may ask of their data."""

    ACCESS = "access", _("See my data")
    ERASE = "erase", _("Delete my data")
    CORRECT = "correct", _("Correct my data")
    RESTRICT = "restrict", _("Pause the use of my data")
    HUMAN_REVIEW = "human_review", _("Ask a person to look again")


class DataRequest(TenantOwned):
    """A customer's request with its clock. The legal term is a setting with a source (GDPR Art 12(3))."""

    customer = TenantForeignKey(Customer, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=DataRequestKind)
    status = models.CharField(
        max_length=12,
        choices=[
            ("open", _("Open")),
            ("fulfilled", _("Done")),
            ("denied", _("Refused")),
            ("revoked", _("Taken back")),
        ],
        default="open",
    )
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        verbose_name = _("data request")
        indexes = [models.Index(fields=["organization", "status", "due_at"], name="data_request_due")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"
