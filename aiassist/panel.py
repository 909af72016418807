"""What the AI panel of a ticket shows: one state, and everything that belongs to it (templates/desk/_ai_panel.html)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aiassist import help_panel
from aiassist.meanings import similar
from aiassist.models import Draft, DraftState
from aiassist.retrieval import may_see
from aiassist.selectors import draft_of, newest_inbound
from aiassist.services.suggesting import is_old
from aiassist.trying_again import noted
from aiassist.writing import so_far
from governance.services.stops import stops_in_force
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from tickets.conversation import messages_of
from tickets.models import AIInvolvement, Message, MessageKind, MessageOutcome, MessageState, Status, Ticket

REPLACED_WORDS = {
    "PERSON": gettext_lazy("name"),
    "EMAIL": gettext_lazy("e-mail address"),
    "PHONE": gettext_lazy("phone number"),
    "IBAN": gettext_lazy("bank account"),
    "CARD": gettext_lazy("card number"),
    "PASSWORD": gettext_lazy("password"),
    "ID": gettext_lazy("identity number"),
    "LINK": gettext_lazy("private link"),
    "IP": gettext_lazy("network address"),
    "ADDRESS": gettext_lazy("address"),
    "BIRTH": gettext_lazy("date of birth"),
}
REASON_WORDS = {
    "wrong_source": gettext_lazy("wrong source"),
    "not_true": gettext_lazy("not true"),
    "incomplete": gettext_lazy("something is missing"),
    "tone": gettext_lazy("tone"),
    "language": gettext_lazy("language"),
}
KIND_WORDS = {
    "article": gettext_lazy("article"),
    "canned_reply": gettext_lazy("ready reply"),
    "earlier_answer": gettext_lazy("sent"),
}
SERVICE_WORDS = {"built-in": gettext_lazy("the built-in service")}
#: States from which a colleague may ask for a draft; a failed one has its own "Try again".
_ASKABLE = ("none", "not_allowed")
_GONE_STATES = {DraftState.USED: "used", DraftState.EDITED: "used", DraftState.REJECTED: "rejected"}


def panel(ticket: Ticket, member: Membership, **extra: Any) -> dict[str, Any]:
    """The context of the panel. Six queries at most, whatever the ticket's length."""
    message = newest_inbound(ticket)
    base: dict[str, Any] = {
        "url": reverse("ai-panel", args=[ticket.number]),
        "live": f"live:draft-{ticket.pk}",
        "can_turn_off": can(member, "work", ticket),
        "off_url": reverse("ai-off", args=[ticket.number]),
        "on_url": reverse("ai-on", args=[ticket.number]) if can(member, "work", ticket) else "",
        "similar": [],
        "test_url": _test_url(ticket) if can(member, "manage_policy") else "",
    }
    state = _stopped(ticket) or _by_message(ticket, message, member)
    if base["can_turn_off"] and (state["state"] in _ASKABLE or state.get("is_old") or state.get("instead")):
        base["suggest_url"] = reverse("ai-suggest", args=[ticket.number])
    if state.get("next") and not can(member, "manage_knowledge"):
        state["next"] = None
    if message is not None and state["state"] not in ("stopped", "off_here"):
        base["summary"] = help_panel.summary(ticket, member)
        base["steps"] = help_panel.next_steps(ticket, state["state"])
    if state["state"] in ("ready", "none", "not_allowed", "stopped", "failed"):
        base["similar"] = _similar(ticket, member)
    return {**base, **state, **extra}


def _test_url(ticket: Ticket) -> str:
    """The way to a test question begun from this ticket, once it is solved."""
    if ticket.status not in (Status.SOLVED, Status.CLOSED):
        return ""
    return f"{reverse('ai-test-new')}?ticket={ticket.number}"


def _stopped(ticket: Ticket) -> dict[str, Any] | None:
    """A stop stands over everything that was drafted before."""
    for stop in stops_in_force(ticket.pk):
        who = stop.started_by.display_name if stop.started_by else _("The installation")
        reason = _("%(name)s stopped it.") % {"name": who}
        if stop.started_by is None and stop.reason:
            reason = stop.reason  # the customer did
        if stop.scope == "ticket":
            return {"state": "off_here", "reason": reason, "who": ""}
        return {
            "state": "stopped",
            "reason": reason,
            "who": _("An owner or the ethics officer can start it again."),
        }
    return None


def _by_message(ticket: Ticket, message: Message | None, member: Membership) -> dict[str, Any]:
    if message is None:
        return {"state": "sent"}
    if _answered(ticket, message):
        nothing = MessageOutcome.objects.filter(
            message=message, result="no_draft", decision__isnull=False
        ).exists()
        return {"state": "sent", "next": _missing(ticket) if nothing else None}
    draft = draft_of(message)
    if draft is not None:
        return _of_draft(ticket, draft) if may_see(draft.sources, member) else {"state": "hidden"}
    outcome = MessageOutcome.objects.filter(message=message).first()
    return _of_outcome(ticket, outcome) if outcome else _waiting(message)


