"""The figures that watch risks, a fixed catalogue of live queries: one above its limit opens its risk by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import controls, gate
from governance.core.clauses import Clauses
from governance.fairness import waiting_by_choice
from governance.models import (
    AIDecision,
    AISpend,
    BiasAudit,
    DataRequest,
    Finding,
    Incident,
    OutcomeFact,
    Override,
    Risk,
)
from governance.services import registers

LOOKS_BACK = timedelta(days=30)
#: A share of fewer cases than this is no figure.
LEAST = 20
#: How long somebody has to decide on a risk that a figure opened.
DECIDE_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Indicator:
    """One figure: `read` gives the value, or None where there are too few cases to tell."""

    key: str
    label: str | Promise
    limit: float
    unit: str  # share, count, ratio
    read: Callable[[datetime], float | None]

    def said(self, value: float | None) -> str:
        """The value in words."""
        if value is None:
            return _("too few cases to tell")
        if self.unit == "share":
            return _("%(n)s of 100") % {"n": f"{100 * value:.1f}".removesuffix(".0")}
        return f"{value:.2f}".removesuffix(".00")


def run() -> int:
    """Read every figure that watches a risk, note it, open again what is above its limit. Returns how many it opened.

    Run twice it opens nothing twice. Two queries for each figure that is used.
    """
    controls.run()
    now, opened = timezone.now(), 0
    with transaction.atomic():
        watched = list(Risk.objects.select_for_update(of=("self",)).exclude(indicator="").order_by("pk"))
        values: dict[str, float | None] = {}
        for risk in watched:
            figure = BY_KEY.get(risk.indicator)
            if figure is None:
                continue
            if figure.key not in values:
                values[figure.key] = figure.read(now - LOOKS_BACK)
            opened += _tell(risk, figure, values[figure.key])
    return opened


def because(risk: Risk) -> str:
    """Why a risk was opened again, in words; a check is kept by its name."""
    return str(CONTROL_WORDS.get(risk.reopened_because, risk.reopened_because))


def _tell(risk: Risk, figure: Indicator, value: float | None) -> bool:
    limit = figure.limit if risk.indicator_limit is None else risk.indicator_limit
    above = value is not None and value > limit
    was_above = risk.indicator_value is not None and risk.indicator_value > limit
    if not above or was_above:
        if above is was_above:
            Risk.objects.filter(pk=risk.pk).update(indicator_value=value, indicator_limit=limit)
        else:
            registers.change(row=risk, member=None, indicator_value=value, indicator_limit=limit)
        return False
    said = _("%(figure)s: %(value)s, limit %(limit)s") % {
        "figure": figure.label,
        "value": figure.said(value),
        "limit": figure.said(limit),
    }
    registers.change(
        row=risk,
        member=None,
        indicator_value=value,
        indicator_limit=limit,
        status="open",
        accepted_until=None,
        reopened_at=timezone.now(),
        reopened_because=said[:300],
        decide_by=timezone.localdate() + DECIDE_WITHIN,
    )
    _find(risk, said)
    return True


def _find(risk: Risk, said: str) -> None:
    """One open finding for each risk, whatever figure opened it."""
    source = {"source": "risk", "source_ref": registers.ref(risk)}
    if Finding.objects.filter(**source).exclude(state="closed").exists():
        return
    finding = Finding(
        **source,
        title=(_("Open again: %(title)s") % {"title": risk.title})[:160],
        description=said,
        risk=risk,
        accountable=risk.accountable,
    )
    finding.save()
    registers.note(row=finding, member=None, action="created")


# The figures


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole >= LEAST else None


def _decisions(since: datetime, **sums: Any) -> dict[str, int]:
    found: dict[str, int] = AIDecision.objects.filter(kind="real", created_at__gte=since).aggregate(**sums)
    return found


def _wrong(since: datetime) -> float | None:
    said = OutcomeFact.objects.filter(event="satisfied", created_at__gte=since).aggregate(
        wrong=Count("pk", filter=Q(value=0)), every=Count("pk")
    )
    return _share(said["wrong"], said["every"])


def _contested(since: datetime) -> float | None:
    asked = DataRequest.objects.filter(kind="human_review", created_at__gte=since).count()
    sent = _decisions(since, n=Count("pk", filter=Q(action="send", allowed=True)))["n"]
    return _share(min(asked, sent), sent)


def _unsourced(since: datetime) -> float | None:
    stopped = Q(action="save", allowed=False, reasons__contains=[{"code": "G15", "outcome": "stopped"}])
    found = _decisions(since, part=Count("pk", filter=stopped), whole=Count("pk", filter=Q(action="save")))
    return _share(found["part"], found["whole"])


def _unchanged(since: datetime) -> float | None:
    sent = Q(action="send", allowed=True)
    found = _decisions(
        since,
        part=Count("pk", filter=sent & Q(request__ai_involvement="verbatim")),
        whole=Count("pk", filter=sent),
    )
    return _share(found["part"], found["whole"])


def _reopened(since: datetime) -> float | None:
    facts = OutcomeFact.objects.filter(created_at__gte=since).aggregate(
        again=Count("pk", filter=Q(event="reopened")), solved=Count("pk", filter=Q(event="solved"))
    )
    return _share(min(facts["again"], facts["solved"]), facts["solved"])


def _incidents(kind: str = "", *, serious: bool = False) -> Callable[[datetime], float | None]:
    def read(since: datetime) -> float | None:
        rows = Incident.objects.filter(noticed_at__gte=since)
        rows = rows.filter(kind=kind) if kind else rows
        return float((rows.filter(is_serious=True) if serious else rows).count())

    return read


def _overrides(since: datetime) -> float | None:
    return float(Override.objects.filter(created_at__gte=since).count())


def _waiting(_since: datetime) -> float | None:
    found = waiting_by_choice()
    return found.no_median / found.other_median if found.enough and found.other_median else None


def _pairs(_since: datetime) -> float | None:
    newest = BiasAudit.objects.filter(kind="pairs").order_by("-pk").first()
    if newest is None:
        return None
    return float(sum(bool(one.get("worse")) for one in newest.figures.get("groups", ())))


def _money(_since: datetime) -> float | None:
    policy = gate.policy_in_force()
    budget = (Clauses.from_dict(policy.clauses) if policy else Clauses()).budget
    if not budget.monthly_micro:
        return None
    first = timezone.localdate().replace(day=1)
    spent = AISpend.objects.filter(day__gte=first).aggregate(n=Sum("cost_micro"))["n"] or 0
    return float(spent) / budget.monthly_micro


CATALOGUE = (
    Indicator(
        "wrong", gettext_lazy("Customers who said that an answer was not right"), 0.15, "share", _wrong
    ),
    Indicator(
        "contested",
        gettext_lazy("Answers with AI help that a person had to look at again"),
        0.05,
        "share",
        _contested,
    ),
    Indicator("unsourced", gettext_lazy("Drafts thrown away for want of a source"), 0.5, "share", _unsourced),
    Indicator(
        "unchanged", gettext_lazy("Answers sent exactly as the AI wrote them"), 0.8, "share", _unchanged
    ),
    Indicator("reopened", gettext_lazy("Solved requests that came back"), 0.2, "share", _reopened),
    Indicator("leaks", gettext_lazy("Leaks in 30 days, held back or not"), 0, "count", _incidents("leak")),
    Indicator(
        "unfair", gettext_lazy("Reports of unfair treatment in 30 days"), 0, "count", _incidents("unfair")
    ),
    Indicator("serious", gettext_lazy("Serious incidents in 30 days"), 0, "count", _incidents(serious=True)),
    Indicator("exceptions", gettext_lazy("Exceptions from rules in 30 days"), 3, "count", _overrides),
    Indicator(
        "waiting",
        gettext_lazy("How much longer customers wait who said no to AI (1: the same)"),
        1.25,
        "ratio",
        _waiting,
    ),
    Indicator("pairs", gettext_lazy("Groups of invented customers who are served worse"), 0, "count", _pairs),
    Indicator("money", gettext_lazy("How much of the month's money the AI has used"), 0.9, "share", _money),
)
BY_KEY = {one.key: one for one in CATALOGUE}
#: Which figure watches which of the shipped risks.
SHIPPED = {
    "confabulation": "wrong",
    "privacy": "leaks",
    "bias": "waiting",
    "overreliance": "unchanged",
    "security": "serious",
    "opacity": "contested",
    "harm": "serious",
    "vendor": "exceptions",
    "rights": "unsourced",
    "cost": "money",
    "manipulation": "unfair",
    "jobs": "unchanged",
}
CONTROL_WORDS = {
    "approval": gettext_lazy("The database lets no answer with AI out that nobody approved."),
    "isolation": gettext_lazy("Every organization's rows are walled off by the database."),
    "grounding": gettext_lazy("A draft without a source is thrown away."),
    "provenance": gettext_lazy("An answer whose origin is not on record cannot leave."),
    "disclosure": gettext_lazy("An answer with AI cannot leave without saying so."),
    "pressure": gettext_lazy("Words that press a customer are found before an answer leaves."),
    "stop": gettext_lazy("Anyone can stop the AI."),
    "human_topics": gettext_lazy("Sensitive topics are left to people."),
    "fairness": gettext_lazy("The newest check on invented customers passed and holds."),
    "services": gettext_lazy("Every AI service in use is approved and works where your rules allow."),
    "budget": gettext_lazy("Money and drafts have a limit for each month."),
}
