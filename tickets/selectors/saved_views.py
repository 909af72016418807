"""Views that a member saved, or that a colleague saved for everybody."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.db.models import Q

from helpdesk.live import memory
from helpdesk.people.models import Membership
from tickets.models import SavedView

#: More than these the left pane does not show.
MOST = 30
SECONDS = 300


class Saved(NamedTuple):
    """One saved view: its query string is the list's."""

    pk: int
    name: str
    query: str
    shared: bool
    own: bool


def saved_views(member: Membership) -> list[Saved]:
    """The member's own and those for everybody, by name. One query."""
    rows = SavedView.objects.filter(Q(owner=member) | Q(is_shared=True)).order_by("name", "pk")
    found = rows.values_list("pk", "name", "query", "is_shared", "owner_id")[:MOST]
    return [Saved(pk, name, query, shared, owner == member.pk) for pk, name, query, shared, owner in found]


def remembered_views(member: Membership) -> list[Saved]:
    """The same, as it was when somebody last saved or removed one; usually without a query."""
    if not settings.COUNTS_SECONDS:
        return saved_views(member)
    found = memory.recall(
        "views", f"views:{member.pk}", "", lambda: [list(one) for one in saved_views(member)], seconds=SECONDS
    )
    return [Saved(*one) for one in found]
