"""The panes of the desk as their templates want them: list, ticket, properties, customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from helpdesk.live import events
from helpdesk.live.slots import panels_for
from helpdesk.people.models import Membership
from helpdesk.people.permissions import ROLE_ACTIONS, can
from tickets.forms import FilterForm
from tickets.models import Priority, Status, Tag, Ticket
from tickets.selectors.counts import label
from tickets.selectors.listing import PAGE, VIEWS, Filters, Page, Row, tickets_page
from tickets.selectors.ticket_page import Person, about, people, thread
from tickets.services.timing import CAN_SLEEP
from tickets.views.composer import composer_context
from tickets.views.due import NOTHING, due_words, until_words
from tickets.views.entries import entries
from tickets.views.frame import Frame, frame_of, with_query
from tickets.views.side import customer_card, properties
from tickets.views.skeleton import day, drawn

STATUS_WORDS = dict(Status.choices)
OUTCOME_TAGS = {
    "drafted": ("ready", gettext_lazy("Draft ready")),
    "not_allowed": ("no", gettext_lazy("Without AI")),
}
WHY_WORDS = {
    "number": gettext_lazy("ticket number"),
    "code": gettext_lazy("code in a message"),
    "address": gettext_lazy("customer’s address"),
    "words": gettext_lazy("words in a message"),
    "name": gettext_lazy("customer’s name"),
}


def read_filters(request: HttpRequest) -> Filters:
    """What the address asks for; nonsense counts as not asked."""
    return filters_in(request.GET)


def filters_in(query: QueryDict) -> Filters:
    """The same of a query string."""
    form = FilterForm(query)
    form.is_valid()
    return _filters(form.cleaned_data)


def _filters(asked: Mapping[str, Any]) -> Filters:
    found = asked.get("q", "") or asked.get("customer")
    return Filters(
        view=asked.get("view") or ("all" if found else "open"),
        inbox=asked.get("inbox"),
        status=asked.get("status", ""),
        assignee=asked.get("assignee", ""),
        priority=asked.get("priority") or None,
        tag=asked.get("tag", ""),
        customer=asked.get("customer"),
        query=asked.get("q", ""),
        sort=asked.get("sort", ""),
    )


def filters_of_page(request: HttpRequest) -> Filters:
    """The filters of the page that sent this fragment's request."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    return filters_in(QueryDict(here.query))


def listing(request: HttpRequest, filters: Filters, *, current: int | None = None) -> dict[str, Any]:
    """The context of desk/_list.html: rows, counts, filters. Three queries, four for a search."""
    frame = frame_of(request)
    frame.filters = filters
    try:
        page = tickets_page(filters, frame.member, frame.sight, after=request.GET.get("after", ""))
    except ValueError:  # a cursor that somebody typed
        page = tickets_page(filters, frame.member, frame.sight)
    colleagues, can_edit = people(filters.inbox), can(frame.member, "work")
    base: dict[str, Any] = {"view": filters.view, "inbox": filters.inbox}
    return {
        "title": _title(frame, filters),
        "url": f"{reverse('desk:home')}?{with_query(Filters(**base))}",
        "count_label": _count(frame, filters, page),
        "order_label": _("due first") if filters.sort else _("newest first"),
        "order_url": f"{reverse('desk:home')}?{with_query(filters, sort='' if filters.sort else 'due')}",
        "order_other": _("Newest first") if filters.sort else _("Due first"),
        "query": filters.query,
        "filters": _filter_fields(request, filters, colleagues),
        "active": _active(filters, colleagues),
        "rows": shown_rows(page.rows, filters, can_edit=can_edit, current=current),
        "older_url": f"{reverse('desk:home')}?{with_query(filters)}&after={_quoted(page.older)}"
        if page.older
        else "",
        "can_edit": can_edit,
        "assignees": [{"pk": one.pk, "name": one.name} for one in colleagues.values() if one.is_active],
        "truncated": page.truncated,
        "empty": "" if page.rows else _empty(filters),
        **_saving(frame, filters, can_edit=can_edit),
        "current": current,
    }


def _quoted(cursor: str) -> str:
    from urllib.parse import quote

    return quote(cursor)


