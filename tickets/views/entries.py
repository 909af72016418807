"""Entries of a thread as desk/_thread.html shows them: messages, and events told in whole sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.core.topics import topic_words
from tickets.mail import html as mail_html
from tickets.models import Priority, Status, Ticket
from tickets.selectors.ticket_page import EventRow, FileRow, MessageRow, Person, Thread
from tickets.services.replying import may_try_again
from tickets.views.due import until_words
from tickets.views.frame import initials, url_of
from tickets.views.skeleton import day_and_time, drawn

HOW = {
    "mail": gettext_lazy("by mail"),
    "portal": gettext_lazy("in the portal"),
    "api": gettext_lazy("through a program"),
    "agent": gettext_lazy("written down by an agent"),
}
_FORWARDABLE = ("inbound", "reply", "outside")
_UNUSUAL = ("queued", "sending", "held", "failed")
STATE_WORDS = {"queued": gettext_lazy("Waiting to leave"), "sending": gettext_lazy("Leaving")}


class _About(NamedTuple):
    """What every entry of one thread needs."""

    request: HttpRequest
    ticket: Ticket
    people: Mapping[int, Person]
    activity: str
    can_edit: bool


def entries(
    request: HttpRequest, ticket: Ticket, thread: Thread, people: Mapping[int, Person], *, can_edit: bool
) -> list[SafeString]:
    """Messages and events in the order they happened, each drawn."""
    files: dict[int | None, list[FileRow]] = {}
    for file in thread.files:
        files.setdefault(file.message_id, []).append(file)
    about = _About(request, ticket, people, url_of("ai-activity"), can_edit)
    shown = [(row.at, 1, _message(about, row, files.get(row.pk, []))) for row in thread.messages]
    shown += [(row.at, 0, _event(about, row)) for row in thread.events if row.kind != "created"]
    shown.sort(key=lambda one: one[:2])
    return [entry for *_order, entry in shown]


def _message(about: _About, row: MessageRow, files: list[FileRow]) -> SafeString:
    ticket, activity = about.ticket, about.activity
    if row.kind == "ack":
        text = _("The customer was told that the mail arrived, and how to be answered without AI.")
        return _drawn_event(text, row.at)
    name = _author(ticket, row, about.people)
    quoted = _quoted(row)
    forward = about.can_edit and row.kind in _FORWARDABLE and row.state in ("done", "sent")
    values = {
        "pk": row.pk,
        "author_name": name,
        "author_initials": initials(name),
        "how": _how(ticket, row),
        **_moment(row.sent_at or row.at),
        "to_label": _("to %(address)s") % {"address": row.to} if row.to else "",
        "cc_label": _("CC %(addresses)s") % {"addresses": ", ".join(row.cc.split())} if row.cc else "",
        "body_html": mark_safe(row.html or mail_html.from_text(row.text)),  # noqa: S308 - cleaned when stored
        "bcc_label": _("BCC %(addresses)s") % {"addresses": ", ".join(row.bcc.split())} if row.bcc else "",
        "quoted_html": mark_safe(quoted),  # noqa: S308 - cleaned when stored
        "forward_url": f"/tickets/{ticket.number}/messages/{row.pk}/forward/" if forward else "",
        "attachments": [file_of(one) for one in files if not one.is_inline],
        "source_url": f"/tickets/{ticket.number}/messages/{row.pk}/source/",
        "disclosure": row.disclosure,
        "why_url": f"{activity}#decision-{row.decision_id}",
    }
    shape = {
        "kind": row.kind,
        "has_to": row.kind in ("reply", "forward") and bool(row.to),
        "has_cc": bool(row.cc),
        "has_bcc": bool(row.bcc),
        "has_forward": forward,
        "has_quoted": bool(quoted),
        "has_source": row.raw_mail_id is not None,
        "has_disclosure": bool(row.disclosure),
        "has_why": bool(activity and row.decision_id),
    }
    if row.remote_images or row.state in _UNUSUAL:
        whole = {**values, **shape, **_state(ticket, row, can_edit=about.can_edit)}
        whole["remote_images"] = row.remote_images
        whole["images_url"] = reverse("desk:images", args=[ticket.number, row.pk])
        return mark_safe(render_to_string("desk/_message.html", {"message": whole}, request=about.request))  # noqa: S308
    return drawn("desk/_message.html", "message", values, shape)


def _quoted(row: MessageRow) -> str:
    """The earlier text in a mail, folded; what we quoted ourselves stands in the thread already."""
    if row.kind == "reply":
        return ""
    if row.html and row.kind != "forward":
        return row.quoted_html
    return mail_html.from_text(row.quoted) if row.quoted else ""


def _moment(at: datetime) -> dict[str, str]:
    local = timezone.localtime(at)
    return {"at_iso": local.isoformat(), "at_label": day_and_time(local)}


def _author(ticket: Ticket, row: MessageRow, people: Mapping[int, Person]) -> str:
    if row.kind == "inbound":
        return str(ticket.customer)
    if row.kind == "outside":
        return row.writer or _("Somebody outside")
    author = people.get(row.author_id or 0)
    if author is None and row.raw_mail_id is not None:
        return _("Your team, before")  # an answer that came with older mail
    return author.name if author else _("A former colleague")


def _how(ticket: Ticket, row: MessageRow) -> str:
    if row.kind == "note":
        return _("note for the team")
    if row.kind == "forward":
        return _("forwarded; the customer does not see it")
    if row.kind == "outside":
        return _("from outside, not the customer; they do not see it")
    if row.kind == "inbound" and not row.raw_mail_id:
        return str(HOW.get(ticket.channel, HOW["portal"]))
    return _("by mail")


def _state(ticket: Ticket, row: MessageRow, *, can_edit: bool) -> dict[str, Any]:
    state = row.state if row.state in ("queued", "sending", "held", "failed") else ""
    stopped = state in ("held", "failed") and can_edit
    again = stopped and may_try_again(row.held_reason, state)
    place = [ticket.number, row.pk]
    return {
        "state": state,
        "state_label": STATE_WORDS.get(state, ""),
        "held_reason": _(row.held_reason) if state in ("held", "failed") and row.held_reason else "",
        "held_who": "",
        "undo_url": reverse("desk:undo", args=place) if state == "queued" else "",
        "write_self_url": reverse("desk:undo", args=place) if stopped else "",
        "retry_url": reverse("desk:try_again", args=place) if again else "",
        "ask_owner_url": reverse("desk:ask_owner", args=place) if stopped else "",
    }


def file_of(file: FileRow) -> dict[str, Any]:
    """A file as the thread and the composer show it."""
    return {
        "pk": file.pk,
        "name": file.name,
        "size_label": filesizeformat(file.size),
        "url": f"/attachments/{file.pk}/",
    }


def _event(about: _About, row: EventRow) -> SafeString:
    activity = about.activity
    actor = about.people.get(row.actor_id or 0)
    tell = _SENTENCES.get(row.kind)
    text = tell(actor.name if actor else "", row.data) if tell else row.kind.replace("_", " ")
    decision = row.data.get("decision")
    url = f"{activity}#decision-{decision}" if decision and activity else ""
    return _drawn_event(text, row.at, ai=row.kind.startswith("ai_"), url=url)


def _drawn_event(text: str, at: datetime, *, ai: bool = False, url: str = "") -> SafeString:
    values = {"text": text, "url": url, **_moment(at)}
    return drawn("desk/_event.html", "event", values, {"ai": ai, "has_url": bool(url)})


def _status(actor: str, data: Mapping[str, Any]) -> str:
    word = str(dict(Status.choices).get(data.get("to", ""), data.get("to", "")))
    if data.get("by") == "customer":
        if data.get("to") == Status.SOLVED:
            return _("The customer says that it is settled.")
        return _("Open again: the customer wrote.")
    if data.get("by") == "outside":
        return _("Open again: somebody outside answered.")
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
    if not actor:
        return _("AI set the priority to %(priority)s.") % {"priority": word}
    return _("%(name)s set the priority to %(priority)s.") % {"name": actor, "priority": word}


def _topic(actor: str, data: Mapping[str, Any]) -> str:
    words = {"name": actor, "topic": str(topic_words(str(data.get("to") or "")))}
    if not data.get("to"):
        return _("%(name)s took the topic off.") % words if actor else _("It has no topic any more.")
    return (
        _("%(name)s set the topic to %(topic)s.") % words
        if actor
        else _("AI set the topic to %(topic)s.") % words
    )


def _bounced(_actor: str, data: Mapping[str, Any]) -> str:
    return _("The mail came back. %(reason)s") % {"reason": _(str(data.get("reason", "")) or "-")}


def _stopped(_actor: str, data: Mapping[str, Any]) -> str:
    return _("Not sent: %(reason)s") % {"reason": data.get("reason", "")}


def _was_right(_actor: str, data: Mapping[str, Any]) -> str:
    said = _("The customer says that the answer was right.")
    if not data.get("right"):
        said = _("The customer says that the answer was not right.")
    return f"{said} “{data['words']}”" if data.get("words") else said


def _from_assistant(_actor: str, data: Mapping[str, Any]) -> str:
    said = _(
        "Handed over by the assistant on the help pages: a person was asked for. The AI is stopped here."
    )
    if not data.get("is_known"):
        said = f"{said} {_('The e-mail address was typed in and is not confirmed.')}"
    return said


def _snoozed(actor: str, data: Mapping[str, Any]) -> str:
    until = until_words(datetime.fromisoformat(data["until"])) if data.get("until") else "-"
    return _("%(name)s snoozed it until %(time)s.") % {"name": actor, "time": until}


def _woken(actor: str, _data: Mapping[str, Any]) -> str:
    return _("%(name)s woke it.") % {"name": actor} if actor else _("It is back: it was snoozed until now.")


def _looked(actor: str, data: Mapping[str, Any]) -> str:
    said = (
        _("%(name)s looked at an answer: it is fine.")
        if data.get("fine")
        else _("%(name)s looked at an answer: not like this.")
    )
    note = str(data.get("note") or "")
    return f"{said % {'name': actor}} {note}".strip()


_SENTENCES: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    "status": _status,
    "assigned": _assigned,
    "snoozed": _snoozed,
    "woken": _woken,
    "priority": _priority,
    "topic": _topic,
    "tagged": lambda actor, data: _("%(name)s added the tag %(tag)s.") % {"name": actor, **_tag(data)},
    "untagged": lambda actor, data: _("%(name)s took off the tag %(tag)s.") % {"name": actor, **_tag(data)},
    "taken_back": lambda actor, _data: _("%(name)s took a reply back before it left.") % {"name": actor},
    "imported": lambda actor, data: (
        _("Older mail, fetched when the mailbox was connected; nobody was written to about it.")
        if data.get("history")
        else _("%(name)s brought this in; the customer got no mail about it.") % {"name": actor}
    ),
    "held": _stopped,
    "failed": _stopped,
    "bounced": _bounced,
    "look_again": lambda _actor, _data: _(
        "The customer asks a person to look again. The AI is stopped for this ticket."
    ),
    "was_right": _was_right,
    "forgotten": lambda _actor, _data: _("Its texts and files were deleted, as the rules say."),
    "from_assistant": _from_assistant,
    "forwarded": lambda actor, _data: _("%(name)s forwarded a message.") % {"name": actor},
    "written_first": lambda actor, _data: _("%(name)s wrote to the customer first.") % {"name": actor},
    "told_first": lambda _actor, _data: _(
        "The first mail said that AI may help, and how to be answered without."
    ),
    "asked_owner": lambda actor, _data: (
        _("%(name)s asked the owner about an answer that is held.") % {"name": actor}
    ),
    "second_look_asked": lambda actor, _data: (
        _("%(name)s asked for a second look at an answer.") % {"name": actor}
    ),
    "second_look_given": _looked,
    "blocked": lambda actor, _data: _("%(name)s blocked the sender.") % {"name": actor},
    "merged": lambda actor, data: (
        _("%(name)s merged this into #%(number)s.") % {"name": actor, **_number(data)}
    ),
    "merged_in": lambda actor, data: (
        _("%(name)s merged #%(number)s into this.") % {"name": actor, **_number(data)}
    ),
    "unmerged": lambda actor, data: (
        _("%(name)s took it apart from #%(number)s again.") % {"name": actor, **_number(data)}
    ),
    "split": lambda actor, data: (
        _("%(name)s took messages out into #%(number)s.") % {"name": actor, **_number(data)}
    ),
    "split_off": lambda actor, data: (
        _("%(name)s took this out of #%(number)s.") % {"name": actor, **_number(data)}
    ),
    "unsplit": lambda actor, data: (
        _("%(name)s put the messages of #%(number)s back.") % {"name": actor, **_number(data)}
    ),
    "follows": lambda _actor, data: _("Follows ticket #%(number)s.") % {"number": data.get("number", "")},
    "followed_by": lambda _actor, data: (
        _("Goes on in ticket #%(number)s.") % {"number": data.get("number", "")}
    ),
}


def _number(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"number": data.get("number", "")}


def _tag(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"tag": data.get("tag", "")}
