"""The owner's home: five sentences, each checked against the records, and at most three things to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance import charts, demands
from governance import figures as measured
from governance.admin.auditors import screen_url
from governance.admin.records import reason_of, switch
from governance.fairness import Waiting, waiting_by_choice
from governance.models import (
    AIDecision,
    BiasAudit,
    DataRequest,
    EthicsPolicy,
    LedgerEntry,
    LedgerHead,
    Risk,
    SelfCheck,
)
from governance.selectors import assistant
from governance.services import papers, self_checks

#: How far back the sentences look, and the figures.
LOOKS_BACK = timedelta(days=30)
FIGURES = timedelta(days=7)
#: The newest stopped decisions that are read for "what was stopped and why".
MOST_STOPPED = 500
SOON = timedelta(days=7)

WORKING, WAITING, LITTLE, FAILING = "working", "waiting", "little", "failing"


@dataclass(frozen=True)
class Line:
    """One sentence of the home: what we say, how it stands, why, and what to do next."""

    sentence: str
    state: str
    because: str
    step: str = ""
    url: str = ""

    @property
    def word(self) -> str:
        """The state as a word."""
        words = {
            WORKING: _("working"),
            WAITING: _("waiting for you"),
            LITTLE: _("too little data"),
            FAILING: _("failing"),
        }
        return words[self.state]

    @property
    def tone(self) -> str:
        """The state as a colour's role."""
        return {WORKING: "good", WAITING: "warn", LITTLE: "", FAILING: "bad"}[self.state]


