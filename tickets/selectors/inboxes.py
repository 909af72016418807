"""Which inboxes a member sees: read once for a page, then used by every query of it."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.people.models import Membership
from helpdesk.people.permissions import SEES_ALL, WORK_INBOX
from tickets.selectors.prepared import prepared_rows


@dataclass(frozen=True, slots=True)
class Sight:
    """The inboxes a member sees, with their names; `ids` is None where the role sees every one, retired ones too."""

    inboxes: tuple[tuple[int, str], ...]
    ids: tuple[int, ...] | None

    def sees(self, inbox_id: int) -> bool:
        """Whether tickets of the inbox exist for the member."""
        return self.ids is None or inbox_id in self.ids


_ALL = "SELECT id, name, address, is_active FROM tickets_inbox ORDER BY name, id"
_GRANTED = """
SELECT i.id, i.name, i.address, i.is_active FROM tickets_inbox i WHERE EXISTS (
    SELECT FROM tickets_inboxuserobjectpermission g JOIN auth_permission p ON p.id = g.permission_id
    WHERE g.content_object_id = i.id AND g.user_id = %s AND p.codename = %s
) ORDER BY i.name, i.id
"""


def sight_of(member: Membership) -> Sight:
    """One query. Says the same as `helpdesk.people.permissions.visible_inboxes` (a test holds it to that)."""
    sees_all = member.role in SEES_ALL
    if sees_all:
        found = prepared_rows(_ALL)
    else:
        found = prepared_rows(_GRANTED, [member.user_id, WORK_INBOX])
    shown = tuple((pk, name or address) for pk, name, address, active in found if active)
    return Sight(shown, None if sees_all else tuple(pk for pk, *_ in found))
