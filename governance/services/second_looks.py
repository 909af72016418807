"""A second person's look at an answer on a risky topic: asked for, given, and bound to exactly that text."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import ledger
from governance.models import SecondLook
from helpdesk.errors import Conflict, NotAllowed
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can


def ask_for(*, subject_kind: str, subject_id: int, content_hash: str, member: Membership) -> SecondLook:
    """Ask a colleague to look at this text; asking twice is one request."""
    look, _created = SecondLook.objects.get_or_create(
        subject_kind=subject_kind,
        subject_id=subject_id,
        content_hash=content_hash,
        defaults={"asked_by": member},
    )
    publish_on_commit("ai")
    return look


def give(*, look: SecondLook, member: Membership, is_fine: bool, note: str = "") -> SecondLook:
    """Say what a second look found. Raises NotAllowed (the writer, or no right), Conflict (given)."""
    if not can(member, "approve") or member.pk == look.asked_by_id:
        raise NotAllowed(
            _("The second look is another person's."), next_step=_("Ask a colleague who answers customers.")
        )
    with transaction.atomic():
        row = SecondLook.objects.select_for_update(of=("self",)).get(pk=look.pk)
        if row.looked_by_id is not None:
            raise Conflict(_("Somebody has looked at it already."), next_step=_("Read what they wrote."))
        row.looked_by, row.is_fine, row.note = member, is_fine, note[:300]
        row.looked_at = timezone.now()
        row.save()
        ledger.record(
            "second_look",
            actor=ledger.actor_name(member),
            object_ref=f"look:{row.pk}",
            payload={"fine": is_fine, "subject": f"{row.subject_kind}:{row.subject_id}"},
        )
        publish_on_commit("ai")
    return row


def is_fine(*, subject_kind: str, subject_id: int, content_hash: str, approver: Membership) -> bool:
    """Whether somebody other than the approver looked at exactly this text and found it fine. One query."""
    looks = SecondLook.objects.filter(
        subject_kind=subject_kind, subject_id=subject_id, content_hash=content_hash, is_fine=True
    )
    return looks.exclude(looked_by=approver).exists()
