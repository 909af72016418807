"""Where an inbox fetches and sends its mail, and the longer works on it: the test mail and the fetch of older mail."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Membership
from helpdesk.privacy.crypto import EncryptedTextField
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned
from tickets.models.inbox import Inbox


class Security(models.TextChoices):
    """How the connection is encrypted. `none` only where the installation opens its own networks."""

    TLS = "tls", _("Encrypted from the start (TLS)")
    STARTTLS = "starttls", _("Encrypted after the greeting (STARTTLS)")
    NONE = "none", _("Not encrypted")


class Mailbox(TenantOwned):
    """The real mailbox behind an inbox. Kept as typed until it works; only an active one is fetched and sent with.

    `uid_validity` and `last_uid` say how far the mailbox has been read, from the moment it was connected on.
    A running fetch holds `leased_until` under its own `lease`; whoever dies loses it after that time.
    """

    inbox = TenantForeignKey(Inbox, on_delete=models.CASCADE, related_name="mailboxes")
    imap_host = models.CharField(max_length=253)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=8, choices=Security, default=Security.TLS)
    imap_user = models.CharField(max_length=320)
    imap_password = EncryptedTextField(blank=True)
    imap_certificate = models.CharField(max_length=64, blank=True)  # SHA-256 of the one the owner accepted
    smtp_host = models.CharField(max_length=253)
    smtp_port = models.PositiveIntegerField(default=465)
    smtp_security = models.CharField(max_length=8, choices=Security, default=Security.TLS)
    smtp_user = models.CharField(max_length=320)
    smtp_password = EncryptedTextField(blank=True)
    smtp_certificate = models.CharField(max_length=64, blank=True)
    folder = models.CharField(max_length=200, default="INBOX")
    is_active = models.BooleanField(default=False)
    takes_tokens = models.BooleanField(default=False)  # name+anything@ arrives too: the test mail found out
    uid_validity = models.PositiveBigIntegerField(null=True, blank=True)
    last_uid = models.PositiveBigIntegerField(default=0)
    connected_at = models.DateTimeField(null=True, blank=True)
    last_fetched_at = models.DateTimeField(null=True, blank=True)
    next_fetch_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)  # fetches in a row that failed
    problem = models.CharField(max_length=30, blank=True)  # a key of tickets.mailboxes.problems
    problem_data = models.JSONField(default=dict, blank=True)
    send_problem = models.CharField(max_length=30, blank=True)
    send_problem_data = models.JSONField(default=dict, blank=True)
    stuck_uid = models.PositiveBigIntegerField(default=0)  # the mail during which the last fetch failed
    stuck_times = models.PositiveSmallIntegerField(default=0)
    passed_over = models.JSONField(default=list, blank=True)  # mails that could not be fetched: [{uid, at}]
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = _("mailboxes")
        constraints = [
            models.UniqueConstraint(fields=["organization", "inbox"], name="one_mailbox_per_inbox"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "next_fetch_at"],
                condition=models.Q(is_active=True),
                name="mailbox_to_fetch",
            )
        ]

    def __str__(self) -> str:
        return f"mailbox of inbox {self.inbox_id}"


def new_token() -> str:
    """What marks one test mail: only who reads the mailbox sees it."""
    return secrets.token_hex(16)


class MailboxRun(TenantOwned):
    """A test mail on its way, or a fetch of older mail: each step is stored, so a closed browser finds it again."""

    class Kind(models.TextChoices):
        TEST = "test", _("Test mail")
        HISTORY = "history", _("Older mail")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        STOPPED = "stopped", _("Stopped")

    mailbox = TenantForeignKey(Mailbox, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    started_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    token = models.CharField(max_length=32, default=new_token)
    step = models.CharField(max_length=12, blank=True)  # the one it is at, or at which it failed
    data = models.JSONField(default=dict, blank=True)
    problem = models.CharField(max_length=30, blank=True)
    problem_data = models.JSONField(default=dict, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "token"], name="run_token_is_unique")]
        indexes = [
            models.Index(fields=["organization", "mailbox", "kind", "-id"], name="run_by_mailbox"),
            models.Index(
                fields=["organization", "kind"], condition=models.Q(state="running"), name="run_running"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
