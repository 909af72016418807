"""The files an owner asked for: asked, made by a task, kept for seven days."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import timedelta
from typing import IO
from uuid import UUID

import structlog
from django.core.cache import cache
from django.core.files import File
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.errors import NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.privacy.leaving.archive import CHUNK
from helpdesk.privacy.leaving.writing import write_organization
from helpdesk.privacy.models import Takeout
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

log = structlog.get_logger(__name__)
KEPT = timedelta(days=7)
#: A file that was begun this long ago and is not there: whoever made it died.
LOST_AFTER = timedelta(hours=2)
_State = Takeout.State


def ask(*, member: Membership) -> Takeout:
    """The file that is being made, or a new one to make. Raises NotAllowed for anyone but an owner."""
    if not can(member, "manage_people"):
        raise NotAllowed(_("Only an owner can do this."), next_step=_("Ask one of the owners."))
    under_way = everything().filter(state__in=[_State.WAITING, _State.WORKING]).first()
    return under_way or Takeout.objects.create(member=member)


def everything() -> models.QuerySet[Takeout]:
    """The files with everything, newest first."""
    return Takeout.objects.filter(kind=Takeout.Kind.EVERYTHING).order_by("-pk")


def waiting() -> list[int]:
    """Files that nobody makes: asked for, or begun by somebody who died."""
    lost = Q(state=_State.WORKING, started_at__lt=timezone.now() - LOST_AFTER)
    return list(everything().filter(Q(state=_State.WAITING) | lost).values_list("pk", flat=True))


def progress(takeout: Takeout) -> tuple[int, int] | None:
    """How many parts of how many are written, where it is known."""
    found: tuple[int, int] | None = cache.get(_key(takeout.pk))
    return found


def run(*, organization_id: UUID, takeout_id: int) -> str:
    """Make one file; a second run at the same time does nothing. Opens its own scopes. Returns the state."""
    with organization_scope(organization_id):
        if not _claim(takeout_id):
            return "not mine"
        organization = Organization.objects.get(pk=organization_id)
    try:
        with tempfile.TemporaryFile() as stream:
            write_organization(organization, stream, lambda *parts: cache.set(_key(takeout_id), parts, 3600))
            _keep(organization_id, takeout_id, stream)
    except Exception:
        log.exception("takeout_failed", takeout_id=takeout_id)
        with organization_scope(organization_id):
            _set(takeout_id, state=_State.FAILED)
        return str(_State.FAILED)
    return str(_State.READY)


def forget_old() -> int:
    """Delete files whose time is over; their rows say that they were there. Returns how many."""
    old = everything().filter(state=_State.READY, expires_at__lt=timezone.now())
    for takeout in old:
        takeout.file.delete(save=False)
        _set(takeout.pk, state=_State.GONE, file="")
    return len(old)


def _claim(takeout_id: int) -> bool:
    lost = Q(state=_State.WORKING, started_at__lt=timezone.now() - LOST_AFTER)
    mine = Takeout.objects.filter(Q(state=_State.WAITING) | lost, pk=takeout_id)
    return bool(mine.update(state=_State.WORKING, started_at=timezone.now()))


def _keep(organization_id: UUID, takeout_id: int, stream: IO[bytes]) -> None:
    digest, size = hashlib.sha256(), stream.seek(0, 2)
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    stream.seek(0)
    with organization_scope(organization_id):
        takeout = Takeout.objects.get(pk=takeout_id)
        takeout.file.save("everything.zip", File(stream), save=False)
        now = timezone.now()
        _set(
            takeout_id,
            state=_State.READY,
            file=takeout.file.name,
            size=size,
            sha256=digest.hexdigest(),
            finished_at=now,
            expires_at=now + KEPT,
        )


def _set(takeout_id: int, **values: object) -> None:
    Takeout.objects.filter(pk=takeout_id).update(**values)


def _key(takeout_id: int) -> str:
    return f"takeout:{takeout_id}"
