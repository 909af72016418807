"""One ticket with everything its page shows: thread, customer, tags, people; the same queries at any length."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

from helpdesk.people.models import Customer, Membership
from tickets.models import Attachment, Inbox, Ticket
from tickets.selectors.inboxes import Sight
from tickets.selectors.prepared import prepared_rows

#: Entries of the thread that are shown before somebody asks for the whole conversation.
THREAD = 50
MOST_THREAD = 2000
EARLIER = 10


class MessageRow(NamedTuple):
    """A message as the thread shows it."""

    pk: int
    kind: str
    state: str
    author_id: int | None
    text: str
    quoted: str
    html: str
    to: str
    cc: str
    bcc: str
    quoted_html: str
    writer: str  # of what came from outside
    ai_involvement: str
    decision_id: int | None
    disclosure: str
    held_reason: str
    remote_images: int
    raw_mail_id: int | None
    at: datetime
    sent_at: datetime | None


class EventRow(NamedTuple):
    """An event of the thread."""

    pk: int
    kind: str
    actor_id: int | None
    data: dict[str, Any]
    at: datetime


class FileRow(NamedTuple):
    """A file of a message, or (`message_id` None) of what somebody is writing."""

    pk: int
    message_id: int | None
    uploaded_by: int | None
    name: str
    content_type: str
    size: int
    is_inline: bool


class Unsent(NamedTuple):
    """A text that a colleague has typed and not sent."""

    pk: int
    author_id: int
    at: datetime


class Earlier(NamedTuple):
    """Another ticket of the customer."""

    number: int
    subject: str
    status: str


class Person(NamedTuple):
    """A member as named to colleagues; `works_here` may be given the ticket."""

    pk: int
    name: str
    is_active: bool
    works_here: bool


class About(NamedTuple):
    """What belongs to a ticket besides its thread."""

    tags: list[str]
    addresses: list[str]
    choices: dict[str, str]
    draft: dict[str, Any] | None
    earlier: list[Earlier]
    newest_message: int
    basis: str | None  # of the rules in force; None where there are none
    unsent: list[Unsent]  # of colleagues


class Thread(NamedTuple):
    """Messages, events and files, oldest first; `whole` is False where earlier entries were left out."""

    messages: list[MessageRow]
    events: list[EventRow]
    files: list[FileRow]
    whole: bool


def find_ticket(number: int, sight: Sight) -> Ticket | None:
    """The ticket with inbox and customer, where the member with this sight may see it. One query.

    The number of a merged ticket finds the one where it lives on. `merged_ids` are those that live on in it.
    Every page and fragment of a ticket begins here; put together by hand it costs a third of what the ORM takes.
    """
    found = _rows(_ticket_sql(), [number, sight.ids is None, list(sight.ids or ())])
    if not found:
        return None
    parts: list[Any] = []
    start = 0
    for model in (Ticket, Inbox, Customer):
        names = _columns(model)
        parts.append(model.from_db(connection.alias, names, found[0][start : start + len(names)]))
        start += len(names)
    ticket: Ticket = parts[0]
    ticket.inbox, ticket.customer = parts[1:]
    ticket.merged_ids = found[0][start]  # type: ignore[attr-defined]
    if ticket.merged_into_id is not None:
        target = Ticket.objects.filter(pk=ticket.merged_into_id).values_list("number", flat=True).first()
        return find_ticket(target, sight) if target else None
    return ticket


@lru_cache(maxsize=1)
def _ticket_sql() -> str:
    aliases = zip("tic", (Ticket, Inbox, Customer), strict=True)
    columns = ", ".join(f'{alias}."{name}"' for alias, model in aliases for name in _columns(model))
    return (
        f"SELECT {columns},"  # noqa: S608
        " ARRAY(SELECT m.id FROM tickets_ticket m WHERE m.merged_into_id = t.id)"
        " FROM tickets_ticket t JOIN tickets_inbox i ON i.id = t.inbox_id"
        " JOIN people_customer c ON c.id = t.customer_id"
        " WHERE t.number = %s AND (%s OR t.inbox_id = ANY (%s))"
    )


@lru_cache(maxsize=3)
def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    return prepared_rows(sql, params)


_ABOUT = """
SELECT
    ARRAY(SELECT g.name FROM tickets_tickettag l JOIN tickets_tag g ON g.id = l.tag_id
        WHERE l.ticket_id = %(ticket)s ORDER BY g.name),
    ARRAY(SELECT address FROM people_customeraddress WHERE customer_id = %(customer)s ORDER BY id LIMIT 20),
    (SELECT json_object_agg(c.purpose, c.state) FROM (
        SELECT DISTINCT ON (purpose) purpose, state FROM governance_consent
        WHERE customer_id = %(customer)s ORDER BY purpose, id DESC) c),
    (SELECT row_to_json(d) FROM (SELECT kind, text, cc, bcc, set_aside, used_decision_id, updated_at
        FROM tickets_composerdraft WHERE ticket_id = %(ticket)s AND author_id = %(member)s) d),
    (SELECT json_agg(json_build_array(e.number, e.subject, e.status)) FROM (
        SELECT number, subject, status FROM tickets_ticket WHERE customer_id = %(customer)s AND id <> %(ticket)s
            AND (%(all)s OR inbox_id = ANY (%(inboxes)s)) ORDER BY id DESC LIMIT %(earlier)s) e),
    (SELECT COALESCE(max(n.id), 0) FROM unnest(%(tickets)s::bigint[]) t(id) CROSS JOIN LATERAL (
        SELECT max(id) AS id FROM tickets_message WHERE ticket_id = t.id) n),
    (SELECT COALESCE(clauses ->> 'basis', 'legitimate_interest') FROM governance_ethicspolicy
        WHERE status = 'published'),
    (SELECT json_agg(json_build_array(w.id, w.author_id, w.updated_at)) FROM (
        SELECT id, author_id, updated_at FROM tickets_composerdraft WHERE ticket_id = %(ticket)s
            AND author_id <> %(member)s AND taken_by_id IS NULL AND text <> '' ORDER BY id) w)
