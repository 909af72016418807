"""The AI worker's own tables: drafts, the AI service an organization chose, and the passages to retrieve from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import VectorField

from aiassist.assistant.models import Conversation, Question  # noqa: F401 - tables in a file of their own
from aiassist.drafting_models import (  # noqa: F401 - tables in a file of their own
    Help,
    HelpKind,
    HelpState,
    PaidCall,
    TicketMeaning,
    Writing,
)
from aiassist.learned_models import (  # noqa: F401 - tables of this room, in a file of their own
    AnswerFact,
    GoldenRun,
    GoldenTicket,
    Lesson,
    PromptChoice,
    TopicProposal,
)
from aiassist.sorting_models import LearnedTopics, Sorting, TopicMerge  # noqa: F401 - tables in a file of their own
from governance.models import AIDecision
from helpdesk.people.models import Membership
from helpdesk.privacy.crypto import EncryptedTextField
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned
from tickets.models import Article, CannedReply, Message, Ticket


class DraftState(models.TextChoices):
    """What became of a draft."""

    PROPOSED = "proposed", _("Proposed")
    USED = "used", _("Used")
    EDITED = "edited", _("Edited")
    REJECTED = "rejected", _("Rejected")
    SUPERSEDED = "superseded", _("Replaced by a newer one")
    STOPPED = "stopped", _("Stopped")


class Draft(TenantOwned):
    """A draft answer to one inbound message, sentence by sentence with its sources."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE)
    message = TenantForeignKey(Message, on_delete=models.CASCADE)
    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.PROPOSED)
    text = models.TextField()
    sentences = models.JSONField(default=list)  # text, sources (numbers), supported, neutral
    sources = models.JSONField(default=list)  # number, kind, id, title, passage, updated, url
    replaced = models.JSONField(default=dict)  # kind -> count
    masked_request = models.TextField(blank=True)  # exactly what left, or would have left, the building
    language = models.CharField(max_length=8, blank=True)
    note = models.CharField(max_length=300, blank=True)
    #: Why the built-in assistant wrote it although a service was chosen.
    instead = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=10, blank=True)
    reject_reason = models.CharField(max_length=200, blank=True)
    decided_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "message"], name="one_draft_per_message")
        ]
        indexes = [models.Index(fields=["organization", "ticket", "-id"], name="draft_by_ticket")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class AIService(TenantOwned):
    """The AI service an organization chose; without a row the built-in one, which needs no network, is used."""

    name = models.CharField(max_length=80)
    base_url = models.URLField(_("address"))
    api_key = EncryptedTextField(_("key"), blank=True)
    model = models.CharField(max_length=120)
    is_active = models.BooleanField(default=False)
    timeout_seconds = models.PositiveSmallIntegerField(default=30)
    price_in_micro = models.PositiveIntegerField(_("price per 1,000 tokens in, in millionths"), default=0)
    price_out_micro = models.PositiveIntegerField(_("price per 1,000 tokens out, in millionths"), default=0)
    #: Once AI has cost this much in a month, the built-in assistant drafts; 0 for no limit but the rules' own.
    monthly_cap_micro = models.PositiveBigIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("AI service")
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=models.Q(is_active=True), name="one_active_ai_service"
            )
        ]

    def __str__(self) -> str:
        return self.name


class TryState(models.TextChoices):
    """How far one trial is. Nothing leaves before `waiting`, which a person's click makes of `shown`."""

    SHOWN = "shown", _("Shown")
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Not allowed")
    FAILED = "failed", _("Failed")


class ServiceTry(TenantOwned):
    """One own ticket on which an owner tries an AI service: what would leave, and what came back. Never sent."""

    service = TenantForeignKey(AIService, on_delete=models.CASCADE, related_name="tries")
    message = TenantForeignKey(Message, on_delete=models.CASCADE)
    member = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT, null=True, blank=True)
    state = models.CharField(max_length=8, choices=TryState, default=TryState.SHOWN)
    shown = models.TextField()  # exactly what would leave
    text = models.TextField(blank=True)  # what the service wrote
    built_in = models.TextField(blank=True)  # what the built-in assistant wrote
    reason = models.CharField(max_length=300, blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    cost_micro = models.PositiveBigIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "service", "message"], name="one_try_per_message")
        ]

    def __str__(self) -> str:
        return f"try {self.pk}"


class Passage(TenantOwned):
    """A piece of an article, a canned reply or an earlier answer of the team, with its vectors.

    Exact distance: no approximate index under RLS. `text` of an earlier answer has no personal data in it; its title
    is empty, for the subject was the customer's. `title_vector` is empty where there is no title.
    """

    article = TenantForeignKey(Article, on_delete=models.CASCADE, null=True, blank=True)
    canned_reply = TenantForeignKey(CannedReply, on_delete=models.CASCADE, null=True, blank=True)
    message = TenantForeignKey(Message, on_delete=models.CASCADE, null=True, blank=True)  # what the team sent
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=160)
    text = models.TextField()
    language = models.CharField(max_length=8, blank=True)
    content_hash = models.CharField(max_length=64)
    vector = VectorField(dimensions=384)
    title_vector = VectorField(dimensions=384, null=True, blank=True)
    source_updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "article", "position"], name="passage_of_article"
            ),
            models.UniqueConstraint(
                fields=["organization", "canned_reply", "position"], name="passage_of_canned_reply"
            ),
            models.UniqueConstraint(
                fields=["organization", "message", "position"], name="passage_of_earlier_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} [{self.position}]"
