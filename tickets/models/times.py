"""When the shop is open, which days it is not, how soon it wants to answer, and codes found in messages."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned
from tickets.models.inbox import Inbox
from tickets.models.message import Message


class OpeningHours(TenantOwned):
    """The week of the shop, or (with an inbox) of one inbox instead of it. None at all: open day and night."""

    inbox = TenantForeignKey(Inbox, on_delete=models.CASCADE, null=True, blank=True)
    week = models.JSONField(default=list)  # seven lists of [from, to] in minutes since midnight, Monday first
    country = models.CharField(max_length=2, blank=True)  # whose public holidays are kept
    region = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "inbox"], name="one_week_per_inbox", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"hours {self.inbox_id or ''}"


class ClosedDays(TenantOwned):
    """Days that differ, first and last included: closed, or only a text for customers who write in that time."""

    inbox = TenantForeignKey(Inbox, on_delete=models.CASCADE, null=True, blank=True)
    name = models.CharField(_("name"), max_length=80)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    stays_open = models.BooleanField(_("we are open all the same"), default=False)
    texts = models.JSONField(default=dict, blank=True)  # language -> what the acknowledgement says then

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="closed_days_end_after_start"
            )
        ]
        indexes = [models.Index(fields=["organization", "ends_on"], name="closed_days_by_end")]

    def __str__(self) -> str:
        return self.name


class AnswerTarget(TenantOwned):
    """Within how much opening time customers are answered. Empty inbox or priority: every one without its own."""

    inbox = TenantForeignKey(Inbox, on_delete=models.CASCADE, null=True, blank=True)
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    first_minutes = models.PositiveIntegerField(null=True, blank=True)
    next_minutes = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "inbox", "priority"],
                name="one_target_per_priority",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"target {self.inbox_id or ''} {self.priority or ''}"


class MessageCode(TenantOwned):
    """A code in a message, such as an order number, without hyphens and in capitals. A trigger keeps these rows."""

    message = TenantForeignKey(Message, on_delete=models.CASCADE)
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code", "message"], name="code_is_unique_per_message"
            )
        ]
        indexes = [models.Index(fields=["organization", "message"], name="code_by_message")]

    def __str__(self) -> str:
        return self.code


class SavedView(TenantOwned):
    """A set of the list's filters with a name, of one member or shared with everybody."""

    owner = TenantForeignKey(Membership, on_delete=models.CASCADE)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=500)  # the list's query string
    is_shared = models.BooleanField(_("for everybody"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "owner", "name"], name="view_name_is_unique")
        ]

    def __str__(self) -> str:
        return self.name