"""


def about(ticket: Ticket, member: Membership, sight: Sight) -> About:
    """Tags, the customer's addresses, choices and earlier tickets, and unsent texts. One query."""
    params = {
        "ticket": ticket.pk,
        "tickets": _together(ticket),
        "customer": ticket.customer_id,
        "member": member.pk,
        "all": sight.ids is None,
        "inboxes": list(sight.ids or ()),
        "earlier": EARLIER + 1,
    }
    ((tags, addresses, choices, draft, earlier, newest, basis, unsent),) = _rows(_ABOUT, params)  # type: ignore[arg-type]
    waiting = [Unsent(pk, author, datetime.fromisoformat(at)) for pk, author, at in unsent or ()]
    others = [Earlier(*one) for one in earlier or ()]
    return About(tags, addresses, choices or {}, draft, others, newest, basis, waiting)


def _together(ticket: Ticket) -> list[int]:
    """The ticket and those merged into it."""
    return [ticket.pk, *getattr(ticket, "merged_ids", ())]


_MESSAGES = """
SELECT id, kind, state, author_id, text, quoted, html, recipients_to, recipients_cc, recipients_bcc, quoted_html,
    CASE WHEN kind = 'outside' THEN COALESCE((
        SELECT COALESCE(NULLIF(c.name, ''), a.address) FROM people_customer c
        LEFT JOIN people_customeraddress a ON a.customer_id = c.id
        WHERE c.id = customer_id ORDER BY a.id LIMIT 1), '') ELSE '' END,
    ai_involvement, decision_id, disclosure, held_reason, remote_images, raw_mail_id, created_at, sent_at
FROM tickets_message WHERE ticket_id {which} AND state NOT IN ('prepared', 'cancelled') ORDER BY id DESC LIMIT %s
"""
_EVENTS = """
SELECT id, kind, actor_id, data, created_at FROM tickets_ticketevent
WHERE ticket_id {which} AND created_at >= %s ORDER BY id DESC LIMIT %s
"""
_FILES = """
SELECT id, message_id, uploaded_by_id, name, content_type, size, is_inline FROM tickets_attachment
WHERE ticket_id {which} ORDER BY id DESC LIMIT %s
"""


def thread(ticket: Ticket, *, everything: bool = False) -> Thread:
    """The newest entries, or all of them. Three queries."""
    most = MOST_THREAD if everything else THREAD
    together = _together(ticket)
    # One ticket reads its index in order; several are few, and are sorted.
    which, ids = ("= ANY (%s)", together) if len(together) > 1 else ("= %s", ticket.pk)
    asked = [one.replace("{which}", which) for one in (_MESSAGES, _EVENTS, _FILES)]
    messages = [MessageRow(*row) for row in _rows(asked[0], [ids, most + 1])]
    whole = len(messages) <= most
    messages = messages[:most]
    since = min([ticket.created_at, *(one.at for one in messages[-1:])]) if whole else messages[-1].at
    events = [_event(row) for row in _rows(asked[1], [ids, since, most])]
    files = [FileRow(*row) for row in _rows(asked[2], [ids, most * 10])]
    return Thread(messages[::-1], events[::-1], files[::-1], whole)


def _event(row: tuple[Any, ...]) -> EventRow:
    pk, kind, actor, data, at = row
    return EventRow(pk, kind, actor, json.loads(data) if isinstance(data, str) else data, at)


_PEOPLE = """
SELECT m.id, COALESCE(NULLIF(m.work_name, ''), NULLIF(u.name, ''), u.email), m.is_active,
    m.role IN ('owner', 'officer') OR m.role = 'agent' AND EXISTS (
        SELECT FROM tickets_inboxuserobjectpermission g JOIN auth_permission p ON p.id = g.permission_id
        WHERE g.user_id = m.user_id AND g.content_object_id = %s AND p.codename = 'work_inbox')
FROM people_membership m JOIN people_user u ON u.id = m.user_id ORDER BY 2, 1
"""


def people(inbox: Inbox | int | None) -> dict[int, Person]:
    """Every member by id, and whether they work in the inbox. One query."""
    inbox_id = inbox.pk if isinstance(inbox, Inbox) else inbox
    return {row[0]: Person(*row) for row in _rows(_PEOPLE, [inbox_id or 0])}


def attachment_for(pk: int, member: Membership) -> Attachment | None:
    """A file of a ticket the member sees; what a colleague has not sent yet is theirs alone. One query."""
    visible = Ticket.objects.visible_to(member)
    found = Attachment.objects.select_related("message").filter(pk=pk, ticket__in=visible).first()
    if found is not None and found.message_id is None and found.uploaded_by_id != member.pk:
        return None
    return found


def waiting_files(ticket: Ticket, member: Membership) -> list[FileRow]:
    """Files the member added to what is being written. One query."""
    sql = (
        "SELECT id, message_id, uploaded_by_id, name, content_type, size, is_inline FROM tickets_attachment"
        " WHERE ticket_id = %s AND message_id IS NULL AND uploaded_by_id = %s ORDER BY id"
    )
    return [FileRow(*row) for row in _rows(sql, [ticket.pk, member.pk])]
