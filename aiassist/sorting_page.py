"""What the sorting panel and the page of topics show (templates/desk/_sorting.html, templates/desk/topics.html)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aiassist import sorting_selectors as selectors
from aiassist.reading import rules
from aiassist.sorting_models import LearnedTopics, Sorting, SortingState
from governance.core.topics import topic_key, topic_words
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from tickets.models import Priority, Ticket

#: Why a message is called urgent, as an agent reads it.
BECAUSE = {
    "danger": gettext_lazy("something may be dangerous"),
    "fraud": gettext_lazy("somebody else may have used the account or card"),
    "down": gettext_lazy("they cannot get in or pay"),
    "paid_twice": gettext_lazy("they were charged twice"),
    "soon": gettext_lazy("it is about today or tomorrow"),
    "topic": gettext_lazy("your team gives this topic that priority nearly always"),
}
MOODS = {
    "angry": gettext_lazy("angry"),
    "worried": gettext_lazy("worried"),
    "pleased": gettext_lazy("pleased"),
}
#: Confidence in words: from how much on.
_SURE = (
    (0.9, gettext_lazy("very sure")),
    (0.75, gettext_lazy("fairly sure")),
    (0.0, gettext_lazy("not very sure")),
)
_STATES = {
    SortingState.PROPOSED: "proposed",
    SortingState.APPLIED: "applied",
    SortingState.ACCEPTED: "accepted",
}


def panel(ticket: Ticket, member: Membership) -> dict[str, Any]:
    """The context of the panel. Five queries at most, however many tickets there are."""
    row = selectors.newest(ticket)
    works = can(member, "work", ticket)
    return {
        "url": reverse("sorting", args=[ticket.number]),
        "live": f"live:draft-{ticket.pk}",
        "topic": str(topic_words(ticket.topic)) if ticket.topic else "",
        "topic_url": reverse("sorting-topic", args=[ticket.number]) if works else "",
        "topics": [str(topic_words(one)) for one in selectors.known_topics()] if works else [],
        **(_told(ticket, row, member) if row is not None else {"state": ""}),
    }


def _told(ticket: Ticket, row: Sorting, member: Membership) -> dict[str, Any]:
    state = _STATES.get(SortingState(row.state), "")
    urls = {
        name: reverse(f"sorting-{name}", args=[ticket.number, row.pk])
        for name in ("accept", "refuse", "undo")
    }
    works = can(member, "work", ticket)
    return {
        "state": state,
        "suggested": str(topic_words(row.topic)) if row.topic else "",
        "sure": next(str(word) for least, word in _SURE if (row.confidence or 0) >= least)
        if row.topic
        else "",
        "percent": round(100 * (row.confidence or 0)),
        "priority": str(Priority(row.priority).label) if row.priority is not None else "",
        "because": str(BECAUSE.get(row.because, "")),
        "mood": str(MOODS.get(row.mood, "")),
        "people_only": ", ".join(str(topic_words(one)) for one in row.human_topics),
        "why_not": "" if row.decision.allowed else _("Your rules did not let the AI sort it."),
        "examples": [
            {"number": one.number, "subject": one.subject, "url": f"/tickets/{one.number}/"}
            for one in (selectors.tickets_of(row.nearest, member) if row.nearest and state else [])
        ],
        "accept_url": urls["accept"] if works and state == "proposed" else "",
        "refuse_url": urls["refuse"] if works and state == "proposed" else "",
        "undo_url": urls["undo"] if works and state in ("applied", "accepted") else "",
        "activity_url": f"{reverse('ai-activity')}#decision-{row.decision_id}",
    }


def page(member: Membership, chosen: str) -> dict[str, Any]:
    """The context of the page of topics. Seven queries at most."""
    clauses = rules()
    kept = {topic_key(one) for one in clauses.human_only_topics}
    learned = LearnedTopics.objects.defer("data").first()
    shown = topic_key(chosen)
    merged = selectors.last_merge()
    rows = selectors.topic_rows()
    return {
        "rows": [_row(one, kept) for one in rows],
        "figures": learned.figures if learned else {},
        "learned_at": learned.learned_at if learned else None,
        "percent": round(100 * learned.figures.get("accuracy", 0)) if learned else 0,
        "coverage": round(100 * learned.figures.get("coverage", 0)) if learned else 0,
        "sorting": str(clauses.sorting),
        "names": [str(topic_words(one.name)) for one in rows],
        "chosen": str(topic_words(shown)) if shown else "",
        "examples": _examples(shown, member) if shown else [],
        "merged": merged,
        "merged_source": str(topic_words(merged.source)) if merged else "",
        "merged_target": str(topic_words(merged.target)) if merged else "",
        "rules_url": reverse("admin:governance_ethicspolicy_changelist"),
    }


def _row(one: selectors.TopicRow, kept: set[str]) -> dict[str, Any]:
    said = one.said
    yes = said.get("accepted", 0)
    no = said.get("refused", 0) + said.get("taken_back", 0)
    return {
        "name": str(topic_words(one.name)),
        "key": one.name,
        "tickets": one.tickets,
        "solved": one.solved,
        "sure": _how_sure(one.learned),
        "people_only": one.name in kept,
        "said": _("%(yes)s of %(n)s taken") % {"yes": yes, "n": yes + no} if yes + no else "",
    }


def _how_sure(learned: dict[str, Any] | None) -> str:
    if learned is None:
        return _("too few solved tickets: 5 are needed")
    n, right = int(learned["examples"]), int(learned["right"])
    return ngettext("%(right)s of %(n)s example", "%(right)s of %(n)s examples", n) % {"right": right, "n": n}


def _examples(topic: str, member: Membership) -> list[dict[str, Any]]:
    """The newest tickets of a topic that the member may see."""
    rows = Ticket.objects.visible_to(member).filter(topic=topic).order_by("-pk")[:8]
    return [{"number": one.number, "subject": one.subject, "url": f"/tickets/{one.number}/"} for one in rows]
