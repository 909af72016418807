"""What this room does when a colleague is forgotten: tries at courses go, the record says who had it done."""

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
