"""Who may do what: the only module that imports guardian. Roles come from Membership, inboxes from grants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import QuerySet
from guardian.shortcuts import assign_perm, remove_perm

if TYPE_CHECKING:
    from helpdesk.people.models import Membership

WORK_INBOX = "work_inbox"

#: What each role may do. `read` is seeing the desk; `work` is answering; the rest are named where they are asked.
ROLE_ACTIONS: dict[str, frozenset[str]] = {
    "owner": frozenset({"read", "work", "approve", "manage_people", "manage_policy", "manage_inboxes", "stop_ai",
                        "start_ai", "admin", "see_ai_activity", "manage_knowledge", "manage_ai_service"}),
    "officer": frozenset({"read", "work", "approve", "manage_policy", "stop_ai", "start_ai", "admin", "see_ai_activity",
                          "manage_knowledge"}),
    "agent": frozenset({"read", "work", "approve", "stop_ai", "see_ai_activity", "manage_knowledge"}),
    "auditor": frozenset({"read", "see_ai_activity", "admin_read"}),
}  # fmt: skip
#: Roles that see every inbox; an agent sees those granted.
SEES_ALL = frozenset({"owner", "officer", "auditor"})


def can(member: Membership | None, action: str, obj: Any = None) -> bool:
    """Whether the member may do `action`, on this inbox or object of an inbox where one is given.

    One query at most for an agent with an object; none otherwise.
    """
    if member is None or not member.is_active or action not in ROLE_ACTIONS.get(member.role, frozenset()):
        return False
    if obj is None or member.role in SEES_ALL:
        return True
    inbox_id = getattr(obj, "inbox_id", None) or obj.pk
    inboxes = visible_inboxes(member)
    return inboxes is None or inboxes.filter(content_object_id=inbox_id).exists()


def visible_inboxes(member: Membership) -> QuerySet[Any] | None:
    """Ids of the inboxes the member may see, as a sub-select; None means all."""
    if member.role in SEES_ALL:
        return None
    grants = apps.get_model("tickets", "InboxUserObjectPermission")
    return grants._default_manager.filter(
        user_id=member.user_id, permission__codename=WORK_INBOX
    ).values_list("content_object_id", flat=True)


def grant_inbox(member: Membership, inbox: Any) -> None:
    """Let the member see and answer the tickets of the inbox."""
    assign_perm(WORK_INBOX, member.user, inbox)


def revoke_inbox(member: Membership, inbox: Any) -> None:
    """Take the inbox from the member; their own and assigned tickets of it go out of sight too."""
    remove_perm(WORK_INBOX, member.user, inbox)
