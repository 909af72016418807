"""What the screens of help beside a draft show: the menu at the composer, the new text, the summary, next steps."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aiassist import reading
from aiassist.core.help_words import HelpKind
from aiassist.drafting_models import Help, HelpState
from aiassist.helping import asked_messages
from aiassist.missing import TITLE_LETTERS
from aiassist.services import helping
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from tickets.conversation import messages_of
from tickets.forms import LANGUAGES
from tickets.models import Message, MessageKind, Status, Ticket

KIND_WORDS = {
    HelpKind.SHORTER: gettext_lazy("Shorter"),
    HelpKind.WARMER: gettext_lazy("Warmer"),
    HelpKind.CLEARER: gettext_lazy("Clearer"),
    HelpKind.TRANSLATE: gettext_lazy("Translated"),
}
#: A customer who has not answered for so many days may have forgotten.
QUIET_DAYS = 5


def menu(ticket: Ticket, member: Membership) -> dict[str, Any]:
    """What can be asked for now, and what needs an AI service with the way to one. Three queries."""
    offered = helping.offered()
    words = [(kind, word) for kind, word in KIND_WORDS.items() if kind is not HelpKind.TRANSLATE]
    return {
        "ask_url": reverse("ai-help-ask", args=[ticket.number]),
        "kinds": [{"value": kind.value, "label": word} for kind, word in words if offered[kind.value]],
        "languages": _languages(ticket) if offered[HelpKind.TRANSLATE] else [],
        "missing": [word for kind, word in words if not offered[kind.value]],
        "needs_service": not offered[HelpKind.TRANSLATE],
        "service_url": reverse("settings-ai-service") if can(member, "manage_ai_service") else "",
    }


def _languages(ticket: Ticket) -> list[dict[str, str]]:
    """Those that the rules name, the customer's first."""
    allowed = reading.rules().languages
    own = ticket.language or ticket.customer.language
    found = [{"value": code, "label": str(name)} for code, name in LANGUAGES if code in allowed]
    return sorted(found, key=lambda one: one["value"] != own)


def text(ticket: Ticket, member: Membership, *, refused: str = "") -> dict[str, Any]:
    """The newest reworded text that this member asked for on the ticket. One query."""
    kinds = [one.value for one in helping.REWORDS]
    row = Help.objects.filter(ticket=ticket, member=member, kind__in=kinds).order_by("-pk").first()
    base = {
        "url": reverse("ai-help", args=[ticket.number]),
        "live": f"live:draft-{ticket.pk}",
        "refused": refused,
    }
    if row is None:
        return {**base, "state": ""}
    urls = {
        name: reverse(f"ai-help-{name}", args=[ticket.number, row.pk]) for name in ("use", "undo", "dismiss")
    }
    return {
        **base,
        "state": row.state,
        "kind_label": KIND_WORDS[HelpKind(row.kind)],
        "text": row.text,
        "doubts": [one["text"] for one in row.points if not one["supported"]],
        "by_us": row.service.startswith("built-in"),
        "service": row.service,
        "reason": row.reason,
        "next_step": row.next_step,
        "masked": row.masked_request,
        **{f"{name}_url": url for name, url in urls.items()},
    }


def article(ticket: Ticket, member: Membership, *, refused: str = "") -> dict[str, Any]:
    """An article worded by the AI service out of the conversation. Three queries."""
    row = Help.objects.filter(ticket=ticket, kind=HelpKind.ARTICLE).order_by("-pk").first()
    may_ask = can(member, "work", ticket) and helping.offered()[HelpKind.ARTICLE]
    base = {
        "url": reverse("ai-article-words", args=[ticket.number]),
        "ask_url": reverse("ai-help-ask", args=[ticket.number]) if may_ask else "",
        "refused": refused,
    }
    if row is None:
        return {**base, "state": ""}
    return {
        **base,
        "state": row.state,
        "use_url": f"{reverse('ai-article', args=[ticket.number])}?words={row.pk}",
        "doubts": [one["text"] for one in row.points if not one["supported"]],
        "service": row.service,
        "reason": row.reason,
        "next_step": row.next_step,
        "masked": row.masked_request,
    }


def article_words(ticket: Ticket, pk: str) -> tuple[str, str] | None:
    """Title and body that the AI worded for this ticket; None where there are none. One query."""
    if not pk.isdecimal():
        return None
    row = Help.objects.filter(pk=pk, ticket=ticket, kind=HelpKind.ARTICLE, state=HelpState.DONE).first()
    if row is None or not row.points:
        return None
    title, *rest = (str(one["text"]) for one in row.points)
    return " ".join(title.split())[:TITLE_LETTERS], "\n\n".join(rest)


def summary(ticket: Ticket, member: Membership, *, refused: str = "") -> dict[str, Any]:
    """The newest summary of the conversation, whoever asked for it, and how many messages came since. Three queries."""
    row = Help.objects.filter(ticket=ticket, kind=HelpKind.SUMMARY).order_by("-pk").first()
    base = {
        "url": reverse("ai-summary", args=[ticket.number]),
        "live": f"live:draft-{ticket.pk}",
        "ask_url": reverse("ai-help-ask", args=[ticket.number]) if can(member, "work", ticket) else "",
        "refused": refused,
    }
    if row is None:
        return {**base, "state": ""}
    said = messages_of(ticket).filter(kind__in=[MessageKind.INBOUND, MessageKind.REPLY])
    return {
        **base,
        "state": row.state,
        "points": _points(row),
        "when": row.created_at,
        "newer": said.filter(created_at__gt=row.created_at).count() if row.state == HelpState.DONE else 0,
        "by_us": row.service.startswith("built-in"),
        "service": row.service,
        "reason": row.reason,
        "next_step": row.next_step,
        "masked": row.masked_request,
    }


def _points(row: Help) -> list[dict[str, Any]]:
    if not row.points:
        return []
    known = {one.pk: one for one in asked_messages(row)}
    return [
        {
            "text": point["text"],
            "supported": point["supported"],
            "links": [_link(known[pk]) for pk in point["messages"] if pk in known],
        }
        for point in row.points
    ]


def _link(message: Message) -> dict[str, Any]:
    if message.kind == MessageKind.INBOUND:
        name = str(message.customer or _("the customer"))
    else:
        name = message.author.display_name if message.author else _("the team")
    day = date_format(timezone.localtime(message.created_at), "j M")
    return {"pk": message.pk, "label": f"{name}, {day}"}


def next_steps(ticket: Ticket, state: str) -> list[str]:
    """What to do now, by plain rules on what is known of the ticket; no AI and no query. At most two sentences."""
    now, found = timezone.now(), []
    if ticket.status in (Status.SOLVED, Status.CLOSED, Status.SPAM, Status.MERGED):
        return []
    if ticket.human_only:
        found.append(_("Answer it yourself: it is about something that only people answer."))
    if ticket.due_at and ticket.due_at < now and ticket.waiting_since:
        found.append(_("Answer this one first: it is past its time."))
    if ticket.status == Status.PENDING and (now - ticket.updated_at).days >= QUIET_DAYS:
        days = (now - ticket.updated_at).days
        found.append(_("No answer for %(days)s days: ask once more, or solve it.") % {"days": days})
    if state == "none" and not ticket.human_only:
        found.append(_("Look how a similar ticket was solved, or ask a colleague in a note."))
    return found[:2]
