"""Inboxes, who may work in them, whose mail is kept aside, and the raw mails that arrived."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.people.grants import UserGrantBase
from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned


class Inbox(TenantOwned):
    """An address that customers write to."""

    name = models.CharField(max_length=80)
    address = models.CharField(max_length=320)
    from_name = models.CharField(_("name in the From line"), max_length=120, blank=True)
    signature = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = _("inboxes")
        permissions = [("work_inbox", "Can see and answer the tickets of the inbox")]
        constraints = [
            models.UniqueConstraint(fields=["organization", "address"], name="inbox_address_is_unique"),
            models.CheckConstraint(
                condition=models.Q(address=models.functions.Lower("address")),
                name="inbox_address_is_lower_case",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.address


class InboxUserObjectPermission(UserGrantBase, TenantOwned):  # type: ignore[misc]
    """A grant on an inbox (guardian's direct-FK table: no orphans, no text casts, under row-level security)."""

    content_object = TenantForeignKey(Inbox, on_delete=models.CASCADE, related_name="grants")

    class Meta(UserGrantBase.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user", "permission", "content_object"],
                name="one_grant_per_user_and_inbox",
            )
        ]
        unique_together = ()  # type: ignore[assignment]
        indexes = []


class BlockedSender(TenantOwned):
    """An address whose mail is kept aside: no ticket, no notice, never lost."""

    address = models.CharField(max_length=320)
    blocked_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "address"], name="sender_is_blocked_once"),
            models.CheckConstraint(
                condition=models.Q(address=models.functions.Lower("address")),
                name="blocked_address_is_lower_case",
            ),
        ]

    def __str__(self) -> str:
        return self.address


class RawMail(TenantOwned):
    """The source of a mail as it came, stored before anything else; can be run again."""

    inbox = TenantForeignKey(Inbox, on_delete=models.PROTECT)
    content_key = models.CharField(max_length=320)  # Message-ID, else sha256:HEX of the content
    source = models.BinaryField()
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(
        max_length=12,
        choices=[
            ("stored", _("Stored, not yet read")),
            ("created", _("New ticket")),
            ("appended", _("Added to a ticket")),
            ("auto_reply", _("Automatic answer")),
            ("bounce", _("Could not be delivered")),
            ("loop", _("Our own mail came back")),
            ("quarantined", _("Kept aside")),
            ("blocked", _("Kept aside: sender blocked")),
        ],
        default="stored",
    )
    reason = models.CharField(max_length=300, blank=True)
    is_history = models.BooleanField(
        db_default=False
    )  # older mail on request: filed closed, nobody hears of it
    ticket = TenantForeignKey("tickets.Ticket", on_delete=models.SET_NULL, null=True, blank=True)
    blocked = TenantForeignKey(BlockedSender, on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "inbox", "content_key"], name="raw_mail_is_stored_once"
            )
        ]
        indexes = [
            models.Index(fields=["organization", "outcome", "received_at"], name="raw_mail_by_outcome"),
            models.Index(fields=["organization", "ticket"], name="raw_mail_by_ticket"),
        ]

    def __str__(self) -> str:
        return self.content_key
