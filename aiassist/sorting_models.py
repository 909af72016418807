"""Tables of sorting: what was learned, how each message was sorted, which topics were merged."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import AIDecision
from helpdesk.people.models import Membership
from helpdesk.privacy.crypto import EncryptedTextField
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned
from tickets.models import Message, Ticket


class LearnedTopics(TenantOwned):
    """What was learned from an organization's solved tickets; one row, made anew at each run, sealed.

    `data` holds vectors and weights and no words. Whose messages it was learned from stands in `examples`, in the
    order that the explanation by nearest examples counts in; when one of them must be forgotten, the row goes.
    """

    data = EncryptedTextField()  # aiassist.core.triage.TopicModel, base64
    recipe = models.CharField(max_length=40)  # which version of the recipe, as its card names it
    examples = models.JSONField(default=list)  # ids of messages
    topics = models.JSONField(default=list)  # per topic: name, examples, right, spoke, right_when_spoke
    figures = models.JSONField(default=dict)  # examples, accuracy, threshold, coverage, seconds
    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT, null=True, blank=True)
    learned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_set_of_learned_topics")]

    def __str__(self) -> str:
        return f"{len(self.topics)} topics"


class SortingState(models.TextChoices):
    """What became of what the AI thinks a message is about."""

    UNSURE = "unsure", _("Not sure")
    PROPOSED = "proposed", _("Suggested")
    APPLIED = "applied", _("Set")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    TAKEN_BACK = "taken_back", _("Taken back")


class Sorting(TenantOwned):
    """How one inbound message was sorted, and what a person said to it."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE)
    message = TenantForeignKey(Message, on_delete=models.CASCADE)
    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=SortingState, default=SortingState.UNSURE)
    topic = models.CharField(max_length=40, blank=True)  # empty: it was not sure enough
    confidence = models.FloatField(null=True, blank=True)  # 0 to 1, calibrated
    nearest = models.JSONField(default=list)  # ids of the own messages that explain it, nearest first
    priority = models.PositiveSmallIntegerField(null=True, blank=True)  # only where it differs from normal
    because = models.CharField(max_length=20, blank=True)  # why that priority: a rule's name, or "topic"
    language = models.CharField(max_length=8, blank=True)
    human_topics = models.JSONField(default=list)  # topics that only people answer
    mood = models.CharField(max_length=10, blank=True)  # only with the customer's yes, and it changes nothing
    before = models.JSONField(default=dict)  # what was set on the ticket before: topic, priority
    decided_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "message"], name="one_sorting_per_message")
        ]
        indexes = [
            models.Index(fields=["organization", "ticket", "-id"], name="sorting_by_ticket"),
            models.Index(fields=["organization", "topic", "state"], name="sorting_by_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.topic or '-'} {self.state}"


class TopicMerge(TenantOwned):
    """One topic became part of another: which tickets were moved, so that it can be undone."""

    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    tickets = models.JSONField(default=list)  # ids
    member = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"
