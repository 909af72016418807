"""What became of drafts and what that teaches, test questions with their results, which instructions an AI is given."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models import AIDecision, EthicsPolicy
from helpdesk.people.models import Customer, Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned
from tickets.models import Message, Ticket


class Became(models.TextChoices):
    """What became of the draft by the time the answer left."""

    USED = "used", _("Used as it was")
    EDITED = "edited", _("Used and edited")
    REJECTED = "rejected", _("Rejected")
    IGNORED = "ignored", _("Answered without it")
    NONE = "none", _("There was no draft")


class AnswerFact(TenantOwned):
    """One answered message in numbers: no text. What figures per topic and lessons are made of."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE)
    message = TenantForeignKey(Message, on_delete=models.CASCADE)  # the customer's, which was answered
    topic = models.CharField(max_length=40, blank=True)
    became = models.CharField(max_length=8, choices=Became)
    changed = models.FloatField(null=True, blank=True)  # share of words that differ from the draft, 0..1
    reason = models.CharField(max_length=20, blank=True)  # of a reject, if one was given
    wait_seconds = models.PositiveIntegerField(default=0)  # from the message to the answer
    system = models.CharField(max_length=160, blank=True)  # provider/model
    prompt_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "message"], name="one_answer_fact_per_message"),
            models.CheckConstraint(
                condition=Q(changed__isnull=True) | Q(changed__gte=0, changed__lte=1),
                name="changed_is_a_share",
            ),
        ]
        indexes = [models.Index(fields=["organization", "created_at"], name="answer_fact_by_time")]

    def __str__(self) -> str:
        return f"{self.topic or '-'} {self.became}"


class Lesson(TenantOwned):
    """What one draft teaches about one passage or one topic. It is there only as long as its customer agrees."""

    fact = TenantForeignKey(AnswerFact, on_delete=models.CASCADE)
    customer = TenantForeignKey(Customer, on_delete=models.CASCADE)
    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT)  # that allowed it
    passage = models.CharField(
        max_length=32, blank=True
    )  # names title and text; "" where it is about the topic
    topic = models.CharField(max_length=40, blank=True)  # "" where it is about a passage
    value = models.FloatField()  # -1 (misled) to 1 (was used as it was)
    created_at = models.DateTimeField(auto_now_add=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)  # an owner began anew; gone a day later

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "fact", "passage", "topic"], name="one_lesson_per_passage_or_topic"
            ),
            models.CheckConstraint(condition=Q(value__gte=-1, value__lte=1), name="a_lesson_is_bounded"),
            models.CheckConstraint(condition=Q(passage="") ^ Q(topic=""), name="a_lesson_is_about_one_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.passage or self.topic}: {self.value:+}"


class GoldenTicket(TenantOwned):
    """A test question with what a good draft has to say and to leave out. `customer`: whose words it holds, if any."""

    title = models.CharField(max_length=160)
    question = models.TextField()
    subject = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=8, default="en")
    must_say = models.JSONField(default=list, blank=True)
    must_not_say = models.JSONField(default=list, blank=True)
    sources = models.JSONField(default=list, blank=True)  # titles, of which one has to be named
    answer = models.BooleanField(default=True)  # false: nothing answers it, and nothing may be made up
    still_open = models.CharField(max_length=160, blank=True)
    customer = TenantForeignKey(Customer, on_delete=models.CASCADE, null=True, blank=True)
    created_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("test question")
        verbose_name_plural = _("test questions")

    def __str__(self) -> str:
        return self.title


class GoldenRun(TenantOwned):
    """What one AI with one wording of its instructions made of the test questions. Figures; no drafts are kept."""

    system = models.CharField(max_length=160)  # provider/model
    prompt_hash = models.CharField(max_length=64, blank=True)
    set_hash = models.CharField(max_length=64)
    figures = models.JSONField(default=dict)
    worse = models.JSONField(default=list)  # than the one that served; see aiassist.core.rubric.worse
    than = models.CharField(max_length=230, blank=True)  # what it was compared with: provider/model version
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "system", "-id"], name="golden_run_by_system")]

    def __str__(self) -> str:
        return f"{self.system} {self.prompt_hash[:8]}"


class PromptChoice(TenantOwned):
    """Which of the release's wordings is used from here on, who said so and why. Only grows; the newest counts."""

    prompt_hash = models.CharField(max_length=64)
    member = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    despite = models.JSONField(default=list)  # what was known to be worse
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="prompt_choice_newest")]

    def __str__(self) -> str:
        return self.prompt_hash[:8]


class ProposalState(models.TextChoices):
    """A person decides on a proposal; until then nothing changes."""

    OPEN = "open", _("To decide")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class TopicProposal(TenantOwned):
    """A topic where the AI does worse than no AI: proposed to be left to people, with the figures as they were."""

    topic = models.CharField(max_length=40)
    reasons = models.JSONField(default=list)  # keys of aiassist.topics_judged.REASONS with their numbers
    figures = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=ProposalState, default=ProposalState.OPEN)
    decided_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    policy = TenantForeignKey(EthicsPolicy, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "topic"],
                condition=Q(state="open"),
                name="one_open_proposal_per_topic",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False), name="decided_has_a_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.state}"
