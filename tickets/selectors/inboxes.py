"""Which inboxes a member sees: read once for a page, then used by every query of it."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.people.models import Membership
from helpdesk.people.permissions import visible_inboxes
from tickets.models import Inbox


@dataclass(frozen=True, slots=True)
class Sight:
    """The inboxes a member sees, with their names; `ids` is None where the role sees every one, retired ones too."""

    inboxes: tuple[tuple[int, str], ...]
    ids: tuple[int, ...] | None

    def sees(self, inbox_id: int) -> bool:
        """Whether tickets of the inbox exist for the member."""
        return self.ids is None or inbox_id in self.ids


def sight_of(member: Membership) -> Sight:
    """One query."""
    granted = visible_inboxes(member)
    rows = Inbox.objects.order_by("name", "pk").values_list("pk", "name", "address", "is_active")
    found = list(rows if granted is None else rows.filter(pk__in=granted))
    shown = tuple((pk, name or address) for pk, name, address, active in found if active)
    return Sight(shown, None if granted is None else tuple(pk for pk, *_ in found))