@dataclass(frozen=True)
class Facts:
    """What the five sentences are judged on."""

    policy: EthicsPolicy | None
    sent: int
    sent_untold: int
    sent_alone: int
    late: int
    soon: int
    open_requests: int
    audit: BiasAudit | None
    waiting: Waiting
    risks_late: int
    chain_fits: bool


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds the home's sentences to the admin index's context."""
    facts = gather()
    lines = [judge(facts) for judge in SENTENCES]
    days, totals = figures()
    sheet = measured.sheet()
    kept, counted = self_checks.newest()
    context.update(
        {
            "classic": [one for one in sheet if one.is_classic],
            "ethical": [one for one in sheet if not one.is_classic],
            "divergence": measured.divergence(sheet),
            "chart": charts.week(days),
            "demands": {"kept": kept, "working": counted["working"], "failing": counted["failing"]},
            "lines": lines,
            "todo": [*things_to_do(lines), *stale_papers(), *waiting_demands(kept)][:3],
            "stop_switch": {**switch(request), "platform": settings.AI_STOPPED},
            "stopped": stopped_this_week(),
            "days": days,
            "totals": totals,
            "policy": facts.policy,
            "assistant": of_assistant(),
        }
    )
    return context


def of_assistant() -> assistant.Counted | None:
    """What the assistant on the help pages did in 30 days; None where it is off and did nothing. Three queries."""
    found = assistant.counted(timezone.now() - LOOKS_BACK)
    return found if found.answered or assistant.state() != assistant.OFF else None


def gather() -> Facts:
    """Read the records. Nine queries, whatever their number."""
    now = timezone.now()
    sent = _sent(now - LOOKS_BACK)
    requests = DataRequest.objects.filter(status="open").aggregate(
        late=Count("pk", filter=Q(due_at__lt=now)),
        soon=Count("pk", filter=Q(due_at__gte=now, due_at__lt=now + SOON)),
        every=Count("pk"),
    )
    return Facts(
        policy=EthicsPolicy.objects.select_related("approver__user").filter(status="published").first(),
        **sent,
        late=requests["late"],
        soon=requests["soon"],
        open_requests=requests["every"],
        audit=BiasAudit.objects.order_by("-pk").first(),
        waiting=waiting_by_choice(),
        risks_late=Risk.objects.filter(status="open", review_due__lt=timezone.localdate()).count(),
        chain_fits=_chain_fits(),
    )


def _sent(since: Any) -> dict[str, int]:
    """AI-assisted answers that were let out, and any that left without telling or without a person."""
    told = Q(reasons__contains=[{"code": "G18", "outcome": "passed"}])
    approved = Q(reasons__contains=[{"code": "G16", "outcome": "passed"}])
    rows = AIDecision.objects.filter(kind="real", action="send", allowed=True, created_at__gte=since)
    rows = rows.exclude(reasons=[])  # what a person wrote alone is not judged
    return rows.aggregate(
        sent=Count("pk"),
        sent_untold=Count("pk", filter=~told),
        sent_alone=Count("pk", filter=~approved),
    )


def _chain_fits() -> bool:
    """The head fits the newest entry. Whether each entry is as it was, "Check the record now" reads."""
    head, last = LedgerHead.objects.first(), LedgerEntry.objects.order_by("-seq").first()
    if head is None or last is None:
        return head is None or head.seq == 0
    return (head.seq, head.hash) == (last.seq, last.hash)


# The five sentences


def customers_are_told(facts: Facts) -> Line:
    """Rules in force, and every AI-assisted answer carried its line."""
    says = _("Customers are told.")
    if facts.policy is None:
        return Line(says, WAITING, _("No rules are in force, so the AI does nothing."), *_adopt())
    activity = reverse("admin:governance_aidecision_changelist") + "?step=send"
    if facts.sent_untold:
        said = ngettext(
            "%(n)s answer left without the line.", "%(n)s answers left without the line.", facts.sent_untold
        )
        return Line(says, FAILING, said % {"n": facts.sent_untold}, _("Look at them"), activity)
    if not facts.sent:
        said = _("No answer with AI help was sent in 30 days.")
        return Line(says, LITTLE, said, _("Read what customers read"), reverse("trust"))
    said = ngettext(
        "%(n)s answer with AI help in 30 days; it said so.",
        "%(n)s answers with AI help in 30 days; each said so.",
        facts.sent,
    )
    return Line(says, WORKING, said % {"n": facts.sent}, _("Read what customers read"), reverse("trust"))


def data_is_private(facts: Facts) -> Line:
    """Data requests are answered in time."""
    says, url = (
        _("Data is private."),
        reverse("admin:governance_datarequest_changelist") + "?status__exact=open",
    )
    if facts.late:
        said = ngettext("%(n)s data request is late.", "%(n)s data requests are late.", facts.late)
        return Line(says, FAILING, said % {"n": facts.late}, _("Answer the late requests"), url)
    if facts.soon:
        said = ngettext(
            "%(n)s data request is due within a week.",
            "%(n)s data requests are due within a week.",
            facts.soon,
        )
        return Line(says, WAITING, said % {"n": facts.soon}, _("Answer them"), url)
    if facts.policy is None:
        said = _("Without rules in force no AI service sees anything.")
        return Line(says, WORKING, said, _("Read the privacy notice"), reverse("privacy"))
    if facts.open_requests:
        said = ngettext(
            "%(n)s data request is open and in time.",
            "%(n)s data requests are open and in time.",
            facts.open_requests,
        )
        return Line(says, WORKING, said % {"n": facts.open_requests}, _("See them"), url)
    said = _("No data request is open. Names and numbers are replaced before an AI service sees a message.")
    return Line(says, WORKING, said, _("Read the privacy notice"), reverse("privacy"))


def people_are_treated_alike(facts: Facts) -> Line:
    """The newest check, and whether those who said no to AI wait longer."""
    says, audit, waiting = _("People are treated alike."), facts.audit, facts.waiting
    add = reverse("admin:governance_biasaudit_add")
    if audit is not None and audit.verdict == "fail":
        url = reverse("admin:governance_biasaudit_change", args=[audit.pk])
        said = _("The check “%(title)s” says: not treated alike.") % {"title": audit.title}
        return Line(says, FAILING, said, _("Decide what to change"), url)
    if waiting.longer:
        return Line(says, FAILING, waiting.said, _("Write down what you change"), add)
    if audit is not None and audit.expires_on and audit.expires_on < timezone.localdate():
        said = _("The last check is past its date.")
        return Line(says, WAITING, said, _("Check again"), add)
    if audit is not None and audit.verdict == "watch":
        url = reverse("admin:governance_biasaudit_change", args=[audit.pk])
        said = _("“%(title)s”: keep an eye on it.") % {"title": audit.title}
        return Line(says, WAITING, said, _("Look again"), url)
    if audit is not None and audit.verdict == "pass":
        return Line(says, WORKING, _("The last check says so.") + " " + waiting.said, _("See it"), _audits())
    return Line(says, LITTLE, waiting.said, _("Write down a check"), add)


def a_person_decides(facts: Facts) -> Line:
    """Every AI-assisted answer had a person's approval."""
    says = _("A person decides.")
    activity = reverse("admin:governance_aidecision_changelist")
    if facts.sent_alone:
        said = ngettext(
            "%(n)s answer left without a person.", "%(n)s answers left without a person.", facts.sent_alone
        )
        return Line(says, FAILING, said % {"n": facts.sent_alone}, _("Look at them"), activity + "?step=send")
    if not facts.sent:
        said = _("Nothing with AI help was sent in 30 days, so there is nothing to count.")
        return Line(says, LITTLE, said, _("See what the AI did"), activity)
    said = ngettext(
        "A person approved %(n)s answer; none left alone.",
        "A person approved each of %(n)s answers; none left alone.",
        facts.sent,
    )
    return Line(says, WORKING, said % {"n": facts.sent}, _("See what the AI did"), activity)


