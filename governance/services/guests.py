"""Guests: somebody from outside reads chosen registers for some days, by a link whose hash alone is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import ledger
from governance.models import GuestAccess, Record
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

#: What a guest can be let read, each a register without customers' words.
READABLE = ("policy", "systems", "risks", "audits", "incidents", "vendors", "changes")
MOST_DAYS = 30


def invite(
    *, record: Record, name: str, may_read: Iterable[str], days: int, member: Membership
) -> tuple[GuestAccess, str]:
    """Let somebody read for at most 30 days; the token is returned once and kept nowhere. Raises NotAllowed,
    InvalidState."""
    _require_right(member)
    wanted = [one for one in READABLE if one in set(may_read)]
    if not name.strip() or not wanted or not 1 <= days <= MOST_DAYS:
        raise InvalidState(
            _("A name, what the guest may read, and one to 30 days are needed."),
            next_step=_("Fill in all three."),
        )
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        access = GuestAccess.objects.create(
            record=record,
            name=name.strip()[:120],
            token_hash=_hash(token),
            may_read=wanted,
            invited_by=member,
            expires_at=timezone.now() + timedelta(days=days),
        )
        _note("guest_invited", access, member)
    return access, token


def revoke(*, access: GuestAccess, member: Membership) -> None:
    """Out at once. Twice is once. Raises NotAllowed."""
    _require_right(member)
    with transaction.atomic():
        if GuestAccess.objects.filter(pk=access.pk, revoked_at=None).update(revoked_at=timezone.now()):
            _note("guest_revoked", access, member)


def reader(token: str) -> GuestAccess | None:
    """Who this link lets in right now, with the moment noted; nobody once it ended or was taken back. Two queries."""
    now = timezone.now()
    found = GuestAccess.objects.filter(token_hash=_hash(token), revoked_at=None, expires_at__gt=now).first()
    if found is not None:
        GuestAccess.objects.filter(pk=found.pk).update(last_read_at=now)
    return found


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _note(event: str, access: GuestAccess, member: Membership) -> None:
    ledger.record(
        event,
        actor=ledger.actor_name(member),
        object_ref=f"guest:{access.pk}",
        payload={"until": access.expires_at.isoformat(), "may_read": access.may_read},
    )


def _require_right(member: Membership) -> None:
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer invites guests."), next_step=_("Ask one of them.")
        )
