"""Tables beside the drafts: words under way, calls that are paid once, help asked for, what tickets are about."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pgvector.django import VectorField

from governance.models import AIDecision
from helpdesk.people.models import Membership
from helpdesk.privacy.crypto import EncryptedTextField
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned
from tickets.models import Message, Ticket


class Writing(TenantOwned):
    """The words of a draft that a service is still writing, for the eyes only: gone when it is done.

    What stands here can be approved by nobody: it has no explanation yet, and an AIText says whose words it is.
    """

    message = TenantForeignKey(Message, on_delete=models.CASCADE)
    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT)
    text = models.TextField()
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "message"], name="one_writing_per_message")
        ]

    def __str__(self) -> str:
        return f"writing {self.message_id}"


class PaidCall(TenantOwned):
    """One call of an outside service and its answer, so that the same work is not paid twice.

    `key` says what was asked, of whom, in which words. Without an answer it is under way, since `claimed_at`.
    """

    key = models.CharField(max_length=64)
    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE)
    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT)
    answer = EncryptedTextField(blank=True)
    claimed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="one_paid_call_per_key")]

    def __str__(self) -> str:
        return f"paid call {self.pk}"


class HelpKind(models.TextChoices):
    """What an agent can ask for beside a draft."""

    SHORTER = "shorter", _("Shorter")
    WARMER = "warmer", _("Warmer")
    CLEARER = "clearer", _("Clearer")
    TRANSLATE = "translate", _("Translate")
    SUMMARY = "summary", _("Summary")
    ARTICLE = "article", _("Article")


class HelpState(models.TextChoices):
    """How far the help is."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Not allowed")
    FAILED = "failed", _("Failed")
    USED = "used", _("Used")


class Help(TenantOwned):
    """What an agent asked the AI for on a ticket beside a draft, and what came of it. Nothing of it is sent."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE)
    member = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=10, choices=HelpKind)
    state = models.CharField(max_length=8, choices=HelpState, default=HelpState.WAITING)
    language = models.CharField(max_length=8, blank=True)
    before = models.TextField(blank=True)  # the agent's text, as it was handed over
    text = models.TextField(blank=True)
    points = models.JSONField(default=list)  # sentences: text, messages (ids), supported
    service = models.CharField(max_length=160, blank=True)  # who did it, as decisions name it
    masked_request = models.TextField(blank=True)  # exactly what left
    reason = models.CharField(max_length=300, blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "ticket", "-id"], name="help_by_ticket")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class TicketMeaning(TenantOwned):
    """What a ticket is about, as a vector of its masked question: finds those that are alike."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE)
    vector = VectorField(dimensions=384)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "ticket"], name="one_meaning_per_ticket")
        ]

    def __str__(self) -> str:
        return f"meaning {self.ticket_id}"