def someone_answers_for_it(facts: Facts) -> Line:
    """Rules with a name under them, in date, risks looked at, and a record that fits."""
    says, policy = _("Someone answers for it."), facts.policy
    if not facts.chain_fits:
        url = reverse("admin:governance_ledgerentry_changelist")
        return Line(
            says, FAILING, _("The record of what happened does not fit together."), _("Check the record"), url
        )
    if policy is None:
        return Line(says, WAITING, _("Nobody has published rules yet."), *_adopt())
    rules = reverse("admin:governance_ethicspolicy_change", args=[policy.pk])
    if policy.approver is None or not policy.approver.is_active:
        said = _("Whoever published the rules does not work here any more.")
        return Line(
            says,
            WAITING,
            said,
            _("Publish them in your name"),
            reverse("admin:governance_ethicspolicy_changelist"),
        )
    if policy.review_due and policy.review_due < timezone.localdate():
        said = _("The rules were to be read again by %(day)s.") % {"day": date_format(policy.review_due)}
        return Line(says, WAITING, said, _("Read them again"), rules)
    if facts.risks_late:
        said = ngettext(
            "%(n)s risk is to be looked at again.", "%(n)s risks are to be looked at again.", facts.risks_late
        )
        return Line(
            says,
            WAITING,
            said % {"n": facts.risks_late},
            _("Look at them"),
            reverse("admin:governance_risk_changelist"),
        )
    said = _("%(name)s published version %(version)s on %(day)s.") % {
        "name": policy.approver,
        "version": policy.version,
        "day": date_format(policy.published_at) if policy.published_at else "",
    }
    return Line(says, WORKING, said, _("Read the rules"), rules)


SENTENCES: tuple[Callable[[Facts], Line], ...] = (
    customers_are_told,
    data_is_private,
    people_are_treated_alike,
    a_person_decides,
    someone_answers_for_it,
)


def _adopt() -> tuple[str, str]:
    return _("Read and adopt the starter rules"), reverse("admin:starter")


def _audits() -> str:
    return reverse("admin:governance_biasaudit_changelist")


def things_to_do(lines: list[Line]) -> list[Line]:
    """What fails first, then what waits; the same step once; never more than three."""
    wanted = [one for state in (FAILING, WAITING) for one in lines if one.state == state]
    found: dict[str, Line] = {}
    for one in wanted:
        found.setdefault(one.url, one)
    return list(found.values())[:3]


#: Of the demands that wait, those an owner is shown on the home, in this order.
ON_HOME = (27, 26, 28, 32, 11, 39, 9, 49, 41, 37, 55, 20, 35, 40, 56)


def stale_papers() -> list[Line]:
    """Papers that say something else than what is true now."""
    found = papers.known_drift()
    if not found:
        return []
    said = _("This paper no longer says what is true: %(papers)s.") % {"papers": ", ".join(found)}
    url = reverse("admin:governance_paper_changelist")
    return [Line(_("Papers hold."), WAITING, said, _("Make the papers again"), url)]


def waiting_demands(kept: SelfCheck | None) -> list[Line]:
    """What waits for the owner by the demands as they were last kept; the page behind may say that it is done."""
    known = {one["number"]: one for one in kept.results} if kept else {}
    by_number = {one.number: one for one in demands.demands()}
    found = []
    for number in ON_HOME:
        row, one = known.get(number, {}), by_number[number]
        url = screen_url(one.screen)
        if row.get("state") in ("waiting", "failing") and url:
            found.append(Line(str(one.title), WAITING, str(row["first"]), str(one.title), url))
    return found


# The week


def stopped_this_week() -> list[dict[str, Any]]:
    """Why the AI was stopped, most frequent first, in the words it was stopped with."""
    rows = AIDecision.objects.filter(kind="real", allowed=False, created_at__gte=timezone.now() - FIGURES)
    newest = rows.only("reasons", "allowed", "created_at").order_by("-pk")[:MOST_STOPPED]
    counted: Counter[str] = Counter()
    last: dict[str, Any] = {}
    for one in newest:
        reason = reason_of(one) or _("no reason was noted")
        counted[reason] += 1
        last.setdefault(reason, one.created_at)
    return [{"reason": why, "times": times, "last": last[why]} for why, times in counted.most_common(5)]


def figures() -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Per day of the last week: drafts allowed, stops, answers let out; one query."""
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in range(6, -1, -1)]
    rows = (
        AIDecision.objects.filter(kind="real", created_at__gte=timezone.now() - FIGURES)
        .annotate(day=TruncDate("created_at"))
        .values("day")
        .annotate(
            drafts=Count("pk", filter=Q(action="draft", allowed=True)),
            sent=Count("pk", filter=Q(action="send", allowed=True)),
            stops=Count("pk", filter=Q(allowed=False)),
        )
        .order_by("day")
    )
    by_day = {one["day"]: one for one in rows}
    nothing = {"drafts": 0, "sent": 0, "stops": 0}
    table: list[dict[str, Any]] = [{**nothing, **by_day.get(day, {}), "day": day} for day in days]
    return table, {name: sum(one[name] for one in table) for name in nothing}
