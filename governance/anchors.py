"""Signed heads of the ledger: what finds a cut tail or a backup put back. Keys are derived, never stored."""

from __future__ import annotations

import base64
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone

from governance import ledger
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
    """Sign and keep the head as it stands; None where nothing was added since the last anchor.

    After a change of keys the ledger goes on by one entry, so that the new key signs all that the old one did.
    """
    organization_id = current_organization_id()
    key = signing_keys(organization_id)[0]
    row = LedgerHead.objects.first()
    if row is None or not row.seq:
        return None
    known = LedgerAnchor.objects.filter(seq=row.seq).first()
    if known is not None and known.key_id == ledger_hash.key_id(ledger_hash.public_key(key)):
        return None
    if known is not None:
        ledger.record("signing_key_changed", actor="system", object_ref="ledger", payload={})
        ledger.append_pending()
        row.refresh_from_db()
    return sign(row.seq, row.hash)


def sign(seq: int, digest: str) -> SignedHead:
    """Sign an entry's number and hash with the newest key, and keep it unless an anchor stands there already."""
    organization_id = current_organization_id()
    head = Head(organization=str(organization_id), seq=seq, hash=digest)
    signed = ledger_hash.sign_head(head, timezone.now(), signing_keys(organization_id)[0])
    LedgerAnchor.objects.get_or_create(
        seq=seq,
        defaults={
            "hash": digest,
            "key_id": signed.key_id,
            "signed_at": signed.at,
            "signature": signed.signature,
        },
    )
    return signed


def is_signed(seq: int, digest: str) -> bool:
    """Whether an anchor with our signature says that the entry of this number has this hash."""
    row = LedgerAnchor.objects.filter(seq=seq, hash=digest).first()
    if row is None:
        return False
    organization_id = current_organization_id()
    head = Head(organization=str(organization_id), seq=row.seq, hash=row.hash)
    signed = SignedHead(head=head, at=row.signed_at, key_id=row.key_id, signature=row.signature)
    keys = map(ledger_hash.public_key, signing_keys(organization_id))
    return any(ledger_hash.head_is_genuine(signed, key) for key in keys)


def forged() -> int | None:
    """The number of the first kept anchor whose signature is not ours; None when all are genuine.

    Below a genuine anchor, those of a key that is no longer on the list are vouched for by it: its hash stands on
    every entry before, and `ledger.verify` compares each anchor with its entry.
    """
    organization_id = current_organization_id()
    public = {
        ledger_hash.key_id(key): key for key in map(ledger_hash.public_key, signing_keys(organization_id))
    }
    vouched, found = False, None
    for row in LedgerAnchor.objects.order_by("-seq"):
        head = Head(organization=str(organization_id), seq=row.seq, hash=row.hash)
        signed = SignedHead(head=head, at=row.signed_at, key_id=row.key_id, signature=row.signature)
        key = public.get(row.key_id)
        if key is not None and ledger_hash.head_is_genuine(signed, key):
            vouched = True
        elif key is not None or not vouched:
            found = row.seq
    return found
