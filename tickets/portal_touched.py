"""How AI touched a request: five plain lines, the same whoever wrote the answer, and whether it was right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.core.topics import topic_words
from governance.explaining import explained
from governance.models import AIDecision, OutcomeFact
from governance.services.consents import choices
from helpdesk.people.models import Customer
from tickets.models import Message, MessageKind, MessageOutcome, Priority, Ticket
from tickets.portal_links import sent_replies

_DRAFTS: dict[str, Promise] = {
    "drafted": gettext_lazy("AI wrote a draft for our team. A person decides what becomes of it."),
    "no_draft": gettext_lazy("AI looked for an answer and wrote none."),
    "not_allowed": gettext_lazy("None: a rule kept AI away from your message."),
    "failed": gettext_lazy("None: AI tried and could not."),
}
#: Of several messages, what tells most of how far AI went.
_FARTHEST = ("drafted", "no_draft", "failed", "not_allowed")
_ANSWERS: dict[str, Promise] = {
    "none": gettext_lazy("Answered by a person: %(name)s wrote it without AI."),
    "suggested": gettext_lazy("%(name)s wrote it with parts that AI suggested, and sent it."),
    "edited": gettext_lazy("AI wrote a draft. %(name)s changed it, checked it and sent it."),
    "verbatim": gettext_lazy("AI wrote a draft. %(name)s read it, left it as it was and sent it."),
}


@dataclass(frozen=True)
class Line:
    """One of the five: a word, and the sentence."""

    label: str
    text: str


def lines(ticket: Ticket) -> list[Line]:
    """The five lines, in order. Seven queries at most, however long the ticket is."""
    replies = list(sent_replies().filter(ticket=ticket).order_by("-pk")[:1])
    reply = replies[0] if replies else None
    said = choices(ticket.customer)
    return [
        Line(_("Sorting"), _sorting(ticket)),
        Line(_("Draft"), _draft(ticket, says_no=_says_no(said))),
        Line(_("Answer"), _answer(reply)),
        Line(_("What AI saw"), _seen(ticket)),
        Line(_("Your choice"), _choice(said)),
    ]


def _says_no(said: dict[str, str]) -> bool:
    return said.get("humans_only") == "granted" or said.get("ai_assist") in {"refused", "objected"}


def _sorting(ticket: Ticket) -> str:
    events = ticket.events.filter(kind__in=("topic", "priority")).order_by("pk")
    done: dict[str, tuple[int | None, dict[str, Any]]] = {
        kind: (actor, data) for kind, actor, data in events.values_list("kind", "actor", "data")
    }
    urgent = _called_urgent(ticket, *done.get("priority", (0, {})))
    if ticket.topic:
        actor, data = done.get("topic", (None, {}))
        said = _BY_PERSON[bool(data.get("suggested"))] if actor is not None else _BY_AI
        return f"{said % {'topic': topic_words(ticket.topic)}} {urgent}".strip()
    if urgent:
        return urgent
    if _decisions(ticket).filter(action="triage", allowed=True).exists():
        return _("AI read it to sort it, and was not sure enough of a topic.")
    return _("AI did not sort it; people did.")


_BY_AI = gettext_lazy("AI sorted it under “%(topic)s”.")
_BY_PERSON = {
    False: gettext_lazy("A person sorted it under “%(topic)s”."),
    True: gettext_lazy("AI suggested “%(topic)s”; a person agreed."),
}


def _called_urgent(ticket: Ticket, actor: int | None, data: dict[str, Any]) -> str:
    """What the AI set by itself, as long as it stands."""
    if actor is not None or data.get("to") != ticket.priority:
        return ""
    return _("AI set how urgent it is: %(priority)s.") % {"priority": Priority(ticket.priority).label}


def _decisions(ticket: Ticket) -> Any:
    mine = Message.objects.filter(ticket=ticket, kind=MessageKind.INBOUND).values("pk")
    return AIDecision.objects.filter(kind="real", subject_kind="message", subject_id__in=mine)


def _draft(ticket: Ticket, *, says_no: bool) -> str:
    nobody_asked = Q(result="no_draft", decision__isnull=True)
    rows = MessageOutcome.objects.filter(message__ticket=ticket).exclude(nobody_asked)
    results = set(rows.values_list("result", flat=True).distinct())
    farthest = next((one for one in _FARTHEST if one in results), "")
    if says_no and farthest in {"", "not_allowed"}:
        return _("None: you asked for answers without AI.")
    return str(_DRAFTS[farthest]) if farthest else _("None: AI was not asked.")


def _answer(reply: Message | None) -> str:
    if reply is None:
        return _("Not written yet. A person reads and sends every answer.")
    name = reply.author.display_name if reply.author else _("our team")
    return str(_ANSWERS[reply.ai_involvement]) % {"name": name}


def _seen(ticket: Ticket) -> str:
    """Of the newest draft that was explained; where a service was asked and nothing came of it, that it was asked."""
    newest = _decisions(ticket).filter(action="draft", allowed=True).order_by("-pk").first()
    if newest is None:
        return _("Nothing of your request.")
    found = explained(newest.pk)
    if found is None or not found.fields:
        return _("Your message, with names and numbers replaced before AI read it.")
    words = _("%(fields)s. Read by %(service)s.") % {"fields": found.fields, "service": found.service}
    hidden = _("It did not see: %(replaced)s.") % {"replaced": found.replaced} if found.replaced else ""
    return f"{words[:1].upper()}{words[1:]} {hidden}".strip()


def _choice(said: dict[str, str]) -> str:
    if _says_no(said):
        return _(
            "You asked for answers without AI: you are answered by a person. It holds until you change it."
        )
    return _("You can say no to AI at any time, and give no reason.")


def says_no(customer: Customer) -> bool:
    """Whether the customer wants to be answered by people only."""
    return _says_no(choices(customer))


def was_right(ticket: Ticket) -> bool | None:
    """What the customer said about our answer; None before they did. One query."""
    found = OutcomeFact.objects.filter(subject_kind="ticket", subject_id=ticket.pk, event="satisfied")
    value = found.order_by("-pk").values_list("value", flat=True).first()
    return None if value is None else value >= 0.5


def is_answered(ticket: Ticket) -> bool:
    """Whether there is an answer that could be right or not."""
    return bool(sent_replies().filter(ticket=ticket).exists())
