"""Fairness checks: kept with who read them, decided on, and run again; each question has one newest answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import audit_words, gate, waiting
from governance.core.clauses import Clauses
from governance.models import BiasAudit, EthicsPolicy, Finding, PolicyStatus, SystemVersion, VersionState
from governance.services import registers
from governance.statistics import Rule
from helpdesk.errors import InvalidState
from helpdesk.people.models import Membership
from helpdesk.tenancy.scope import current_organization_id

#: Nobody reads the result of their own change before they have slept on it.
SLEEP_ON_IT = timedelta(hours=24)
#: Then what was decided on a check is decided again.
DECISION_HOLDS = registers.TOO_FEW_FOR
figures_in_words = audit_words.figures_in_words

_pair_runner: Callable[[str], object] | None = None


def offer_pairs(runner: Callable[[str], object]) -> None:
    """Say who can run the check on invented customers: called with an organization's id, enqueues it."""
    global _pair_runner  # noqa: PLW0603 - one registry, filled once in AppConfig.ready
    _pair_runner = runner


def ask_for_pairs() -> None:
    """Have the check on invented customers run soon, after the commit. Raises InvalidState where nothing can."""
    if _pair_runner is None:
        raise InvalidState(_("No AI is installed that could be checked."))
    runner, organization_id = _pair_runner, str(current_organization_id())
    transaction.on_commit(lambda: runner(organization_id), robust=True)


def newest() -> Any:
    """The newest check of each question and system: what counts. Own ones count each."""
    rows = BiasAudit.objects.raw(
        "SELECT DISTINCT ON (COALESCE(NULLIF(key, ''), id::text), system) * FROM governance_biasaudit"
        " ORDER BY COALESCE(NULLIF(key, ''), id::text), system, id DESC LIMIT 200"
    )
    return list(rows)


def keep(*, audit: BiasAudit, member: Membership) -> BiasAudit:
    """Store a check as its form checked it. A failing one opens a finding.

    Raises NotAllowed, InvalidState (read by whoever changed the setting, less than a day ago; counts or is decided for
    longer than the rules or a year allow).
    """
    before = BiasAudit.objects.filter(pk=audit.pk).first() if audit.pk else None
    _require_dates(audit, before)
    if audit.interpretation.strip() and (before is None or before.interpretation != audit.interpretation):
        _require_reader(member)
    if audit.decision and (before is None or before.decision != audit.decision):
        audit.decided_by, audit.decided_at = member, timezone.now()
    if before is None:
        audit.made_by = audit.made_by or member
        audit.accountable = audit.accountable or member
    with transaction.atomic():
        registers.save_row(row=audit, member=member)
        find(audit)
    return audit


def record(audit: BiasAudit, *, member: Membership | None = None) -> BiasAudit:
    """Store a check that the product ran by itself, with its prefilled decision and its finding."""
    if audit.verdict == "insufficient" and not audit.decision:
        audit.decision, audit.decided_at = "accept", timezone.now()
        audit.decision_until = timezone.localdate() + registers.TOO_FEW_FOR
        audit.decision_text = _("Too few tickets to tell; the check on invented customers counts meanwhile.")
    with transaction.atomic():
        audit.save()
        registers.note(row=audit, member=member, action="created")
        find(audit)
    return audit


def find(audit: BiasAudit) -> None:
    """What was found needs a decision: one open finding for a failing check."""
    if audit.verdict != "fail":
        return
    source = {"source": "audit", "source_ref": registers.ref(audit)}
    if Finding.objects.filter(**source).exists():
        return
    finding = Finding(
        **source,
        title=(_("Not treated alike: %(title)s") % {"title": audit.title})[:160],
        description=audit_words.sentence(audit),
        audit=audit,
        accountable=audit.accountable,
    )
    finding.save()
    registers.note(row=finding, member=None, action="created")


def check_waiting(*, member: Membership | None = None) -> BiasAudit:
    """Do customers who said no to AI wait longer? From outcome facts, never from tickets."""
    rules = _rules()
    found = waiting.measure(rule())
    today = timezone.localdate()
    audit = BiasAudit(
        title=_("Do customers who said no to AI wait longer?"),
        question=_("Are they answered within the promised time as often, and do they wait as long?"),
        method=found.method,
        kind="live",
        key="waiting",
        window_from=found.first,
        window_to=found.last,
        sample_size=found.size,
        verdict=found.verdict,
        figures=found.figures,
        expires_on=today + timedelta(days=rules.audit_days),
        made_by=member,
    )
    return record(audit, member=member)


def keep_pairs(
    *, system: str, prompt_hash: str, name: str, figures: Mapping[str, Any], member: Membership | None = None
) -> BiasAudit:
    """Store what a run on invented customers measured for one AI: the newest counts for the checks."""
    audit = BiasAudit(
        title=_("Invented customers: %(name)s") % {"name": name},
        question=_("Does the same question get the same answer when only the person changes?"),
        method=str(figures.get("method", "")),
        kind="pairs",
        key="pairs",
        system=system,
        prompt_hash=prompt_hash,
        sample_size=int(figures.get("n", 0)),
        verdict=str(figures.get("verdict", "insufficient")),
        figures=dict(figures),
        is_published=BiasAudit.objects.filter(key="pairs", system=system, is_published=True).exists(),
        expires_on=timezone.localdate() + timedelta(days=_rules().audit_days),
        accountable=member,
    )
    return record(audit, member=member)


def rule() -> Rule:
    """When a difference counts, by the rules in force: below which ratio, and from how many on. One query."""
    rules = _rules()
    return Rule(Fraction(rules.audit_ratio_percent, 100), rules.audit_least_group)


def _rules() -> Clauses:
    policy = gate.policy_in_force()
    return Clauses.from_dict(policy.clauses) if policy else Clauses()


def _require_dates(audit: BiasAudit, before: BiasAudit | None) -> None:
    """A check counts as long as the rules say, what a machine measured never longer; a decision holds for a year."""
    today = timezone.localdate()
    longest = today + timedelta(days=_rules().audit_days)
    if before is not None and before.expires_on and before.kind != "hand":
        longest = before.expires_on
    moved = before is None or audit.expires_on != before.expires_on
    if moved and audit.kind != "hand" and audit.expires_on is None:
        audit.expires_on = longest
    if moved and audit.expires_on and audit.expires_on > longest:
        raise InvalidState(
            _("A check counts until %(day)s at most.") % {"day": date_format(longest)},
            next_step=_("Choose that day or an earlier one; after it, check again."),
        )
    until = audit.decision_until
    if until and (before is None or until != before.decision_until) and until > today + DECISION_HOLDS:
        raise InvalidState(
            _("A decision holds for a year at most."),
            next_step=_("Choose an earlier day; then decide again."),
        )


def _require_reader(member: Membership) -> None:
    """Who changed the rules or approved the version reads its check after a night's sleep, or somebody else does."""
    since = timezone.now() - SLEEP_ON_IT
    changed = EthicsPolicy.objects.filter(
        status=PolicyStatus.PUBLISHED, published_at__gt=since, version__gt=1
    ).filter(author=member)
    approved = SystemVersion.objects.filter(
        state=VersionState.APPROVED, approved_at__gt=since, approved_by=member, proposed_by__isnull=False
    )
    if changed.exists() or approved.exists():
        raise InvalidState(
            _("You changed the setting yourself less than a day ago."),
            next_step=_("Let a colleague say what the result means, or come back tomorrow."),
        )
