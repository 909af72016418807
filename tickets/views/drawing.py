"""The desk's whole page from parts whose templates the engine reads once: nav, list, ticket, and what is around."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from helpdesk.people.context import desk as desk_context
from tickets.views.frame import Frame, frame_of
from tickets.views.skeleton import Slot, filled, slots, still


def page(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """desk/desk.html with this context."""
    if len(get_messages(request)):
        return render(request, "desk/desk.html", dict(context))
    token, frame = Slot(SafeString(get_token(request))), frame_of(request)
    ticket, about = context.get("ticket"), desk_context(request)
    around = {
        "csrf_token": token,
        "organization": {
            "name": Slot(about["organization"].name),
            "checklist_shown": about["organization"].checklist_shown,
        },
        "may": about["may"],
        "asked_at": Slot(about["asked_at"], digits=True),
        "ai_switch": {"state": frame.ai_switch["state"]},
        "shell": {"offline": False},
        "keys_sheet": Slot(still("desk/_keys.html", get_language() or "")),
        "ticket": {"number": Slot(ticket.number), "subject": Slot(ticket.subject)} if ticket else None,
        "listing": {"title": Slot(context["listing"]["title"])},
        "nav_html": Slot(_nav(request, frame, token)),
        "list_html": Slot(_list(request, context["listing"], token)),
        "ticket_html": Slot(ticket_html(request, context)) if ticket else "",
    }
    return HttpResponse(filled("desk/desk.html", around))


def _nav(request: HttpRequest, frame: Frame, token: Slot) -> SafeString:
    about, member, shell = desk_context(request), frame.member, frame.shell
    context = {
        "csrf_token": token,
        "organization": {"name": Slot(about["organization"].name)},
        "organization_initial": Slot(about["organization_initial"]),
        "member": {
            "pk": Slot(member.pk),
            "display_name": Slot(member.display_name),
            "get_role_display": member.get_role_display(),
        },
        "member_initial": Slot(about["member_initial"]),
        "may": about["may"],
        "show_outbox": about["show_outbox"],
        "tour_offered": about["tour_offered"],
        "request": {"path": Slot(quote(request.path), digits=True)},
        "shell": {
            "views": [
                slots({**one, "label": str(one["label"])}, "key", "label", "url", "current")
                for one in shell["views"]
            ],
            "inboxes": [slots(one, "current") for one in shell["inboxes"]],
            "saved": [slots(one, "current", "shared") for one in shell["saved"]],
        },
        "told": {
            "label": Slot(frame.told["label"]) if frame.told["label"] else "",
            "sound": frame.told["sound"],
        },
        "ai_switch": slots(frame.ai_switch, "state", "can_start", "policy_date", "stopped_at"),
    }
    return filled("desk/_nav.html", context)


def _list(request: HttpRequest, listing: Mapping[str, Any], token: Slot) -> SafeString:
    shown = slots(listing, "rows", "active", "can_edit", "assignees", "truncated", "empty", "current")
    shown.pop("current")
    shown["rows"] = _joined(listing["rows"], "")
    shown["active"] = [slots(one) for one in listing["active"]]
    shown["assignees"] = [slots(one) for one in listing["assignees"]]
    whole = {
        "listing": shown,
        "csrf_token": token,
        "request": {"get_full_path": Slot(request.get_full_path())},
    }
    return filled("desk/_list.html", whole)


def ticket_html(request: HttpRequest, context: Mapping[str, Any]) -> SafeString:
    """desk/_ticket.html with this context."""
    ticket, customer = context["ticket"], context["customer"]
    whole = {
        "csrf_token": Slot(SafeString(get_token(request))),
        "ticket": {
            "pk": Slot(ticket.pk),
            "number": Slot(ticket.number),
            "subject": Slot(ticket.subject) if ticket.subject else "",
            "status": Slot(ticket.status),
            "get_status_display": Slot(str(ticket.get_status_display())),
        },
        "ticket_meta": slots(context["ticket_meta"]),
        "can_edit": context["can_edit"],
        "entries": _joined(context["entries"], "</li><li>"),
        "thread_older_url": Slot(context["thread_older_url"]) if context["thread_older_url"] else "",
        "composer": _composer(context["composer"]),
        "presence": [slots(one, "typing") for one in context["presence"]],
        "panels": [
            {**one, "label": str(one["label"]), "url": Slot(one["url"]), "live": Slot(one["live"])}
            for one in context["panels"]
        ],
        "properties": slots(context["properties"]),
        "customer": {
            **slots(customer, "ai_help"),
            "ai_help": "no" if customer["ai_help"] == "no" else "",
            "addresses": _joined(customer["addresses"], '</span><br><span class="small dim">'),
            "tickets": _joined(customer["tickets"], ""),
        },
    }
    return filled("desk/_ticket.html", whole)


def _composer(composer: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if composer is None:
        return None
    shown = slots(
        composer,
        "kind",
        "saved_at",
        "ai_involvement",
        "focus",
        "conflict",
        "changed",
        "second_look",
        "help_now",
    )
    if composer["help"]:
        shown["help"] = slots(composer["help"])
    if composer["second_look"]:
        shown["second_look"] = slots(composer["second_look"], "is_fine", "is_asked")
    for name in ("attachments", "unsourced", "unsent"):
        shown[name] = [slots(one) for one in composer[name]]
    shown["errors"] = [Slot(one) for one in composer["errors"]]
    shown["statuses"] = [{**one, "label": str(one["label"])} for one in composer["statuses"]]
    return shown


def _joined(texts: list[Any], between: str) -> list[Slot]:
    """As one text, so that a template which loops over them is the same for any number; none stay none."""
    return [Slot(SafeString(between.join(str(conditional_escape(one)) for one in texts)))] if texts else []
