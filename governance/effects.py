"""What an entry of a register does to the AI today, as a sentence: the same conditions as the checks, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import singledispatch
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance.core.clauses import Clauses
from governance.core.topics import topic_words
from governance.models import (
    AISystem,
    BiasAudit,
    Finding,
    Incident,
    Risk,
    SystemVersion,
    Vendor,
    VersionState,
)
from governance.services.vendors import FACTS, NEEDED

DECIDE_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Effect:
    """A sentence and its tone: good (the AI works), warn (a date comes), bad (it waits), or nothing."""

    said: str
    tone: str = ""

    @property
    def word(self) -> str:
        """The state as a word, so that colour is never alone."""
        words = {"good": _("works"), "warn": _("soon"), "bad": _("the AI waits")}
        return words.get(self.tone, _("no effect"))


@singledispatch
def effect(row: Any, rules: Clauses, today: date) -> Effect:
    """What this entry does to the AI under these rules on this day."""
    return Effect(_("This entry stops nothing by itself."))


def holding_back(rows: Iterable[Any], rules: Clauses, today: date) -> list[Effect]:
    """Of these entries the effects that stop the AI or will."""
    found = (effect(row, rules, today) for row in rows)
    return [one for one in found if one.tone in {"bad", "warn"}]


def score(risk: Risk) -> int:
    """Likely times bad as it counts today: what we do counts only while its check and its figure hold."""
    broken = risk.control_ok is False or too_high(risk)
    if broken:
        return risk.likelihood_before * risk.impact_before
    return risk.likelihood_after * risk.impact_after


def too_high(risk: Risk) -> bool:
    """Whether the figure that watches this risk is above its limit."""
    return (
        risk.indicator_value is not None
        and risk.indicator_limit is not None
        and risk.indicator_value > risk.indicator_limit
    )


def decide_by(risk: Risk) -> date:
    """Until when somebody decides on a risk above the limit."""
    return risk.decide_by or risk.created_at.date() + DECIDE_WITHIN


@effect.register
def _risk(row: Risk, rules: Clauses, today: date) -> Effect:
    limit = rules.risk_appetite if row.appetite is None else row.appetite
    values = {"title": row.title}
    if row.status == "closed":
        return Effect(_("Closed: it stops nothing."))
    if score(row) <= limit:
        return Effect(_("Small enough for your rules: the AI goes on."), "good")
    accepted = row.accepted_until or row.review_due if row.status == "accepted" else None
    if accepted and accepted >= today:
        said = _("“%(title)s” is accepted until %(day)s; then the AI stops drafting.")
        return Effect(said % {**values, "day": date_format(accepted)}, "warn")
    end = decide_by(row)
    if end < today:
        said = _("While nobody decides on “%(title)s”, the AI does not draft.")
        return Effect(said % values, "bad")
    said = _("If nobody decides on “%(title)s” until %(day)s, the AI stops drafting.")
    return Effect(said % {**values, "day": date_format(end)}, "warn")


@effect.register
def _audit(row: BiasAudit, rules: Clauses, today: date) -> Effect:
    values = {"title": row.title}
    holds = row.decision in {"mend", "accept"} and bool(row.decision_until and row.decision_until >= today)
    if row.decision == "stop" or (row.verdict == "fail" and not holds):
        said = _("While “%(title)s” is not settled, the AI does not draft.")
        return Effect(said % values, "bad")
    end = row.expires_on or row.created_at.date() + timedelta(days=rules.audit_days)
    if end < today:
        return Effect(_("Out of date: it counts for nothing any more. Check again."), "warn")
    if row.verdict == "pass":
        return Effect(_("Counts until %(day)s: the AI may draft.") % {"day": date_format(end)}, "good")
    if row.verdict == "insufficient":
        return Effect(_("It says nothing yet, so it stops nothing; the check on invented customers counts."))
    said = _("“%(title)s” cannot say that all is well: the AI drafts with a warning.")
    return Effect(said % values, "warn")


@effect.register
def _incident(row: Incident, rules: Clauses, today: date) -> Effect:
    if row.state == "closed":
        return Effect(_("Closed and reviewed: it stops nothing."))
    if not row.is_serious:
        return Effect(_("Open, but not serious: the AI goes on."))
    where = [
        str(topic_words(row.topic)) if row.topic else "",
        row.system.name if row.system is not None else "",
    ]
    values = {"title": row.title, "where": ", ".join(filter(None, where))}
    if not values["where"]:
        return Effect(_("While “%(title)s” is open, the AI does not draft at all.") % values, "bad")
    said = _("While “%(title)s” is open, the AI does not draft on: %(where)s.")
    return Effect(said % values, "bad")


@effect.register
def _vendor(row: Vendor, rules: Clauses, today: date) -> Effect:
    values = {"name": row.name}
    if row.state == "ended":
        return Effect(_("%(name)s is not called any more.") % values)
    if row.state != "approved":
        open_ones = [one for one in sorted(NEEDED) if (row.facts.get(one) or {}).get("answer") != "yes"]
        said = _("%(name)s is not called before you approve it.") % values
        if open_ones:
            said += " " + _("Not certain yet: %(fact)s") % {"fact": _(FACTS[open_ones[0]])}
        return Effect(said, "bad")
    if row.expires_on is None or row.expires_on < today:
        said = _("%(name)s is not called: what we know about it is out of date.")
        return Effect(said % values, "bad")
    if row.region not in rules.regions:
        said = _("%(name)s is not called: your rules do not allow where it works.")
        return Effect(said % values, "bad")
    said = _("%(name)s may be called until %(day)s.") % {**values, "day": date_format(row.expires_on)}
    return Effect(said, "warn" if row.expires_on <= today + DECIDE_WITHIN else "good")


@effect.register
def _system(row: AISystem, rules: Clauses, today: date) -> Effect:
    values = {"name": row.name}
    if row.stage not in {"pilot", "live"}:
        return Effect(_("%(name)s is not called: it is not in use.") % values, "bad")
    if not _has_approved(row):
        return Effect(_("%(name)s is not called: none of its versions is approved.") % values, "bad")
    return Effect(_("%(name)s may be called, in the approved version only.") % values, "good")


def _has_approved(row: AISystem) -> bool:
    """Annotated by a list (`selectors.systems.cards`), asked for one card."""
    known = row.__dict__.get("has_approved")
    if known is None:
        known = SystemVersion.objects.filter(system=row, state=VersionState.APPROVED).exists()
    return bool(known)


@effect.register
def _finding(row: Finding, rules: Clauses, today: date) -> Effect:
    if row.state == "closed":
        return Effect(_("Closed: it stops nothing."))
    if row.audit is not None:
        return effect(row.audit, rules, today)
    if row.risk is not None:
        return effect(row.risk, rules, today)
    if row.incident is not None:
        return effect(row.incident, rules, today)
    return Effect(_("It waits for a decision; it stops nothing by itself."))
