"""Everything that is written down in one form: meetings, advice, concerns, scenarios; papers; the law as data."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models.kept import Kept
from helpdesk.people.models import Membership
from helpdesk.privacy.crypto import EncryptedTextField
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned


class RecordKind(models.TextChoices):
    """Which template a record follows."""

    COMMITTEE = "committee", _("Meeting of those responsible")
    BOARD = "board", _("Advice from outside")
    GUEST_REVIEW = "guest_review", _("Review by a guest")
    CONSULTATION = "consultation", _("Talk with people concerned")
    SCENARIO = "scenario", _("What if")
    BUSINESS_CASE = "business_case", _("Cost and benefit")
    CONCERN = "concern", _("Concern")
    QUESTION = "question", _("Question or objection from outside")
    HORIZON = "horizon", _("Something to watch")
    LESSON = "lesson", _("Lesson shared")
    TALK = "talk", _("Talk in the team")
    TABLETOP = "tabletop", _("Rehearsal")


class Record(Kept):
    """One record: type, people, text, due date, decision, and what it does to the checks."""

    kind = models.CharField(max_length=16, choices=RecordKind)
    title = models.CharField(max_length=160)
    people = models.JSONField(default=list, blank=True)  # roles or names as the writer put them
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)  # the template's own fields
    due = models.DateField(null=True, blank=True)
    decision = models.TextField(blank=True)
    decided_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    effect = models.CharField(max_length=20, blank=True)  # stop, rule, risk, finding, none
    effect_ref = models.CharField(max_length=60, blank=True)  # stop:3, policy:4
    state = models.CharField(
        max_length=10,
        choices=[("open", _("Open")), ("answered", _("Answered")), ("closed", _("Closed"))],
        default="open",
    )
    is_anonymous = models.BooleanField(_("without a name"), default=False)
    is_from_outside = models.BooleanField(_("from outside"), default=False)
    reporter = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    contact = EncryptedTextField(blank=True, default="")  # where an answer goes, if somebody left it
    answer = models.TextField(blank=True)
    answered_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    is_published = models.BooleanField(_("show on the trust page"), default=False)

    class Meta:
        verbose_name = _("record")
        indexes = [models.Index(fields=["organization", "kind", "state"], name="record_by_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | Q(reporter__isnull=True), name="anonymous_names_nobody"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(answer=""), name="answered_record_has_an_answer"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class GuestAccess(TenantOwned):
    """Somebody from outside may read for a while; only the hash of the link is kept."""

    record = TenantForeignKey(Record, on_delete=models.CASCADE, null=True, blank=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    token_hash = models.CharField(max_length=64)
    may_read = models.JSONField(default=list)  # policy, register names
    invited_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("guest")
        constraints = [
            models.UniqueConstraint(fields=["organization", "token_hash"], name="guest_token_is_unique")
        ]

    def __str__(self) -> str:
        return self.name


class Paper(TenantOwned):
    """A generated paper: privacy notice, record of processing, report. A version never changes (trigger)."""

    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=8, default="en")
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=160)
    content = models.TextField(blank=True)  # Markdown
    data = models.JSONField(default=dict, blank=True)  # what it was made from
    content_hash = models.CharField(max_length=64)
    made_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("paper")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "language", "version"], name="paper_version_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class LawRule(TenantOwned):
    """One rule of the law pack as this organization has it: a number with its source, never a constant."""

    key = models.CharField(max_length=60)  # gdpr.12.3
    pack_version = models.CharField(max_length=20)
    regime = models.CharField(max_length=20)  # gdpr, ai_act, ccpa, nist_ai_rmf, iso_42001
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    source = models.CharField(max_length=300)
    source_date = models.DateField(null=True, blank=True)
    state = models.CharField(
        max_length=10,
        choices=[("draft", _("Draft")), ("adopted", _("Adopted")), ("in_force", _("In force"))],
        default="in_force",
    )
    in_force_on = models.DateField(null=True, blank=True)
    value = models.JSONField(default=dict, blank=True)  # {"days": 30}
    clauses = models.JSONField(default=list, blank=True)  # names of the rules (clauses) that it touches
    checked_on = models.DateField(null=True, blank=True)
    checked_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        verbose_name = _("rule of the law")
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="law_rule_is_unique")]

    def __str__(self) -> str:
        return self.title


class LawTask(Kept):
    """An update of the law pack touches a clause: look at it once."""

    rule_key = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=20)
    clause = models.CharField(max_length=40)
    what_changed = models.TextField(blank=True)
    state = models.CharField(
        max_length=10,
        choices=[("open", _("Open")), ("done", _("Done")), ("dropped", _("Not for us"))],
        default="open",
    )
    note = models.TextField(blank=True)
    done_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("task from a change of law")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "pack_version", "rule_key", "clause"], name="one_task_per_clause"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_key} {self.clause}"
