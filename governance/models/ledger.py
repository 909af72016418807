"""The ledger: append-only, hash-chained per organization, ids and commitments only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Customer
from helpdesk.tenancy.models import TenantForeignKey, TenantOwned


class LedgerHead(TenantOwned):
    """The newest entry's number and hash; locking this row gives the next number."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_ledger_head")]

    def __str__(self) -> str:
        return f"{self.seq}"


class LedgerEntry(TenantOwned):
    """One thing that happened. UPDATE, DELETE and TRUNCATE are refused by trigger and by rights."""

    seq = models.BigIntegerField()
    created_at = models.DateTimeField()
    event = models.CharField(max_length=40)
    actor = models.CharField(max_length=60)  # membership:ID, customer:REFERENCE, system
    object_ref = models.CharField(max_length=60)  # kind:ID
    policy_version = models.CharField(max_length=20, blank=True)
    commitment = models.CharField(max_length=64)  # HMAC-SHA-256 of the canonical payload under a salt
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("entry of what happened")
        verbose_name_plural = _("entries of what happened")
        constraints = [
            models.UniqueConstraint(fields=["organization", "seq"], name="ledger_seq_is_unique"),
            models.UniqueConstraint(fields=["organization", "prev"], name="ledger_prev_is_unique"),
        ]
        indexes = [models.Index(fields=["organization", "object_ref"], name="ledger_by_object")]

    def __str__(self) -> str:
        return f"{self.seq} {self.event}"


class LedgerSalt(TenantOwned):
    """The salt of an entry's commitment, kept apart: erasing it makes the commitment say nothing for ever."""

    seq = models.BigIntegerField()
    salt = models.CharField(max_length=64)
    customer = TenantForeignKey(Customer, on_delete=models.CASCADE, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "seq"], name="one_salt_per_entry")]
        indexes = [models.Index(fields=["organization", "customer"], name="salt_by_customer")]

    def __str__(self) -> str:
        return f"salt of {self.seq}"


class LedgerAnchor(TenantOwned):
    """A signed head, kept and sent outside: what finds a cut tail or a replayed backup."""

    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    signed_at = models.CharField(max_length=32)
    signature = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "seq"], name="one_anchor_per_head")]

    def __str__(self) -> str:
        return f"anchor {self.seq}"
