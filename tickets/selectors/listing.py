"""The list of one view: filters, search and keyset pages, newest change or what is due first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Membership
from tickets.models import Status, Ticket
from tickets.selectors.inboxes import Sight
from tickets.selectors.order import SORTS, Order, cursor, place, stretches
from tickets.selectors.prepared import plain_rows, prepared_rows
from tickets.selectors.search import search

PAGE = 30
STATUSES = frozenset(str(one) for one in Status.values)
#: Views of these leave out what sleeps; a ticket that is done does not.
_SLEEP_IN = frozenset({Status.NEW, Status.OPEN, Status.PENDING})
#: More index ranges than this are not worth their planning: then the database filters.
MOST_PARTS = 24


class View(NamedTuple):
    """A view of the desk: which statuses, and whose."""

    label: object
    statuses: tuple[str, ...]
    assignee: str = ""
    sleeping: bool = False


VIEWS: dict[str, View] = {
    "mine": View(_("Mine"), (Status.NEW, Status.OPEN), "me"),
    "unassigned": View(_("Unassigned"), (Status.NEW, Status.OPEN), "nobody"),
    "open": View(_("All open"), (Status.NEW, Status.OPEN)),
    "pending": View(_("Waiting for customer"), (Status.PENDING,)),
    "snoozed": View(_("Snoozed"), (Status.NEW, Status.OPEN, Status.PENDING), sleeping=True),
    "solved": View(_("Solved"), (Status.SOLVED, Status.CLOSED)),
    "spam": View(_("Spam"), (Status.SPAM,)),
}
#: Found through search or a customer, in whatever state.
EVERYTHING = View(_("All tickets"), ())


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; empty means not asked. `assignee` is "me", "nobody" or a member's id."""

    view: str = "open"
    inbox: int | None = None
    status: str = ""
    assignee: str = ""
    priority: int | None = None
    tag: str = ""
    customer: int | None = None
    query: str = ""
    number: int | None = None
    sort: str = ""  # see tickets.selectors.order

    @property
    def definition(self) -> View:
        """The view asked for."""
        return VIEWS.get(self.view, EVERYTHING)

    @property
    def narrowing(self) -> bool:
        """Whether more than a view or inbox was asked for."""
        return replace(self, view="", inbox=None, sort="") != Filters(view="")

    @property
    def looked_for(self) -> bool:
        """Whether something is looked for by name: then it is found in whatever state."""
        return bool(self.query) or self.customer is not None or self.number is not None


class Row(NamedTuple):
    """One ticket as the list shows it."""

    pk: int
    number: int
    subject: str
    snippet: str
    status: str
    at: datetime
    unread: bool
    inbox_id: int
    customer_name: str
    assignee_name: str
    tags: list[str]
    outcome: str
    has_files: bool
    due_at: datetime | None
    snoozed_until: datetime | None
    why: str = ""  # what a search found it by


class Page(NamedTuple):
    """One page, the cursor of the next ("" at the end), and whether a search looked at the newest only."""

    rows: list[Row]
    older: str
    truncated: bool


_ROWS = """
SELECT t.id, t.number, t.subject, t.snippet, t.status, t.updated_at, t.is_unread, t.inbox_id,
    COALESCE(NULLIF(c.name, ''), (
        SELECT a.address FROM people_customeraddress a WHERE a.customer_id = c.id ORDER BY a.id LIMIT 1
    ), ''),
    COALESCE(NULLIF(m.work_name, ''), NULLIF(u.name, ''), u.email, ''),
    ARRAY(SELECT g.name FROM tickets_tickettag l JOIN tickets_tag g ON g.id = l.tag_id
        WHERE l.ticket_id = t.id ORDER BY g.name),
    COALESCE((SELECT CASE WHEN n.kind = 'inbound' THEN o.result ELSE '' END FROM (
        SELECT id, kind FROM tickets_message WHERE ticket_id = t.id AND kind NOT IN ('note', 'ack')
        ORDER BY id DESC LIMIT 1
    ) n LEFT JOIN tickets_messageoutcome o ON o.message_id = n.id), ''),
    EXISTS (SELECT FROM tickets_attachment f WHERE f.ticket_id = t.id AND f.message_id IS NOT NULL AND NOT f.is_inline),
    t.due_at, t.snoozed_until
FROM ({ids}) p
JOIN tickets_ticket t ON t.id = p.id JOIN people_customer c ON c.id = t.customer_id
LEFT JOIN people_membership m ON m.id = t.assignee_id LEFT JOIN people_user u ON u.id = m.user_id
ORDER BY p.at {way}, p.id {way}
"""


def tickets_page(
    filters: Filters, member: Membership, sight: Sight, *, after: str = "", limit: int = PAGE
) -> Page:
    """One page of tickets the member sees. One query, two where what is due does not fill it; a search takes one more.

    Raises ValueError for a bad cursor.
    """
    found = search(filters.query, sight.ids) if filters.query else None
    rows: list[Row] = []
    for order, start in stretches(filters.sort, after):
        if len(rows) <= limit:
            ids = found.ids if found else None
            rows += _read(filters, member, sight, ids, order=order, after=start, limit=limit + 1 - len(rows))
    if found:
        rows = [row._replace(why=found.why.get(row.pk, "")) for row in rows]
    older = cursor_of(rows[limit - 1], filters.sort) if len(rows) > limit else ""
    return Page(rows[:limit], older, found.truncated if found else False)


def cursor_of(row: Row, sort: str = "") -> str:
    """Where the page after this row begins."""
    return cursor(sort, row.at, row.due_at, row.pk)


