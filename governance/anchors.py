"""Signed heads of the ledger: what finds a cut tail or a backup put back. Keys are derived, never stored."""

from __future__ import annotations

import base64
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone

from governance.core import ledger_hash
from governance.core.ledger_hash import Head, SignedHead
from governance.models import LedgerAnchor, LedgerHead
from helpdesk.tenancy.scope import current_organization_id


def signing_keys(organization_id: UUID) -> list[bytes]:
    """The organization's Ed25519 signing keys, newest first: one derived (HKDF, RFC 5869) from each encryption key."""
    return [
        HKDF(SHA256(), 32, salt=None, info=b"helpdesk ledger head " + organization_id.bytes).derive(
            base64.urlsafe_b64decode(key)
        )
        for key in settings.ENCRYPTION_KEYS
    ]


def anchor() -> SignedHead | None:
    """Sign and keep the head as it stands; None where nothing was added since the last anchor."""
    organization_id = current_organization_id()
    row = LedgerHead.objects.first()
    if row is None or not row.seq or LedgerAnchor.objects.filter(seq=row.seq).exists():
        return None
    head = Head(organization=str(organization_id), seq=row.seq, hash=row.hash)
    signed = ledger_hash.sign_head(head, timezone.now(), signing_keys(organization_id)[0])
    LedgerAnchor.objects.create(
        seq=head.seq, hash=head.hash, key_id=signed.key_id, signed_at=signed.at, signature=signed.signature
    )
    return signed


def forged() -> int | None:
    """The number of the first kept anchor whose signature is not ours; None when all are genuine."""
    organization_id = current_organization_id()
    public = [ledger_hash.public_key(key) for key in signing_keys(organization_id)]
    for row in LedgerAnchor.objects.order_by("seq"):
        head = Head(organization=str(organization_id), seq=row.seq, hash=row.hash)
        signed = SignedHead(head=head, at=row.signed_at, key_id=row.key_id, signature=row.signature)
        if not any(ledger_hash.head_is_genuine(signed, key) for key in public):
            return row.seq
    return None
