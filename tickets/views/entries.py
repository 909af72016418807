"""Entries of a thread as desk/_thread.html shows them: messages, and events told in whole sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.mail import html as mail_html
from tickets.models import Priority, Status, Ticket
from tickets.selectors.ticket_page import EventRow, FileRow, MessageRow, Person, Thread
from tickets.views.frame import initials, url_of

HOW = {
    "mail": gettext_lazy("by mail"),
    "portal": gettext_lazy("in the portal"),
    "api": gettext_lazy("through a program"),
    "agent": gettext_lazy("written down by an agent"),
}
STATE_WORDS = {"queued": gettext_lazy("Waiting to leave"), "sending": gettext_lazy("Leaving")}


def entries(
    ticket: Ticket, thread: Thread, people: Mapping[int, Person], *, can_edit: bool
) -> list[dict[str, Any]]:
    """Messages and events in the order they happened."""
    files: dict[int | None, list[FileRow]] = {}
    for file in thread.files:
        files.setdefault(file.message_id, []).append(file)
    shown = [
        (row.at, 1, _message(ticket, row, files.get(row.pk, []), people, can_edit=can_edit))
        for row in thread.messages
    ]
    shown += [(row.at, 0, _event(row, people)) for row in thread.events if row.kind != "created"]
    shown.sort(key=lambda one: one[:2])
    return [entry for *_order, entry in shown]


def _message(
    ticket: Ticket,
    row: MessageRow,
    files: list[FileRow],
    people: Mapping[int, Person],
    *,
    can_edit: bool,
) -> dict[str, Any]:
    if row.kind == "ack":
        text = _("The customer was told that the mail arrived, and how to be answered without AI.")
        return {"kind": "event", "event": {"text": text, "at": row.at, "ai": False, "url": ""}}
    name = _author(ticket, row, people)
    activity = url_of("ai-activity")
    message = {
        "pk": row.pk,
        "kind": row.kind,
        "author_name": name,
        "author_initials": initials(name),
        "how": _how(ticket, row),
        "at": row.sent_at or row.at,
        "to_label": _("to %(address)s") % {"address": row.to} if row.kind == "reply" and row.to else "",
        "cc_label": _("CC %(addresses)s") % {"addresses": ", ".join(row.cc.split())} if row.cc else "",
        "body_html": row.html or mail_html.from_text(row.text),
        "quoted_html": mail_html.from_text(row.quoted) if row.quoted and not row.html else "",
        "remote_images": row.remote_images,
        "images_url": reverse("desk:images", args=[ticket.number, row.pk]) if row.remote_images else "",
        "attachments": [file_of(one) for one in files if not one.is_inline],
        "source_url": reverse("desk:source", args=[ticket.number, row.pk]) if row.raw_mail_id else "",
        "ai_involvement": row.ai_involvement,
        "disclosure": row.disclosure,
        "why_url": f"{activity}#decision-{row.decision_id}" if activity and row.decision_id else "",
        **_state(ticket, row, can_edit=can_edit),
    }
    return {"kind": "message", "message": message}


def _author(ticket: Ticket, row: MessageRow, people: Mapping[int, Person]) -> str:
    if row.kind == "inbound":
        return str(ticket.customer)
    author = people.get(row.author_id or 0)
    return author.name if author else _("A former colleague")


def _how(ticket: Ticket, row: MessageRow) -> str:
    if row.kind == "note":
        return _("note for the team")
    if row.kind == "inbound" and not row.raw_mail_id:
        return str(HOW.get(ticket.channel, HOW["portal"]))
    return _("by mail")


def _state(ticket: Ticket, row: MessageRow, *, can_edit: bool) -> dict[str, Any]:
    state = row.state if row.state in ("queued", "sending", "held", "failed") else ""
    stopped = state in ("held", "failed") and can_edit
    return {
        "state": state,
        "state_label": STATE_WORDS.get(state, ""),
        "held_reason": row.held_reason if state in ("held", "failed") else "",
        "held_who": "",
        "undo_url": reverse("desk:undo", args=[ticket.number, row.pk]) if state == "queued" else "",
        "write_self_url": reverse("desk:undo", args=[ticket.number, row.pk]) if stopped else "",
        "retry_url": "",
        "ask_owner_url": "",
    }


def file_of(file: FileRow) -> dict[str, Any]:
    """A file as the thread and the composer show it."""
    return {
        "pk": file.pk,
        "name": file.name,
        "size_label": filesizeformat(file.size),
        "url": reverse("desk:attachment", args=[file.pk]),
        "icon": "file",
    }


def _event(row: EventRow, people: Mapping[int, Person]) -> dict[str, Any]:
    actor = people.get(row.actor_id or 0)
    tell = _SENTENCES.get(row.kind)
    text = tell(actor.name if actor else "", row.data) if tell else row.kind.replace("_", " ")
    decision, activity = row.data.get("decision"), url_of("ai-activity")
    url = f"{activity}#decision-{decision}" if decision and activity else ""
    return {
        "kind": "event",
        "event": {"text": text, "at": row.at, "ai": row.kind.startswith("ai_"), "url": url},
    }


def _status(actor: str, data: Mapping[str, Any]) -> str:
    word = str(dict(Status.choices).get(data.get("to", ""), data.get("to", "")))
    if data.get("by") == "customer":
        return _("Open again: the customer wrote.")
    if not actor:
        return _("Status is now %(status)s.") % {"status": word}
    return _("%(name)s set the status to %(status)s.") % {"name": actor, "status": word}


def _assigned(actor: str, data: Mapping[str, Any]) -> str:
    if not data.get("to"):
        return _("%(name)s took the assignee off.") % {"name": actor}
    if data.get("name") == actor:
        return _("%(name)s took the ticket.") % {"name": actor}
    return _("%(name)s assigned %(to)s.") % {"name": actor, "to": data.get("name", "")}


def _priority(actor: str, data: Mapping[str, Any]) -> str:
    word = dict(Priority.choices).get(data.get("to", 0), "")
    return _("%(name)s set the priority to %(priority)s.") % {"name": actor, "priority": word}


def _bounced(_actor: str, data: Mapping[str, Any]) -> str:
    return _("The mail came back. %(reason)s") % {"reason": _(str(data.get("reason", "")) or "-")}


def _stopped(_actor: str, data: Mapping[str, Any]) -> str:
    return _("Not sent: %(reason)s") % {"reason": data.get("reason", "")}


_SENTENCES: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    "status": _status,
    "assigned": _assigned,
    "priority": _priority,
    "tagged": lambda actor, data: _("%(name)s added the tag %(tag)s.") % {"name": actor, **_tag(data)},
    "untagged": lambda actor, data: _("%(name)s took off the tag %(tag)s.") % {"name": actor, **_tag(data)},
    "taken_back": lambda actor, _data: _("%(name)s took a reply back before it left.") % {"name": actor},
    "held": _stopped,
    "failed": _stopped,
    "bounced": _bounced,
    "follows": lambda _actor, data: _("Follows ticket #%(number)s.") % {"number": data.get("number", "")},
    "followed_by": lambda _actor, data: (
        _("Goes on in ticket #%(number)s.") % {"number": data.get("number", "")}
    ),
}


def _tag(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"tag": data.get("tag", "")}
