"""What a member was told: mentioned, given a ticket, their customer answered, a colleague asks, a reply is held."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned
from tickets.models.message import Message
from tickets.models.ticket import Ticket


class NoticeKind(models.TextChoices):
    """What happened that somebody should know of."""

    MENTIONED = "mentioned", _("A colleague mentions me in a note")
    ASSIGNED = "assigned", _("I am given a ticket")
    ASKED = "asked", _("A colleague asks for my help")
    ANSWERED = "answered", _("The customer answers on a ticket of mine")
    HELD = "held", _("A reply of mine is held")
    AI_STOPPED = "ai_stopped", _("Somebody stops the AI")


class Notice(TenantOwned):
    """One thing one member was told, once. It holds no words of a customer."""

    member = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind)
    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, null=True, blank=True)
    message = TenantForeignKey(Message, on_delete=models.CASCADE, null=True, blank=True)
    actor = TenantForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices_caused"
    )
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    mail_done_at = models.DateTimeField(null=True, blank=True)  # mailed, or it was decided that no mail goes

    class Meta:
        indexes = [
            models.Index(fields=["organization", "member", "-id"], name="notice_by_member"),
            models.Index(
                fields=["organization", "member", "ticket"],
                condition=Q(seen_at=None),
                name="notice_unseen",
            ),
            models.Index(
                fields=["organization", "created_at"],
                condition=Q(seen_at=None, mail_done_at=None),
                name="notice_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.member_id}"
