"""A person's approval, the texts the AI wrote for a ticket, and the one outcome of each inbound message."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import AIDecision
from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned
from tickets.models.message import Message
from tickets.models.ticket import Ticket


class Approval(TenantOwned):
    """A named person decided that exactly this goes out: hash of the content, revision of the ticket.

    `decision` is that person's own about this ticket (trigger), and carries no other approval.
    """

    message = TenantForeignKey(Message, on_delete=models.CASCADE, related_name="approvals")
    approver = TenantForeignKey(Membership, on_delete=models.PROTECT)
    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT)
    content_hash = models.CharField(max_length=64)
    ticket_revision = models.PositiveIntegerField()
    disclosure_version = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "decision"], name="one_approval_per_decision")
        ]
        indexes = [models.Index(fields=["organization", "message"], name="approval_by_message")]

    def __str__(self) -> str:
        return f"approval of {self.message_id}"


class AIText(TenantOwned):
    """A text that the AI showed on a ticket (draft, rewrite, translation), so that a paste is recognised."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE)
    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT)
    kind = models.CharField(max_length=12, default="draft")
    text = models.TextField()
    text_hash = models.CharField(max_length=64)  # sha256 of the normalised text, as the trigger computes it
    exempt = models.JSONField(default=list)  # source passages a person may paste themselves
    unsupported = models.JSONField(
        default=list
    )  # sentences without a source: touched before sending, or not sent
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "ticket", "text_hash"], name="ai_text_by_ticket")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class MessageOutcome(TenantOwned):
    """What the AI did about an inbound message: exactly one row per message, even if "not allowed"."""

    message = TenantForeignKey(Message, on_delete=models.CASCADE)
    result = models.CharField(
        max_length=12,
        choices=[
            ("drafted", _("Drafted")),
            ("no_draft", _("No draft")),
            ("not_allowed", _("Not allowed")),
            ("failed", _("Failed for good")),
        ],
    )
    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT, null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "message"], name="one_outcome_per_message")
        ]

    def __str__(self) -> str:
        return self.result
