"""Tickets, their numbers, tags and events."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Customer, Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantManager, TenantOwned
from tickets.models.inbox import Inbox
from tickets.querysets import TicketQuerySet


class Status(models.TextChoices):
    """Where a ticket stands."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    PENDING = "pending", _("Waiting for customer")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")
    SPAM = "spam", _("Spam")
    MERGED = "merged", _("Merged")  # lives on in another ticket; only merging gives it


class Priority(models.IntegerChoices):
    """How urgent; higher first."""

    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")


class TicketCounter(TenantOwned):
    """The last number given: its row lock makes numbers gapless, so it is taken as the last write."""

    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_ticket_counter")]

    def __str__(self) -> str:
        return str(self.last)


class Ticket(TenantOwned):
    """A customer's request."""

    number = models.PositiveBigIntegerField(
        null=True
    )  # given as the last write; never empty at commit (trigger)
    inbox = TenantForeignKey(Inbox, on_delete=models.PROTECT)
    customer = TenantForeignKey(Customer, on_delete=models.PROTECT)
    subject = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.NEW)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    assignee = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    channel = models.CharField(
        max_length=8,
        choices=[("mail", _("mail")), ("portal", _("portal")), ("api", _("API")), ("agent", _("agent"))],
        default="mail",
    )
    snippet = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    human_only = models.BooleanField(default=False)  # a human-only topic was found, or a person was asked for
    customer_messages = models.PositiveIntegerField(
        default=0
    )  # the ticket's revision: approvals are bound to it
    is_unread = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)  # last message or change: the list's order
    first_reply_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    merged_into = TenantForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True)
    split_from = TenantForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True)
    # The clock of the answer (tickets/services/timing.py): since when the customer waits, when it stands still (and
    # for how many open seconds it did), when an answer is due; no due time where nobody waits or nothing is promised.
    waiting_since = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_seconds = models.PositiveIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(TicketQuerySet)()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="ticket_number_is_unique")
        ]
        indexes = [
            # With `snoozed_until`, so that counts of a view that leaves out what sleeps need no rows.
            models.Index(
                fields=["organization", "status", "-updated_at", "-id"],
                include=["snoozed_until"],
                name="ticket_by_status",
            ),
            models.Index(fields=["organization", "-updated_at", "-id"], name="ticket_by_update"),
            models.Index(
                fields=["organization", "assignee", "status", "-updated_at"],
                include=["snoozed_until"],
                name="ticket_by_assignee",
            ),
            models.Index(
                fields=["organization", "inbox", "status", "-updated_at"],
                include=["snoozed_until"],
                name="ticket_by_inbox",
            ),
            models.Index(
                fields=["organization", "status", "due_at", "id"],
                condition=models.Q(due_at__isnull=False),
                name="ticket_by_due",
            ),
            models.Index(
                fields=["organization", "snoozed_until"],
                condition=models.Q(snoozed_until__isnull=False),
                name="ticket_by_waking",
            ),
            models.Index(fields=["organization", "customer", "-id"], name="ticket_by_customer"),
            models.Index(
                fields=["organization", "topic", "-id"], condition=~models.Q(topic=""), name="ticket_by_topic"
            ),
            models.Index(
                fields=["organization", "merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="ticket_by_merged_into",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"


class Tag(TenantOwned):
    """A word to find tickets by."""

    name = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="tag_is_unique")]

    def __str__(self) -> str:
        return self.name


class TicketTag(TenantOwned):
    """A tag on a ticket (rows, not an array: arrays lose their index under row-level security)."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="ticket_tags")
    tag = TenantForeignKey(Tag, on_delete=models.CASCADE, related_name="ticket_tags")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "ticket", "tag"], name="ticket_tag_is_unique")
        ]
        indexes = [models.Index(fields=["organization", "tag", "ticket"], name="ticket_by_tag")]

    def __str__(self) -> str:
        return f"{self.ticket_id}:{self.tag_id}"


class TicketEvent(TenantOwned):
    """Something that happened to a ticket, shown in its thread."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=30)  # created, status, assigned, tagged, held, bounced, ai_used, ...
    actor = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["organization", "ticket", "id"], name="event_by_ticket")]

    def __str__(self) -> str:
        return self.kind
