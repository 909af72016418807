"""The arithmetic of the ledger: what is hashed, what is signed, and how any change to the past is found.

An entry holds ids and commitments only, never a name, an address or a text. The database keeps entries; this
file decides what they must say. It detects a changed byte, reordered or missing rows, rows of another
organization and, against a signed head kept elsewhere, a cut tail and a backup put back.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SCHEMA_VERSION: Final = 1
SALT_BYTES: Final = 32
NO_COMMITMENT: Final = ""
_ENTRY_DOMAIN: Final = b"helpdesk ledger entry\n"
_GENESIS_DOMAIN: Final = b"helpdesk ledger genesis\n"
_HEAD_DOMAIN: Final = b"helpdesk ledger head\n"
_PAYLOAD_DOMAIN: Final = b"helpdesk ledger payload\n"

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


class LedgerError(ValueError):
    """Something that must not be hashed: ambiguous values, a naive time, a wrong sequence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One sealed entry, as stored. Times are text made by ``timestamp``, so they hash alike everywhere."""

    organization: str
    seq: int
    at: str
    actor: str
    event: str
    object_ref: str
    policy_version: str
    commitment: str
    prev: str
    schema: int = SCHEMA_VERSION
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest entry of an organization at some moment: where to go on from, what to compare with."""

    organization: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """A head to be kept outside the database: mailed to the owner, shown on the trust page."""

    head: Head
    at: str
    key_id: str
    signature: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "organization": self.head.organization,
            "seq": self.head.seq,
            "hash": self.head.hash,
            "at": self.at,
            "key_id": self.key_id,
            "signature": self.signature,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SignedHead:
        head = Head(organization=str(data["organization"]), seq=int(data["seq"]), hash=str(data["hash"]))
        return cls(
            head=head, at=str(data["at"]), key_id=str(data["key_id"]), signature=str(data["signature"])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The result of a walk. ``bad_seq`` is the first entry that is not as it was, ``problem`` says how.

    ``head`` is the last entry that is good, fit as the next checkpoint.
    """

    checked: int
    head: Head
    bad_seq: int | None = None
    problem: str = ""

    @property
    def ok(self) -> bool:
        return self.bad_seq is None


def canonical(data: Any) -> bytes:
    """The one spelling of a JSON value. Floats and keys that are not text are refused: they have several."""
    _require_plain(data)
    return _encode(data).encode()


def timestamp(moment: datetime) -> str:
    """UTC with microseconds, as PostgreSQL keeps it; a naive time raises LedgerError."""
    if moment.tzinfo is None:
        raise LedgerError("A time without a zone can be read in several ways.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def genesis(organization: str) -> Head:
    """Where an organization's chain begins: a head before the first entry, different for each."""
    digest = hashlib.sha256(_GENESIS_DOMAIN + organization.encode()).hexdigest()
    return Head(organization=organization, seq=0, hash=digest)


def seal(
    previous: Head,
    *,
    at: datetime,
    event: str,
    actor: str = "",
    object_ref: str = "",
    policy_version: str = "",
    commitment: str = NO_COMMITMENT,
) -> Entry:
    """The entry that follows ``previous``, complete with its hash: nothing is filled in later."""
    entry = Entry(
        organization=previous.organization,
        seq=previous.seq + 1,
        at=timestamp(at),
        actor=actor,
        event=event,
        object_ref=object_ref,
        policy_version=policy_version,
        commitment=commitment,
        prev=previous.hash,
        hash="",
    )
    return replace(entry, hash=entry_hash(entry))


def head_of(entry: Entry) -> Head:
    return Head(organization=entry.organization, seq=entry.seq, hash=entry.hash)


def entry_hash(entry: Entry) -> str:
    """What ``entry.hash`` must be. Every other field is in it, so that none can be changed or moved alone."""
    return _digest({name: getattr(entry, name) for name in _HASHED})


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def commit(payload: Any, salt: bytes) -> str:
    """A promise about a payload that says nothing of it: without the salt it cannot be guessed back."""
    if len(salt) < SALT_BYTES:
        raise LedgerError("A short salt lets somebody guess what was committed to.")
    return hmac.new(salt, _PAYLOAD_DOMAIN + canonical(payload), hashlib.sha256).hexdigest()


def keeps_commitment(payload: Any, salt: bytes, commitment: str) -> bool:
    """Whether this is the payload that was committed to."""
    return hmac.compare_digest(commit(payload, salt), commitment)


def verify_chain(
    entries: Iterable[Entry],
    organization: str,
    *,
    checkpoint: Head | None = None,
    anchors: Iterable[Head] = (),
) -> Verification:
    """Walk the entries in order of ``seq`` and stop at the first that is not as it was.

    Streams: it keeps one head, whatever the length. ``checkpoint`` is a head whose signature was verified;
    the entries start right after it. ``anchors`` are heads (verified too) that the chain must still contain;
    those before the start are left out.
    """
    head = checkpoint or genesis(organization)
    expected = {anchor.seq: anchor.hash for anchor in anchors if anchor.seq >= head.seq}
    if head.organization != organization or expected.get(head.seq, head.hash) != head.hash:
        return Verification(checked=0, head=head, bad_seq=head.seq, problem="another start")
    checked = 0
    for entry in entries:
        problem = _problem(entry, head, expected.get(head.seq + 1))
        if problem:
            return Verification(checked=checked, head=head, bad_seq=head.seq + 1, problem=problem)
        head = Head(organization=organization, seq=entry.seq, hash=entry.hash)
        checked += 1
    if max(expected, default=0) > head.seq:
        return Verification(checked=checked, head=head, bad_seq=head.seq + 1, problem="the end is missing")
    return Verification(checked=checked, head=head)


def new_signing_key() -> bytes:
    """A fresh Ed25519 key as 32 raw bytes, to be kept encrypted and apart from the ledger."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(signing_key: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(signing_key).public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """A short name for a public key, so that a head says which key to check it with."""
    return hashlib.sha256(public).hexdigest()[:16]


def sign_head(head: Head, at: datetime, signing_key: bytes) -> SignedHead:
    moment, public = timestamp(at), public_key(signing_key)
    signature = Ed25519PrivateKey.from_private_bytes(signing_key).sign(
        _signed_bytes(head, moment, key_id(public))
    )
    return SignedHead(head=head, at=moment, key_id=key_id(public), signature=signature.hex())


def head_is_genuine(signed: SignedHead, public: bytes) -> bool:
    """Whether the holder of that key signed exactly this head at that time."""
    if signed.key_id != key_id(public):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(
            bytes.fromhex(signed.signature), _signed_bytes(signed.head, signed.at, signed.key_id)
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _problem(entry: Entry, head: Head, anchored: str | None) -> str:
    wrong = (
        (entry.organization != head.organization, "of another organization"),
        (entry.seq > head.seq + 1, "missing"),
        (entry.seq <= head.seq, "out of order"),
        (entry.prev != head.hash, "does not follow the one before"),
        (entry.schema != SCHEMA_VERSION, "of an unknown form"),
        (entry.hash != entry_hash(entry), "changed"),
        (anchored not in (None, entry.hash), "not the one that was signed"),
    )
    return next((problem for is_so, problem in wrong if is_so), "")


def _digest(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(_ENTRY_DOMAIN + _encode(said).encode()).hexdigest()


def _signed_bytes(head: Head, at: str, key: str) -> bytes:
    return _HEAD_DOMAIN + _encode([head.organization, head.seq, head.hash, at, key]).encode()


def _require_plain(data: Any) -> None:
    if isinstance(data, Mapping):
        if not all(isinstance(key, str) for key in data):
            raise LedgerError("A key that is not text has several spellings.")
        data = list(data.values())
    if isinstance(data, (list, tuple)):
        for one in data:
            _require_plain(one)
    elif data is not None and not isinstance(data, (str, int)):
        raise LedgerError("Only text, whole numbers, true, false, nothing, lists and objects can be hashed.")


_HASHED: Final = tuple(one.name for one in fields(Entry) if one.name != "hash")