def _filter_fields(request: HttpRequest, filters: Filters, colleagues: Mapping[int, Person]) -> SafeString:
    given = {name: request.GET.get(name, "") for name in FilterForm.base_fields}
    asked = tuple({**given, "view": filters.view, "q": ""}.items())
    members = tuple((pk, one.name) for pk, one in colleagues.items() if one.is_active)
    return _drawn_filters(asked, members, tuple(_tags()), get_language() or "")


@lru_cache(maxsize=256)
def _drawn_filters(
    asked: tuple[tuple[str, str], ...],
    members: tuple[tuple[int, str], ...],
    tags: tuple[str, ...],
    _language: str,
) -> SafeString:
    """The fields as HTML. Forms are slow to draw, and this one is the same on page after page."""
    form = FilterForm(dict(asked), members=members, tags=tags).shown()
    return SafeString(render_to_string("components/form.html", {"form": form}))


def _tags() -> list[str]:
    return list(Tag.objects.order_by("name").values_list("name", flat=True)[:100])


def _title(frame: Frame, filters: Filters) -> str:
    if frame.saved_view is not None:
        return frame.saved_view.name
    if filters.query:
        return _("Found")
    if filters.customer is not None:
        return _("All tickets of a customer")
    if filters.inbox is not None:
        return dict(frame.sight.inboxes).get(filters.inbox, "") or str(filters.definition.label)
    return str(filters.definition.label)


def _count(frame: Frame, filters: Filters, page: Page) -> str:
    if page.older and not filters.narrowing:
        counts = frame.counts
        number = counts.inboxes.get(filters.inbox, 0) if filters.inbox else counts.views.get(filters.view, 0)
        if number > PAGE:
            return _("%(number)s tickets") % {"number": label(number)}
    if page.older:
        return _("more than %(number)s tickets") % {"number": len(page.rows)}
    return ngettext("%(number)s ticket", "%(number)s tickets", len(page.rows)) % {"number": len(page.rows)}


def _empty(filters: Filters) -> str:
    if filters.narrowing:
        return "filters"
    if not Ticket.objects.exists():
        return "first"
    return filters.view if filters.view in VIEWS and filters.inbox is None else "view"


def _saving(frame: Frame, filters: Filters, *, can_edit: bool) -> dict[str, Any]:
    """What the list offers: to keep what it is narrowed to, or to remove the saved view that it is."""
    saved = frame.saved_view
    return {
        "save_query": with_query(filters) if can_edit and filters.narrowing and saved is None else "",
        "remove_url": reverse("desk:view_remove", args=[saved.pk])
        if saved and can_edit and (saved.own or can(frame.member, "manage_people"))
        else "",
    }


def _active(filters: Filters, colleagues: Mapping[int, Person]) -> list[dict[str, str]]:
    """The filters in force, each with the way to take it off."""
    words = {
        "query": f"“{filters.query}”" if filters.query else "",
        "status": str(dict(Status.choices).get(filters.status, "")),
        "assignee": _assignee_word(filters.assignee, colleagues),
        "priority": str(dict(Priority.choices).get(filters.priority or 0, "")),
        "tag": filters.tag,
        "customer": _("one customer") if filters.customer else "",
    }
    blank: dict[str, Any] = {
        "query": "",
        "status": "",
        "assignee": "",
        "priority": None,
        "tag": "",
        "customer": None,
    }
    return [
        {"label": word, "remove_url": f"{reverse('desk:home')}?{with_query(filters, **{name: blank[name]})}"}
        for name, word in words.items()
        if word
    ]


def _assignee_word(assignee: str, colleagues: Mapping[int, Person]) -> str:
    if assignee in ("", "me", "nobody"):
        return {"me": _("assigned to me"), "nobody": _("assigned to nobody")}.get(assignee, "")
    person = colleagues.get(int(assignee))
    return person.name if person else _("a colleague")


class _CanEdit(NamedTuple):
    """The one thing about the list that a row's template must know."""

    can_edit: bool


class _Around(NamedTuple):
    """What all rows of a list have in common."""

    can_edit: bool
    here: tzinfo
    now: datetime


