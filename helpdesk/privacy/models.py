"""Files with everything an organization has: made on request, and what came along from an earlier installation."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Membership
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned
from helpdesk.tenancy.scope import current_organization_id


def takeout_path(takeout: Takeout, filename: str) -> str:
    """`<organization>/takeouts/<random>`: nobody guesses the name."""
    return f"{current_organization_id()}/takeouts/{secrets.token_hex(16)}"


class Takeout(TenantOwned):
    """One file. `everything` goes after some days; `earlier` is the record of a former installation and stays."""

    class Kind(models.TextChoices):
        EVERYTHING = "everything", _("Everything")
        EARLIER = "earlier", _("What happened before the move")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WORKING = "working", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")
        GONE = "gone", _("Deleted after its time")

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.EVERYTHING)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    file = models.FileField(upload_to=takeout_path, max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    member = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "kind", "-id"], name="takeout_newest_first")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
