"""This room's part of the weekly mail: what the AI did, and what was stopped and why."""

from __future__ import annotations

from collections import Counter

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from governance.admin.records import reason_of
from governance.models import AIDecision, EthicsPolicy, PolicyStatus
from helpdesk.people import weekly

#: The newest stopped ones that are read for the most frequent reason.
MOST_STOPPED = 500


def sentences(week: weekly.Week) -> list[str]:
    """Two or three sentences. Two queries."""
    rows = AIDecision.objects.filter(kind="real", created_at__gte=week.start, created_at__lt=week.end)
    drafted = rows.filter(action="draft", allowed=True).count()
    stopped = list(rows.filter(allowed=False).only("reasons", "allowed").order_by("-pk")[:MOST_STOPPED])
    said = [
        ngettext("The AI drafted %(n)s time.", "The AI drafted %(n)s times.", drafted) % {"n": drafted}
        if drafted
        else _("The AI drafted nothing.")
    ]
    if not stopped:
        return [*said, _("Nothing was stopped.")] if drafted else said
    words = ngettext("It was stopped %(n)s time.", "It was stopped %(n)s times.", len(stopped))
    said.append(words % {"n": len(stopped)})
    reasons = Counter(filter(None, map(reason_of, stopped))).most_common(1)
    return [*said, *(_("Most often: %(reason)s") % {"reason": reason} for reason, _times in reasons)]


def todo(week: weekly.Week) -> weekly.Todo | None:
    """Rules that are due to be looked at again, or missing. One query."""
    in_force = EthicsPolicy.objects.filter(status=PolicyStatus.PUBLISHED).first()
    if in_force is None:
        return weekly.Todo(_("Publish your rules: the AI is off until then."), reverse("setup-rules"), 40)
    if in_force.review_due and in_force.review_due <= week.monday:
        return weekly.Todo(_("Look at your rules again: that is due."), reverse("admin:index"), 60)
    return None


def register() -> None:
    """Called once, in AppConfig.ready."""
    weekly.register(weekly.Section("ai", gettext_lazy("The AI"), 20, sentences, todo))
