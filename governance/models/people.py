"""What people know, read and say: courses and certificates, readings of the policy, surveys."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.models.kept import Kept
from governance.models.policy import EthicsPolicy
from helpdesk.people.models import Customer, Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned


class Course(Kept):
    """A short course. Its lessons are data: title, text, quiz (question, choices, right), scenario."""

    key = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    about = models.TextField(blank=True)
    lessons = models.JSONField(default=list)
    skills = models.JSONField(default=list, blank=True)
    minutes = models.PositiveSmallIntegerField(default=10)
    pass_percent = models.PositiveSmallIntegerField(default=80)
    valid_days = models.PositiveIntegerField(default=365)
    is_outside = models.BooleanField(_("given by others"), default=False)
    state = models.CharField(
        max_length=10,
        choices=[("draft", _("Being written")), ("live", _("Offered")), ("retired", _("No longer offered"))],
        default="draft",
    )

    class Meta:
        verbose_name = _("course")
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="course_key_is_unique"),
            models.CheckConstraint(condition=Q(pass_percent__lte=100), name="course_pass_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return self.title


class CourseAttempt(TenantOwned):
    """One try at a course's quiz: the newest says where the person stands. Nobody else reads the answers."""

    member = TenantForeignKey(Membership, on_delete=models.CASCADE)
    course = TenantForeignKey(Course, on_delete=models.CASCADE)
    answers = models.JSONField(default=dict)
    lesson = models.PositiveSmallIntegerField(default=0)  # how far
    score = models.PositiveSmallIntegerField(null=True, blank=True)  # percent; empty = not finished
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "member", "course", "-id"], name="attempt_newest")]

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class Certificate(TenantOwned):
    """A person passed a course, under a version of the policy, until a day."""

    member = TenantForeignKey(Membership, on_delete=models.CASCADE)
    course = TenantForeignKey(Course, on_delete=models.PROTECT)
    policy_version = models.PositiveIntegerField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=160, blank=True)  # an outside course: who gave it
    link = models.URLField(blank=True)  # where its proof can be read
    approved_by = TenantForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )  # who looked at that proof
    issued_on = models.DateField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("certificate")
        indexes = [models.Index(fields=["organization", "member", "course"], name="certificate_by_member")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("issued_on")), name="certificate_runs_forward"
            )
        ]

    def __str__(self) -> str:
        return f"certificate {self.pk}"


class Attestation(TenantOwned):
    """ "I have read it": one person, one version of the policy. Only grows (trigger)."""

    member = TenantForeignKey(Membership, on_delete=models.CASCADE)
    policy = TenantForeignKey(EthicsPolicy, on_delete=models.PROTECT)
    content_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reading of the rules")
        constraints = [
            models.UniqueConstraint(fields=["organization", "member", "policy"], name="read_once_per_version")
        ]

    def __str__(self) -> str:
        return f"reading {self.pk}"


class SurveyAnswer(TenantOwned):
    """A customer's tap and words on a page that they opened themselves."""

    customer = TenantForeignKey(Customer, on_delete=models.SET_NULL, null=True, blank=True)
    subject_kind = models.CharField(max_length=20, default="ticket")
    subject_id = models.BigIntegerField(null=True, blank=True)
    question = models.CharField(max_length=20)  # helpful, human, trust
    score = models.PositiveSmallIntegerField(null=True, blank=True)  # 1..5
    text = models.TextField(blank=True)
    ai_involvement = models.CharField(max_length=10, blank=True)
    language = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("answer to a survey")
        indexes = [
            models.Index(fields=["organization", "question", "created_at"], name="survey_by_question"),
            models.Index(fields=["organization", "customer"], name="survey_by_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(score__isnull=True) | (Q(score__gte=1) & Q(score__lte=5)),
                name="survey_score_is_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=False) | ~Q(text=""), name="survey_says_something"
            ),
            models.UniqueConstraint(
                fields=["organization", "subject_kind", "subject_id", "question", "customer"],
                name="one_answer_per_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.score or ''}".strip()


class SurveyInvite(TenantOwned):
    """A customer was asked by mail how we did, once in 90 days; `refused_at`: never again, as they wish."""

    customer = TenantForeignKey(Customer, on_delete=models.CASCADE)
    subject_id = models.BigIntegerField()  # the ticket that the mail was about
    created_at = models.DateTimeField(auto_now_add=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("question by mail")
        indexes = [models.Index(fields=["organization", "customer", "created_at"], name="invite_by_customer")]
        constraints = [
            models.UniqueConstraint(fields=["organization", "subject_id"], name="one_invite_per_ticket")
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"


class PulseTicket(TenantOwned):
    """This person has answered this round of the staff pulse. Nothing leads from here to the answer."""

    member = TenantForeignKey(Membership, on_delete=models.CASCADE)
    round = models.CharField(max_length=10)  # 2026-Q4

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "member", "round"], name="one_pulse_per_round")
        ]

    def __str__(self) -> str:
        return self.round


class PulseAnswer(TenantOwned):
    """An answer to the staff pulse, without its person and without its time: only the round."""

    round = models.CharField(max_length=10)
    answers = models.JSONField(default=dict)  # question -> 1..5
    text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("answer to the staff pulse")
        indexes = [models.Index(fields=["organization", "round"], name="pulse_by_round")]

    def __str__(self) -> str:
        return self.round
