"""Findings: decided by a person, mended, tested again, and closed only when that is on record."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import BiasAudit, Finding
from governance.services import registers
from helpdesk.errors import InvalidState
from helpdesk.people.models import Membership

#: Found by asking people: mended means that something changed, and that they can read what.
OF_PEOPLE = frozenset({"survey", "trust", "pulse", "concern"})


def keep(*, finding: Finding, member: Membership) -> Finding:
    """Store a finding as its form checked it. Its decision becomes the decision of the check that found it.

    Raises NotAllowed, InvalidState (closed without a decision, a reading of the check, a new check that is better, or
    the change that people asked for).
    """
    with transaction.atomic():
        before = Finding.objects.filter(pk=finding.pk).first() if finding.pk else None
        decided = finding.decision and (before is None or before.decision != finding.decision)
        if decided:
            finding.decided_by, finding.decided_at = member, timezone.now()
            if finding.state == "open":
                finding.state = "decided"
        if finding.state == "closed":
            _require_closable(finding)
            finding.closed_by, finding.closed_at = (
                finding.closed_by or member,
                finding.closed_at or timezone.now(),
            )
        registers.save_row(row=finding, member=member)
        if decided and finding.audit is not None:
            _tell_check(finding, finding.audit, member)
    return finding


def _tell_check(finding: Finding, audit: BiasAudit, member: Membership) -> None:
    longest = timezone.localdate() + registers.TOO_FEW_FOR
    registers.change(
        row=audit,
        member=member,
        decision=finding.decision,
        decision_text=finding.decision_text,
        decided_by=member,
        decided_at=finding.decided_at,
        decision_until=min(finding.retest_due or longest, longest),
    )


def _require_closable(finding: Finding) -> None:
    if not finding.decision:
        raise InvalidState(_("Nobody decided yet."), next_step=_("Choose what follows, and say why."))
    if finding.decision == "mend" and finding.source in OF_PEOPLE and finding.change is None:
        raise InvalidState(
            _("It is not said what was changed."),
            next_step=_("Write it under “You said, we changed”, then choose it here."),
        )
    audit = finding.audit
    if audit is None:
        return
    if not audit.interpretation.strip():
        raise InvalidState(
            _("Nobody has said what the check means."),
            next_step=_("Open the check and write it down in your words."),
        )
    if finding.decision == "mend" and not _better(audit):
        raise InvalidState(
            _("It was not checked again since, or it came out no better."),
            next_step=_("Run the check again."),
        )


def _better(audit: BiasAudit) -> bool:
    """Whether the same question was asked again later and did not fail."""
    later = BiasAudit.objects.filter(key=audit.key, system=audit.system, pk__gt=audit.pk)
    newest = later.order_by("-pk").first() if audit.key else None
    return newest is not None and newest.verdict in {"pass", "insufficient"}
