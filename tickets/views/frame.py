"""What every desk page stands in: views with counts, links, the AI's switch; read only when a template asks for it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from helpdesk.people.models import Membership
from helpdesk.people.notice_choices import choices_of
from helpdesk.people.permissions import can
from tickets.selectors.ai_state import ai_state
from tickets.selectors.counts import Counts, counts_of, label, remembered_counts
from tickets.selectors.inboxes import Sight, sight_of
from tickets.selectors.listing import VIEWS, Filters
from tickets.selectors.notices import label as unseen_label
from tickets.selectors.notices import remembered_unseen, unseen
from tickets.selectors.saved_views import Saved, remembered_views, saved_views


class Frame:
    """One request's member with what they see; each thing is read once, when it is first needed."""

    def __init__(self, request: HttpRequest, member: Membership) -> None:
        self.request = request
        self.member = member
        self.filters: Filters | None = None  # set by the pages that show a list

    @cached_property
    def sight(self) -> Sight:
        """The inboxes the member sees. One query."""
        return sight_of(self.member)

    @cached_property
    def counts(self) -> Counts:
        """Counts of views and inboxes. One query, or none where nothing changed since."""
        count = remembered_counts if self.request.method == "GET" else counts_of
        return count(self.member, self.sight)

    @cached_property
    def unseen(self) -> int:
        """How many notices the member has not seen. One query, or none where nothing was told since."""
        return (remembered_unseen if self.request.method == "GET" else unseen)(self.member)

    @cached_property
    def told(self) -> dict[str, Any]:
        """What desk/_notices_link.html shows."""
        return {"label": unseen_label(self.unseen), "sound": choices_of(self.member).sound}

    @cached_property
    def shell(self) -> dict[str, Any]:
        """The frame of desk/base.html."""
        return {
            "views": self._views(),
            "inboxes": self._inboxes(),
            "saved": self._saved(),
            "offline": False,
            "offline_text": "",
        }

    def _views(self) -> list[dict[str, Any]]:
        filters = self.filters
        if filters is not None and (filters.query or filters.customer is not None or self.saved_view):
            filters = None  # what is looked for is looked for everywhere
        return [
            {
                "key": key,
                "label": view.label,
                "url": f"{reverse('desk:home')}?view={key}",
                "count_label": label(self.counts.views.get(key, 0)),
                "current": filters is not None and filters.inbox is None and filters.view == key,
            }
            for key, view in VIEWS.items()
        ]

    def _inboxes(self) -> list[dict[str, Any]]:
        current = self.filters.inbox if self.filters and not self.saved_view else None
        return [
            {
                "label": name,
                "url": f"{reverse('desk:home')}?view=open&inbox={pk}",
                "count_label": label(self.counts.inboxes[pk]),
                "current": current == pk,
            }
            for pk, name in self.sight.inboxes
        ]

    @cached_property
    def saved(self) -> list[Saved]:
        """Saved views of inboxes that the member sees. One query, or none where none was saved since."""
        found = (remembered_views if self.request.method == "GET" else saved_views)(self.member)
        return [one for one in found if self._sees(one)]

    def _sees(self, view: Saved) -> bool:
        inbox = parse_qs(view.query).get("inbox", [""])[0]
        return not inbox or self.sight.sees(int(inbox))

    @cached_property
    def saved_view(self) -> Saved | None:
        """The saved view that the list shows."""
        here = with_query(self.filters) if self.filters is not None else ""
        return next((one for one in self.saved if one.query == here), None) if here else None

    def _saved(self) -> list[dict[str, Any]]:
        return [
            {
                "label": one.name,
                "url": f"{reverse('desk:home')}?{one.query}",
                "current": one == self.saved_view,
                "shared": one.shared,
            }
            for one in self.saved
        ]

    @cached_property
    def ai_switch(self) -> dict[str, Any]:
        """Whether the AI works here, as desk/_ai_switch.html shows it. One query."""
        member, found = self.member, ai_state()
        about: dict[str, Any]
        base: dict[str, Any] = {"can_start": can(member, "start_ai"), "rules_url": ""}
        if settings.AI_STOPPED:
            about = {"stopped_by": _("whoever runs this installation"), "stopped_at": None, "reason": ""}
            return {**base, "state": "stopped", "can_start": False, **about}
        if found.stop is not None:
            by = found.stop.by or _("a former colleague")
            about = {"stopped_by": by, "stopped_at": found.stop.at, "reason": found.stop.reason}
            return {**base, "state": "stopped", **about}
        if found.version is None:
            return {
                **base,
                "state": "off",
                "rules_url": url_of("admin:index") if can(member, "admin") else "",
            }
        about = {"policy_version": found.version, "policy_date": found.published_at}
        return {**base, "state": "on", **about}


def frame_of(request: HttpRequest) -> Frame:
    """The request's frame; the same one each time. The request has a member."""
    frame: Frame | None = getattr(request, "_desk_frame", None)
    if frame is None:
        frame = Frame(request, request.member)  # type: ignore[attr-defined]
        request._desk_frame = frame  # type: ignore[attr-defined]  # noqa: SLF001
    return frame


def outbox_allowed(member: Membership) -> bool:
    """Whether the member may read the local outbox; it exists only while mail goes there."""
    return bool(settings.SHOW_OUTBOX) and can(member, "work")


def url_of(name: str, *args: Any) -> str:
    """The address of a page of another room; empty where that room has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def initials(name: str) -> str:
    """One or two letters for a person."""
    words = [word for word in name.replace("@", " ").split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])).upper()


def with_query(filters: Filters, **changed: Any) -> str:
    """The list's query string for these filters, so that a link keeps the view it came from."""
    filters = replace(filters, **changed)
    pairs = {
        "view": filters.view,
        "inbox": filters.inbox,
        "status": filters.status,
        "assignee": filters.assignee,
        "priority": filters.priority,
        "tag": filters.tag,
        "customer": filters.customer,
        "q": filters.query,
        "sort": filters.sort,
    }
    return urlencode({key: value for key, value in pairs.items() if value not in (None, "")})
