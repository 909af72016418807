"""What somebody asked the assistant on the help pages, and what it said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import AIDecision
from helpdesk.people.models import Customer
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned
from tickets.models import Ticket


class Conversation(TenantOwned):
    """Questions of one visitor. Who is not signed in is known by nothing but the token in their browser.

    `customer`: signed in, or known since a person took over. `ticket`: where a person answers.
    """

    token_hash = models.CharField(max_length=64)
    customer = TenantForeignKey(Customer, on_delete=models.CASCADE, null=True, blank=True)
    ticket = TenantForeignKey(Ticket, on_delete=models.SET_NULL, null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "token_hash"], name="one_conversation_per_token")
        ]
        indexes = [models.Index(fields=["organization", "created_at"], name="conversation_by_time")]

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class QuestionState(models.TextChoices):
    """How far one question is."""

    WAITING = "waiting", _("Waiting")
    ANSWERED = "answered", _("Answered by the assistant")
    PERSON = "person", _("For a person")


class Question(TenantOwned):
    """One question and, where every check let it, the assistant's answer with its sources.

    A trigger refuses words of the AI without a decision that let exactly this question be answered, without the line
    that says whose words they are, or changed afterwards.
    """

    conversation = TenantForeignKey(Conversation, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField()
    state = models.CharField(max_length=8, choices=QuestionState, default=QuestionState.WAITING)
    why = models.CharField(max_length=12, blank=True)  # why a person answers: a key of `words.WHY`
    language = models.CharField(max_length=8, blank=True)
    label = models.CharField(max_length=200, blank=True)  # said before the first word of the answer
    answer = models.TextField(blank=True)
    answer_language = models.CharField(max_length=8, blank=True)  # of the articles: maybe not the question's
    sentences = models.JSONField(default=list)  # text, lead, cites (numbers)
    sources = models.JSONField(default=list)  # number, kind, id, title, passage, updated, slug
    open_parts = models.JSONField(default=list)  # parts of the question that nothing was found for
    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT, null=True, blank=True)  # the last one
    right = models.BooleanField(null=True, blank=True)  # "was this right?"
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="answered") | Q(answer="", right__isnull=True),
                name="only_answers_have_words",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "conversation", "id"], name="question_by_conversation"),
            models.Index(fields=["organization", "-id"], name="question_newest"),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"
