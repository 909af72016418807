"""What the badge says at this moment. It is made from the records; there is nothing about it that could be edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import gate
from governance.core.clauses import Clauses
from governance.models import AIDecision, EthicsPolicy, Incident, LedgerEntry, LedgerHead, Override
from governance.services.stops import stops_in_force

LOOKS_BACK = timedelta(days=30)
GOOD, WARN, BAD, OFF = "good", "warn", "bad", "off"


@dataclass(frozen=True)
class Badge:
    """`tone` is good, warn, bad or off; `says` what happens; `because` why it is not good, for the page behind it."""

    tone: str
    says: str
    because: str = ""


def badge() -> Badge:
    """The worst that is true now. Six queries."""
    policy = gate.policy_in_force()
    if policy is None:
        return Badge(OFF, _("No AI: people write everything"), _("No rules are in force, so the AI is off."))
    return _bad() or _stopped() or _warn(policy) or _good(policy)


def _good(policy: EthicsPolicy) -> Badge:
    """What the AI does: where it answers on the help pages, "drafts only" would not be true."""
    if Clauses.from_dict(policy.clauses).self_service:
        return Badge(GOOD, _("AI drafts; it answers on help pages, marked as AI"))
    return Badge(GOOD, _("AI drafts only, a person sends every answer"))


def _bad() -> Badge | None:
    """An answer that left without a person or without saying so; a record that does not fit together."""
    since = timezone.now() - LOOKS_BACK
    sent = AIDecision.objects.filter(kind="real", action="send", allowed=True, created_at__gte=since)
    rows = sent.exclude(reasons=[]).aggregate(
        alone=Count("pk", filter=~Q(reasons__contains=[{"code": "G16", "outcome": "passed"}])),
        untold=Count("pk", filter=~Q(reasons__contains=[{"code": "G18", "outcome": "passed"}])),
    )
    if rows["alone"] or rows["untold"]:
        return Badge(
            BAD,
            _("AI: a promise was broken"),
            _("In the last 30 days an answer left without a person’s yes or without saying that AI helped."),
        )
    head, last = LedgerHead.objects.first(), LedgerEntry.objects.order_by("-seq").first()
    if (head.seq, head.hash) != (last.seq, last.hash) if head and last else bool(head and head.seq):
        return Badge(BAD, _("AI: the record does not add up"), _("The record of what happened was altered."))
    return None


def _stopped() -> Badge | None:
    if settings.AI_STOPPED or any(one.scope == "organization" for one in stops_in_force()):
        return Badge(
            OFF, _("AI is stopped: people write everything"), _("Somebody stopped the AI for everything.")
        )
    return None


def _warn(policy: EthicsPolicy) -> Badge | None:
    """Something is late or open, so a check gives way or keeps the AI away somewhere."""
    rules, today = Clauses.from_dict(policy.clauses), timezone.localdate()
    says = _("AI drafts only, with something open")
    if rules.self_service:
        says = _("AI drafts and answers on help pages; something is open")
    if policy.review_due and policy.review_due < today:
        return Badge(WARN, says, _("The rules are overdue to be looked at again."))
    if Incident.objects.filter(is_serious=True).exclude(state="closed").exists():
        return Badge(
            WARN, says, _("Something serious went wrong and is being looked into; the AI keeps away there.")
        )
    now = timezone.now()
    if Override.objects.filter(starts_at__lte=now, until__gt=now, ended_at=None).exists():
        return Badge(WARN, says, _("An exception is in force: a check gives way for at most seven days."))
    if rules.warn_only:
        return Badge(WARN, says, _("Some checks only warn; our rules say which."))
    return None
