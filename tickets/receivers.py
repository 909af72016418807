"""What becomes a notice: the owner was asked, the AI was stopped for everything."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from governance.services.stops import when_all_stopped
from helpdesk.people.models import Membership
from helpdesk.tenancy.scope import organization_scope
from tickets.signals import owner_asked


def on_owner_asked(sender: Any, *, organization_id: UUID, message_id: int, **_: Any) -> None:
    """Sent on commit with the note that asks: the owners are told."""
    from helpdesk.people.models import Role
    from tickets.models import Message
    from tickets.services import noticing

    with organization_scope(organization_id):
        note = Message.objects.select_related("ticket", "author").filter(pk=message_id).first()
        if note is None or note.author is None:
            return
        owners = Membership.objects.filter(role=Role.OWNER, is_active=True).select_related("user")
        noticing.asked(ticket=note.ticket, members=owners, actor=note.author, message=note)


def on_all_stopped(member: Membership) -> None:
    """Told inside the transaction of the stop."""
    from tickets.services import noticing

    noticing.ai_stopped(actor=member)


def connect() -> None:
    """Called once from AppConfig.ready."""
    owner_asked.connect(on_owner_asked, dispatch_uid="tickets.owner_asked")
    if on_all_stopped not in when_all_stopped:
        when_all_stopped.append(on_all_stopped)
