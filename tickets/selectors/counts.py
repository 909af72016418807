"""How many tickets wait in each view and inbox: exact to 999, one query, the same cost at a million tickets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from helpdesk.live import memory
from helpdesk.people.models import Membership
from tickets.selectors.inboxes import Sight
from tickets.selectors.listing import Filters, narrowed
from tickets.selectors.prepared import prepared_rows

#: Counting stops here; the label says "999+".
MOST = 1000
#: Views that wait for somebody. Solved tickets and spam are 999+ soon, and counting them costs as much as the others.
COUNTED = ("mine", "unassigned", "open", "pending", "snoozed")


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
    """Counts of the views in COUNTED and of the open tickets of each inbox. One query."""
    inboxes = [pk for pk, _name in sight.inboxes] if sight.ids is None else list(sight.ids)
    # Who sees some inboxes has the count of all open ones by adding theirs up: the fewer index ranges, the better.
    views = [key for key in COUNTED if key != "open" or sight.ids is None]
    asked = [Filters(view=key) for key in views] + [Filters(view="open", inbox=pk) for pk in inboxes]
    parts = [_counted(filters, member, sight) for filters in asked]
    columns, params = (
        ", ".join(sql for sql, _values in parts),
        [one for _sql, values in parts for one in values],
    )
    (numbers,) = prepared_rows(f"SELECT {columns}", params)
    found = dict(zip(views, numbers, strict=False))
    by_inbox = dict(zip(inboxes, numbers[len(views) :], strict=True))
    found.setdefault("open", min(MOST, sum(by_inbox.values())))
    return Counts(found, by_inbox)


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
