"""The right pane of a ticket as its templates want it: what is set on it, and its customer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.core.clauses import Basis
from tickets.forms import LANGUAGES
from tickets.models import Priority, Status, Ticket
from tickets.selectors.clock import RUNNING
from tickets.selectors.ticket_page import EARLIER, About, Earlier, Person
from tickets.views.due import NOTHING, due_words, until_words
from tickets.views.frame import initials
from tickets.views.skeleton import Slot, drawn, filled


def properties(
    ticket: Ticket, known: About, colleagues: Mapping[int, Person], *, error: str = ""
) -> dict[str, Any]:
    """The context of desk/_properties.html."""
    assigned, created = ticket.assignee_id, timezone.localtime(ticket.created_at)
    offered = [one for one in colleagues.values() if (one.is_active and one.works_here) or one.pk == assigned]
    statuses = [
        (value, word) for value, word in Status.choices if value != Status.NEW or ticket.status == value
    ]
    return {
        "statuses": options(statuses, ticket.status),
        "priorities": options(Priority.choices, ticket.priority),
        "assignees": options([("", _("nobody")), *((one.pk, one.name) for one in offered)], assigned or ""),
        "tags": ", ".join(known.tags),
        **_due(ticket),
        "first_reply_label": _first_reply(ticket),
        "first_reply_state": "good" if ticket.first_reply_at else "warn",
        "created_iso": created.isoformat(),
        "created_label": date_format(created, "j M Y, H:i"),
        "error": error,
    }


def _due(ticket: Ticket) -> dict[str, str]:
    due = due_words(ticket.due_at, timezone.now()) if ticket.status in RUNNING else NOTHING
    paused = ticket.paused_at is not None and ticket.status == Status.PENDING
    return {
        "due_label": due.label or (_("paused: waiting for the customer") if paused else ""),
        "due_state": {"late": "bad", "soon": "warn"}.get(due.state, ""),
        "due_iso": ticket.due_at.isoformat() if ticket.due_at and due.state else "",
        "due_at_label": until_words(ticket.due_at) if ticket.due_at and due.state else "",
    }


def options(choices: Iterable[tuple[Any, Any]], chosen: Any) -> SafeString:
    """desk/_options.html."""
    shown = [
        {"value": Slot(str(value)), "label": Slot(str(word)), "selected": value == chosen}
        for value, word in choices
    ]
    return filled("desk/_options.html", {"options": shown})


def _first_reply(ticket: Ticket) -> str:
    from django.utils.timesince import timesince

    if ticket.first_reply_at is None:
        return _("not yet") if ticket.status in ("new", "open") else ""
    return _("after %(time)s") % {"time": timesince(ticket.created_at, ticket.first_reply_at, depth=1)}


def customer_card(ticket: Ticket, known: About) -> dict[str, Any]:
    """The context of desk/_customer.html."""
    customer, words = ticket.customer, dict(Status.choices)
    number, more = len(known.earlier) + 1, len(known.earlier) > EARLIER
    help_state, help_label = _ai_help(known, str(customer).split(" ", maxsplit=1)[0])
    everything = f"{reverse('desk:home')}?customer={customer.pk}"
    count = ngettext("%(number)s ticket", "%(number)s tickets", number) % {"number": number}
    return {
        "name": str(customer),
        "initials": initials(customer.name or (known.addresses or [""])[0]),
        "addresses": known.addresses,
        "since_label": date_format(timezone.localtime(customer.created_at), "F Y"),
        "ticket_count_label": _("more than %(number)s tickets") % {"number": EARLIER} if more else count,
        "language_label": str(dict(LANGUAGES).get(customer.language, customer.language)),
        "ai_help": help_state,
        "ai_help_label": help_label,
        "tickets": [_earlier(one, str(words.get(one.status, one.status))) for one in known.earlier[:EARLIER]],
        "more_url": everything if more else "",
        "note": "",
    }


def _earlier(one: Earlier, status: str) -> SafeString:
    subject = one.subject or _("(no subject)")
    values = {
        "number": one.number,
        "subject": subject,
        "url": f"/tickets/{one.number}/",
        "status_label": status,
    }
    return drawn("desk/_earlier.html", "t", values, {})


def _ai_help(known: About, name: str) -> tuple[str, str]:
    chosen = known.choices
    if chosen.get("humans_only") == "granted":
        return "no", _("off: answer without AI")
    if chosen.get("ai_assist") in ("refused", "objected"):
        return "no", _("off: the customer said no")
    if chosen.get("ai_assist") == "granted" or known.basis == Basis.LEGITIMATE_INTEREST:
        return "yes", _("on, %(name)s can turn it off") % {"name": name}
    return "ask", _("not asked yet")