def beside(filters: Filters, member: Membership, sight: Sight, ticket: Ticket, *, back: bool) -> int | None:
    """The number of the ticket after this one in the list, or (`back`) before it; None at the end.

    One query, two where the list goes on in another stretch, and one for a search.
    A ticket that the list does not hold any more has its place all the same.
    """
    found = search(filters.query, sight.ids).ids if filters.query else None
    here = cursor(filters.sort, ticket.updated_at, ticket.due_at, ticket.pk)
    ways = stretches(filters.sort, here)
    if back:
        orders = SORTS.get(filters.sort, SORTS[""])
        before = orders[: orders.index(ways[0][0])]
        ways = [(ways[0][0].turned(), ways[0][1]), *((one.turned(), "") for one in reversed(before))]
    for order, start in ways:
        rows = _read(filters, member, sight, found, order=order, after=start, limit=1)
        if rows:
            return rows[0].number
    return None


def _read(
    filters: Filters,
    member: Membership,
    sight: Sight,
    found: Sequence[int] | None,
    *,
    order: Order,
    after: str,
    limit: int,
) -> list[Row]:
    ids, params = _ids(filters, member, sight, found, order=order, after=after, limit=limit)
    sql = _ROWS.replace("{ids}", ids).replace("{way}", order.way)
    return [Row(*row) for row in (plain_rows if filters.narrowing else prepared_rows)(sql, params)]


def _ids(
    filters: Filters,
    member: Membership,
    sight: Sight,
    found: Sequence[int] | None,
    *,
    order: Order,
    after: str,
    limit: int,
) -> tuple[str, list[Any]]:
    """Ids in order: each index range gives its first, the first of these are the page."""
    column, way = order.column, order.way
    parts, params = [], []
    for where, values in narrowed(filters, member, sight, found):
        parts.append(
            f"(SELECT t.id, t.{column} AS at FROM tickets_ticket t WHERE {where}{order.only}{order.keyset(after)}"  # noqa: S608
            f" ORDER BY t.{column} {way}, t.id {way} LIMIT {limit})"
        )
        params += [*values, *(place(after) if after else ())]
    union = " UNION ALL ".join(parts) or "SELECT 0::bigint AS id, now() AS at WHERE false"
    return f"SELECT id, at FROM ({union}) u ORDER BY at {way}, id {way} LIMIT {limit}", params  # noqa: S608


def narrowed(
    filters: Filters, member: Membership, sight: Sight, found: Sequence[int] | None = None
) -> Iterator[tuple[str, list[Any]]]:
    """Conditions with their values, one per index range: several statuses or inboxes in one range lose the order."""
    wide, wide_params = _conditions(filters, member)
    selective = found is not None or filters.looked_for or bool(filters.tag) or filters.definition.sleeping
    if found is not None:
        wide.append("t.id = ANY (%s)")
        wide_params.append(list(found))
    statuses, inboxes = _statuses(filters), _inboxes(filters, sight)
    if selective or len(statuses or "1") * len(inboxes if inboxes is not None else "1") > MOST_PARTS:
        yield _joined(wide, wide_params, statuses, inboxes)
        return
    for status, inbox in product(statuses or [""], inboxes if inboxes is not None else [None]):
        yield _joined(wide, wide_params, [status] if status else None, [inbox] if inbox is not None else None)


def _statuses(filters: Filters) -> list[str] | None:
    if filters.status:
        return [filters.status]
    if filters.looked_for:
        return None  # what is looked for by name is found in whatever state
    return list(filters.definition.statuses) or None


def _inboxes(filters: Filters, sight: Sight) -> list[int] | None:
    if filters.inbox is not None:
        return [filters.inbox] if sight.sees(filters.inbox) else []
    return None if sight.ids is None else list(sight.ids)


def _conditions(filters: Filters, member: Membership) -> tuple[list[str], list[Any]]:
    wheres: list[str] = []
    params: list[Any] = []
    whose = [filters.assignee, "" if filters.looked_for else filters.definition.assignee]
    if not filters.looked_for and filters.definition.statuses and filters.definition.statuses[0] in _SLEEP_IN:
        wheres.append(f"t.snoozed_until IS {'NOT NULL' if filters.definition.sleeping else 'NULL'}")
    for assignee in filter(None, whose):
        if assignee == "nobody":
            wheres.append("t.assignee_id IS NULL")
        else:
            wheres.append("t.assignee_id = %s")
            params.append(member.pk if assignee == "me" else int(assignee))
    for column, value in (
        ("priority", filters.priority),
        ("customer_id", filters.customer),
        ("number", filters.number),
    ):
        if value is not None:
            wheres.append(f"t.{column} = %s")
            params.append(value)
    if filters.tag:
        wheres.append(
            "t.id IN (SELECT l.ticket_id FROM tickets_tickettag l JOIN tickets_tag g ON g.id = l.tag_id"
            " WHERE g.name = %s)"
        )
        params.append(filters.tag)
    return wheres, params


def _joined(
    wheres: list[str], params: list[Any], statuses: list[str] | None, inboxes: list[int] | None
) -> tuple[str, list[Any]]:
    wheres, params = list(wheres), list(params)
    for column, values in (("status", statuses), ("inbox_id", inboxes)):
        if values is None:
            continue
        if column == "status" and len(values) == 1 and values[0] in STATUSES:
            wheres.append(f"t.status = '{values[0]}'")  # the plan depends on it, and there are only these
            continue
        wheres.append(f"t.{column} = %s" if len(values) == 1 else f"t.{column} = ANY (%s)")
        params.append(values[0] if len(values) == 1 else list(values))
    return " AND ".join(wheres) or "true", params
