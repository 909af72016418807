"""Messages of a ticket (a customer's, ours, outsiders', notes), references, attachments, and unsent text."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import AIDecision
from helpdesk.people.models import Customer, Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned
from helpdesk.tenancy.scope import current_organization_id
from tickets.models.inbox import RawMail
from tickets.models.ticket import Ticket


class MessageKind(models.TextChoices):
    """Who speaks to whom."""

    INBOUND = "inbound", _("From the customer")
    REPLY = "reply", _("Reply")
    NOTE = "note", _("Note for the team")
    ACK = "ack", _("Acknowledgement")
    FORWARD = "forward", _("Forwarded")  # to somebody outside; the customer does not see it
    OUTSIDE = "outside", _("From outside")  # what such a person answered; not the customer's, so no AI step


#: What leaves in a person's name.
WRITTEN_KINDS = (MessageKind.REPLY, MessageKind.FORWARD)


class MessageState(models.TextChoices):
    """Where a message stands. Inbound messages and notes are `done` at once."""

    DONE = "done", _("Stored")
    PREPARED = "prepared", _("Being prepared")
    QUEUED = "queued", _("Waiting to leave")
    SENDING = "sending", _("Leaving")
    SENT = "sent", _("Sent")
    HELD = "held", _("Held")
    FAILED = "failed", _("Not sent")
    CANCELLED = "cancelled", _("Taken back")


class AIInvolvement(models.TextChoices):
    """How far the AI had a hand in it; it never goes back to none (trigger)."""

    NONE = "none", _("Written by a person")
    SUGGESTED = "suggested", _("AI suggested parts")
    EDITED = "edited", _("AI draft, edited")
    VERBATIM = "verbatim", _("AI draft, unchanged")


def new_salt() -> str:
    """A fresh salt of a content hash; erasure destroys it."""
    return secrets.token_hex(16)


class Message(TenantOwned):
    """One message. From `queued` on, text, quote, HTML, recipients and attachments are frozen (trigger)."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=8, choices=MessageKind)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.DONE)
    author = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    customer = TenantForeignKey(Customer, on_delete=models.SET_NULL, null=True, blank=True)
    raw_mail = TenantForeignKey(RawMail, on_delete=models.SET_NULL, null=True, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)  # of a mail: the new part
    quoted = models.TextField(blank=True)  # of a mail: the quoted rest, folded; of ours: what goes out quoted
    html = models.TextField(blank=True)  # cleaned
    quoted_html = models.TextField(
        blank=True, default="", db_default=""
    )  # of a mail: the quoted rest of the HTML, cleaned
    recipients_to = models.TextField(blank=True)  # one address a line
    recipients_cc = models.TextField(blank=True)
    recipients_bcc = models.TextField(blank=True, default="", db_default="")  # no header, portal or download
    message_id = models.CharField(max_length=320, blank=True)
    in_reply_to = models.CharField(max_length=320, blank=True)
    language = models.CharField(max_length=8, blank=True)
    ai_involvement = models.CharField(max_length=10, choices=AIInvolvement, default=AIInvolvement.NONE)
    decision = TenantForeignKey(AIDecision, on_delete=models.PROTECT, null=True, blank=True)
    content_salt = models.CharField(max_length=32, default=new_salt)
    disclosure = models.CharField(max_length=300, blank=True)  # as it went out
    send_after = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    held_reason = models.CharField(max_length=300, blank=True)
    status_after = models.CharField(max_length=8, blank=True)  # the ticket's status once this has left
    attempts = models.PositiveSmallIntegerField(default=0)  # times the mail server asked to come back later
    remote_images = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind__in=["inbound", "note", "outside"]) | models.Q(state="done"),
                name="only_replies_and_acks_are_sent",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="ack") | models.Q(ai_involvement="none"), name="acks_are_fixed_texts"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "ticket", "id"], name="message_by_ticket"),
            models.Index(fields=["organization", "message_id"], name="message_by_message_id"),
            models.Index(
                fields=["organization", "state", "send_after"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="message_to_send",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class MessageReference(TenantOwned):
    """A Message-ID that belongs to a ticket, for threading (rows: text `=` uses the index)."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE)
    value = models.CharField(max_length=320)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "value", "ticket"], name="reference_is_unique_per_ticket"
            )
        ]

    def __str__(self) -> str:
        return self.value


def attachment_path(attachment: Attachment, filename: str) -> str:
    """`<organization>/attachments/<random>`: the name never reaches the file system."""
    return f"{current_organization_id()}/attachments/{secrets.token_hex(16)}"


class Attachment(TenantOwned):
    """A file that came with a message or waits in the composer."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE)
    message = TenantForeignKey(
        Message, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    uploaded_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=attachment_path, max_length=200)
    is_inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=320, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["organization", "message", "id"], name="attachment_by_message"),
            models.Index(fields=["organization", "ticket"], name="attachment_by_ticket"),
        ]

    def __str__(self) -> str:
        return self.name


class ComposerDraft(TenantOwned):
    """What an agent has typed and not sent; saved by itself. Colleagues see that it is there, and may take it over."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE)
    author = TenantForeignKey(Membership, on_delete=models.CASCADE)
    kind = models.CharField(max_length=8, choices=MessageKind, default=MessageKind.REPLY)
    text = models.TextField(blank=True)
    cc = models.TextField(blank=True)
    bcc = models.TextField(blank=True)
    set_aside = models.TextField(blank=True)  # the other version, where two met: never overwritten unseen
    taken_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    used_decision = TenantForeignKey(AIDecision, on_delete=models.SET_NULL, null=True, blank=True)
    seen_revision = models.PositiveIntegerField(default=0)  # the ticket's revision when it was opened
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "ticket", "author"], name="one_draft_per_agent")
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"
