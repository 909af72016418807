"""Reads of what a member was told: how many are unseen, and the newest of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q

from helpdesk.live import memory
from helpdesk.people.models import Membership
from tickets.models import Notice, Ticket
from tickets.selectors.prepared import prepared_rows

#: Counting stops here; the label says "99+".
MOST = 100
SECONDS = 300
_SQL = """
SELECT count(*) FROM (
    SELECT FROM tickets_notice WHERE member_id = %s AND seen_at IS NULL AND organization_id =
        NULLIF(current_setting('app.organization', true), '')::uuid LIMIT 100) unseen
"""


def unseen(member: Membership) -> int:
    """How many notices the member has not seen, 100 at most. One query by an index."""
    ((count,),) = prepared_rows(_SQL, [member.pk])
    return int(count)


def remembered_unseen(member: Membership) -> int:
    """The same, as it was when somebody of the organization was last told something; usually without a query."""
    if not settings.COUNTS_SECONDS:
        return unseen(member)
    return int(memory.recall("notices", f"notices:{member.pk}", "", lambda: unseen(member), seconds=SECONDS))


def label(number: int) -> str:
    """As it is shown: nothing for none."""
    if number >= MOST:
        return f"{MOST - 1}+"
    return str(number) if number else ""


def newest(member: Membership, *, before: int | None = None, limit: int = 50) -> Sequence[Notice]:
    """The member's notices, newest first, of tickets that they (still) see. One query."""
    visible = Ticket.objects.visible_to(member)
    rows = Notice.objects.select_related("ticket", "actor__user").filter(member=member)
    rows = rows.filter(Q(ticket=None) | Q(ticket__in=visible)).order_by("-pk")
    return list(rows.filter(pk__lt=before)[:limit] if before else rows[:limit])
