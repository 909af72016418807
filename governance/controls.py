"""What keeps each shipped risk small, looked up where it is enforced: the rest counts only while it holds."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone

from governance import gate
from governance.core.clauses import Clauses
from governance.core.gates import GATES
from governance.models import BiasAudit, Risk, Vendor
from governance.services import registers

_GUARDS = """
SELECT count(*) FILTER (WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity)) = 0
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE a.attname = 'organization_id' AND NOT a.attisdropped AND c.relkind = 'r'
    AND c.relname ~ '^(governance|tickets|aiassist)_'
"""
_TRIGGER = """
SELECT EXISTS (SELECT FROM pg_trigger
    WHERE tgrelid = 'tickets_message'::regclass AND NOT tgisinternal AND tgenabled <> 'D')
"""


def run() -> dict[str, bool]:
    """Ask every control and note the answer on its risks; a change is kept in their history. Returns the answers."""
    policy = gate.policy_in_force()
    rules = Clauses.from_dict(policy.clauses) if policy else Clauses()
    answers = {name: bool(holds(rules)) for name, holds in CONTROLS.items()}
    with transaction.atomic():
        for risk in Risk.objects.select_for_update(of=("self",)).filter(control__in=answers):
            _tell(risk, holds=answers[risk.control])
    return answers


def _tell(risk: Risk, *, holds: bool) -> None:
    if risk.control_ok is holds:
        Risk.objects.filter(pk=risk.pk).update(control_checked_at=timezone.now())
        return
    changes = {"control_ok": holds, "control_checked_at": timezone.now()}
    if not holds:
        changes["reopened_at"] = timezone.now()
        changes["reopened_because"] = risk.control
    registers.change(row=risk, member=None, **changes)


def _asked(code: str) -> Callable[[Clauses], bool]:
    """The check is there, and the rules do not let it only warn."""
    return lambda rules: any(one.code == code for one in GATES) and code not in rules.warn_only


def _sql(query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return bool(cursor.fetchone()[0])


def _fair(_rules: Clauses) -> bool:
    newest = BiasAudit.objects.filter(kind="pairs").order_by("-pk").first()
    return (
        newest is not None
        and newest.verdict == "pass"
        and (newest.expires_on or timezone.localdate()) >= timezone.localdate()
    )


def _services(rules: Clauses) -> bool:
    """Every approved service still holds, and works where the rules allow."""
    today = timezone.localdate()
    approved = Vendor.objects.filter(state="approved")
    return all(one.expires_on and one.expires_on >= today and one.region in rules.regions for one in approved)


def _limited(rules: Clauses) -> bool:
    return rules.budget.monthly_micro is not None and rules.budget.monthly_drafts is not None


CONTROLS: dict[str, Callable[[Clauses], bool]] = {
    "approval": lambda _rules: _sql(_TRIGGER),
    "isolation": lambda _rules: _sql(_GUARDS),
    "grounding": _asked("G15"),
    "provenance": _asked("G22"),
    "disclosure": _asked("G18"),
    "pressure": _asked("G21"),
    "stop": _asked("G13"),
    "human_topics": lambda rules: bool(rules.human_only_topics) and "G08" not in rules.warn_only,
    "fairness": _fair,
    "services": _services,
    "budget": _limited,
}
