"""How many tickets wait in each view and inbox: exact to 999, one query, the same cost at a million tickets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection

from helpdesk.live import memory
from helpdesk.people.models import Membership
from tickets.selectors.inboxes import Sight
from tickets.selectors.listing import VIEWS, Filters, narrowed

#: Counting stops here; the label says "999+".
MOST = 1000


@dataclass(frozen=True, slots=True)
class Counts:
    """View key -> count and inbox id -> count, at most MOST each."""

    views: dict[str, int] = field(default_factory=dict)
    inboxes: dict[int, int] = field(default_factory=dict)


def remembered_counts(member: Membership, sight: Sight) -> Counts:
    """The counts as they were when a ticket of the organization last changed, half a minute old at most.

    No query where they are remembered. Not for a request that changes tickets itself: others may not see that yet.
    """
    if not settings.COUNTS_SECONDS:
        return counts_of(member, sight)
    found = memory.recall(
        "tickets",
        f"counts:{member.pk}",
        f"{member.role} {sight.ids} {[pk for pk, _name in sight.inboxes]}",
        lambda: _plain(counts_of(member, sight)),
        seconds=settings.COUNTS_SECONDS,
    )
    return Counts(found["views"], {int(pk): number for pk, number in found["inboxes"].items()})


def _plain(counts: Counts) -> dict[str, dict[str, int]]:
    return {"views": counts.views, "inboxes": {str(pk): number for pk, number in counts.inboxes.items()}}


def counts_of(member: Membership, sight: Sight) -> Counts:
    """Counts of every view and of the open tickets of each inbox. One query."""
    columns: list[str] = []
    params: list[Any] = []
    for key in VIEWS:
        sql, values = _counted(Filters(view=key), member, sight)
        columns.append(sql)
        params += values
    for pk, _name in sight.inboxes:
        sql, values = _counted(Filters(view="open", inbox=pk), member, sight)
        columns.append(sql)
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", params)
        numbers = cursor.fetchone()
    views = dict(zip(VIEWS, numbers, strict=False))
    return Counts(views, dict(zip((pk for pk, _ in sight.inboxes), numbers[len(VIEWS) :], strict=True)))


def _counted(filters: Filters, member: Membership, sight: Sight) -> tuple[str, list[Any]]:
    """A sub-select that counts to MOST, one index range per status and inbox."""
    parts, params = [], []
    for where, values in narrowed(filters, member, sight):
        parts.append(f"(SELECT FROM tickets_ticket t WHERE {where} LIMIT {MOST})")
        params += values
    union = " UNION ALL ".join(parts) or "SELECT FROM tickets_ticket WHERE false"
    return f"(SELECT count(*) FROM (SELECT FROM ({union}) a LIMIT {MOST}) b)", params  # noqa: S608 - fixed text


def label(number: int) -> str:
    """As it is shown: nothing for none."""
    if number >= MOST:
        return f"{MOST - 1}+"
    return str(number) if number else ""