def _waiting(message: Message) -> dict[str, Any]:
    return {"state": "waiting", "again": noted(message.pk), "words": so_far(message.pk)}


def _answered(ticket: Ticket, message: Message) -> bool:
    leaving = [MessageState.QUEUED, MessageState.SENDING, MessageState.SENT]
    later = messages_of(ticket).filter(kind=MessageKind.REPLY, state__in=leaving, pk__gt=message.pk)
    return later.exists()


def _of_outcome(ticket: Ticket, outcome: MessageOutcome) -> dict[str, Any]:
    if outcome.result == "not_allowed":
        return {"state": "not_allowed", "reason": outcome.reason, "who": outcome.next_step}
    if outcome.result == "failed":
        return {
            "state": "failed",
            "reason": outcome.reason,
            "retry_url": reverse("ai-retry", args=[ticket.number]),
        }
    return {
        "state": "none",
        "reason": f"{outcome.reason} {outcome.next_step}".strip(),
        "next": _missing(ticket) if outcome.decision_id else None,  # nobody looked: nothing is missing
    }


def _missing(ticket: Ticket) -> dict[str, str]:
    """The way to the article that would have answered."""
    return {"url": reverse("ai-article", args=[ticket.number]), "label": _("Write the missing article")}


def _of_draft(ticket: Ticket, draft: Draft) -> dict[str, Any]:
    state = _GONE_STATES.get(DraftState(draft.state), "ready")
    policy = draft.decision.policy
    unsourced = sum(not one["supported"] for one in draft.sentences)
    urls = {name: reverse(f"ai-{name}", args=[ticket.number]) for name in ("use", "edit", "reject", "undo")}
    return {
        "state": state,
        "is_old": is_old(draft),
        "instead": draft.instead if state == "ready" else "",
        "paragraphs": paragraphs(draft.sentences),
        "unsourced_count": unsourced,
        "sources": [_source(one) for one in draft.sources],
        "use_url": urls["use"],
        "edit_url": urls["edit"],
        "reject_url": urls["reject"],
        "undo_url": urls["undo"] if state in ("used", "rejected") else "",
        "reason_url": "" if draft.reject_reason else reverse("ai-reason", args=[ticket.number]),
        "reasons": REASON_WORDS.items(),
        "replaced_label": _replaced(draft.replaced),
        "allowed_label": _("your rules v%(version)s") % {"version": policy.version} if policy else "",
        "service_label": SERVICE_WORDS.get(draft.decision.system.split("/")[0], draft.decision.system),
        "activity_url": f"{reverse('ai-activity')}#decision-{draft.decision_id}",
        "note": draft.note,
        "masked": draft.masked_request,
        "left": draft.decision.system.split("/")[0] not in SERVICE_WORDS,
    }


def paragraphs(sentences: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The sentences by paragraph: a lead with a blank line starts one."""
    found: list[list[dict[str, Any]]] = []
    for sentence in sentences:
        if not found or "\n" in sentence.get("lead", ""):
            found.append([])
        found[-1].append(sentence)
    return found


def _replaced(kinds: Iterable[str]) -> str:
    """What was kept from the AI, each kind once: the second person's name is a name too."""
    plain = dict.fromkeys(kind.rstrip("0123456789").rstrip("_") for kind in kinds)
    return ", ".join(str(REPLACED_WORDS.get(kind, kind.lower())) for kind in plain)


def _day(iso: str) -> str:
    """The day of a source, as people write it."""
    try:
        return date_format(date.fromisoformat(iso), "j M Y")
    except ValueError:
        return iso


def _source(source: dict[str, Any]) -> dict[str, Any]:
    slug = source.get("slug")
    return {
        "n": source["number"],
        "title": source["title"] or _("An earlier answer of our team"),
        "kind_label": f"{KIND_WORDS[source['kind']]}, {_day(source['updated'])}",
        "passage": source["passage"],
        "url": f"/help/{slug}/" if slug else "",
    }


def _similar(ticket: Ticket, member: Membership) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "subject": one.subject,
            "url": f"/tickets/{one.number}/",
            "when": one.updated_at.date(),
        }
        for one in similar(ticket, member)
    ]


def involvement_of(draft: Draft, body: str) -> str:
    """How far a body is the draft: unchanged or edited."""
    same = "".join(body.split()).lower() == "".join(draft.text.split()).lower()
    return AIInvolvement.VERBATIM if same else AIInvolvement.EDITED