def shown_rows(
    rows: Sequence[Row], filters: Filters, *, can_edit: bool, current: int | None = None
) -> list[SafeString]:
    """desk/_list_row.html for each ticket."""
    query, mixed = with_query(filters), len(filters.definition.statuses) != 1
    around = _Around(can_edit=can_edit, here=timezone.get_current_timezone(), now=timezone.now())
    return [_row(row, query, around, mixed, row.number == current) for row in rows]


def _row(row: Row, query: str, around: _Around, mixed: bool, current: bool) -> SafeString:  # noqa: FBT001
    alive, at = row.status in ("new", "open"), row.at.astimezone(around.here)
    due = due_words(row.due_at, around.now) if alive else NOTHING
    state, word = OUTCOME_TAGS.get(row.outcome, ("", "")) if alive else ("", "")
    values = {
        "pk": row.pk,
        "number": row.number,
        "url": f"/tickets/{row.number}/?{query}",
        "row_url": f"/tickets/{row.number}/row/?{query}",
        "customer_name": row.customer_name or _("Customer without a name"),
        "subject": row.subject or _("(no subject)"),
        "snippet": row.snippet,
        "at_iso": at.isoformat(),
        "at_day": day(at),
        "status_label": STATUS_WORDS.get(row.status, row.status),
        "tags": row.tags,
        "assignee_name": row.assignee_name,
        "ai_label": word,
        "due_label": due.label,
        "due_iso": row.due_at.isoformat() if row.due_at and due.state else "",
        "snoozed_label": until_words(row.snoozed_until) if row.snoozed_until else "",
        "why_label": WHY_WORDS.get(row.why, ""),
    }
    shape = {
        "due_state": due.state,
        "is_snoozed": row.snoozed_until is not None,
        "has_why": row.why in WHY_WORDS,
        "unread": row.unread,
        "show_status": mixed and not alive,
        "has_assignee": bool(row.assignee_name),
        "ai_state": state,
        "attachments": row.has_files,
        "current": current,
    }
    return drawn("desk/_list_row.html", "row", values, shape, listing=_CanEdit(can_edit=around.can_edit))


def ticket_pane(
    request: HttpRequest, ticket: Ticket, *, everything: bool = False, **composer: Any
) -> dict[str, Any]:
    """The context of desk/_ticket.html. Six queries."""
    frame = frame_of(request)
    member, known, colleagues = (
        frame.member,
        about(ticket, frame.member, frame.sight),
        people(ticket.inbox_id),
    )
    can_edit = can(member, "work")  # that the inbox is theirs is why they found the ticket
    conversation = thread(ticket, everything=everything)
    files = [one for one in conversation.files if one.message_id is None and one.uploaded_by == member.pk]
    return {
        "ticket": ticket,
        "ticket_meta": {
            "back_url": f"{reverse('desk:home')}?{with_query(frame.filters or Filters())}",
            "inbox_label": str(ticket.inbox),
            "channel_label": "",
            "quarantine_reason": "",
            "snoozed_label": until_words(ticket.snoozed_until) if ticket.snoozed_until else "",
            "can_snooze": ticket.status in CAN_SLEEP,
            "step_query": with_query(frame.filters or Filters()),
        },
        "can_edit": can_edit,
        "entries": entries(request, ticket, conversation, colleagues, can_edit=can_edit),
        "thread_older_url": ""
        if conversation.whole
        else f"{reverse('desk:thread', args=[ticket.number])}?all=1",
        "composer": {**composer_context(ticket, member, known=known, files=files), **composer}
        if can_edit
        else None,
        "presence": presence(frame, ticket, colleagues),
        "panels": panels_for(ticket),
        "properties": properties(ticket, known, colleagues),
        "customer": customer_card(ticket, known),
    }


def presence(frame: Frame, ticket: Ticket, colleagues: Mapping[int, Person]) -> list[dict[str, Any]]:
    """Who else has the ticket open."""
    here = events.present(ticket.organization_id, ticket.pk)
    return [
        {"name": colleagues[pk].name, "typing": activity == "typing"}
        for pk, activity in sorted(here.items())
        if pk != frame.member.pk and pk in colleagues
    ]


def rights(member: Membership) -> frozenset[str]:
    """What the member's role allows."""
    return ROLE_ACTIONS.get(member.role, frozenset())
