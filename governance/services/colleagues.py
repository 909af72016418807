"""What this room does when people come, get other rights, leave, or are forgotten: the record says who had it done."""

from __future__ import annotations

from governance import ledger
from governance.models import CourseAttempt, PolicyComment
from helpdesk.people.models import Membership


def forget(gone: Membership, member: Membership) -> None:
    """In the transaction that forgets. Certificates, approvals and readings stay, as proof that somebody had them."""
    CourseAttempt.objects.filter(member=gone).delete()
    PolicyComment.objects.filter(member=gone).exclude(name="").update(name="")
    ledger.record(
        "colleague_forgotten",
        actor=ledger.actor_name(member),
        object_ref=f"membership:{gone.pk}",
        payload={},
    )


def note_rights(changed: Membership, by: Membership | None) -> None:
    """Who may do what from now on: whether somebody could approve something then is part of what happened."""
    ledger.record(
        "rights_changed",
        actor=ledger.actor_name(by),
        object_ref=f"membership:{changed.pk}",
        payload={"role": str(changed.role), "is_active": changed.is_active},
    )
