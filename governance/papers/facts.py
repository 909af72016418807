"""What the papers are made from, read once: rules, registers, stored fields, roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count

from governance import gate
from governance.core.clauses import Clauses
from governance.models import AISystem, BiasAudit, EthicsPolicy, Incident, Risk, Vendor
from helpdesk.people.models import Membership
from helpdesk.privacy.notice import NoticeEntry, entries
from helpdesk.privacy.registry import D, declared_models
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id


@dataclass(frozen=True)
class Period:
    """First and last day of a report."""

    start: date
    end: date


class Facts:
    """One reading of one organization."""

    def __init__(self, period: Period | None = None) -> None:
        self.period = period

    @cached_property
    def organization(self) -> Organization:
        """Whose paper it is."""
        return Organization.objects.get(pk=current_organization_id())

    @cached_property
    def policy(self) -> EthicsPolicy | None:
        """The rules in force."""
        return gate.policy_in_force()

    @property
    def rules(self) -> Clauses:
        """Their clauses, or the defaults where none are in force."""
        return gate.policy_facts(self.policy).clauses if self.policy else Clauses()

    @cached_property
    def held(self) -> list[NoticeEntry]:
        """What is held about customers, by kind."""
        return entries(self.rules.ai_log_days if self.policy else None)

    @cached_property
    def fields(self) -> list[tuple[str, D]]:
        """Every stored field of every table, with its declaration."""
        return [
            (f"{model._meta.label_lower}.{name}", declared)
            for model, names in declared_models().items()
            for name, declared in names.items()
            if name not in {"id", "organization"}
        ]

    @cached_property
    def vendors(self) -> list[Vendor]:
        """AI services of other companies that are in use."""
        return list(Vendor.objects.filter(state="approved").order_by("name"))

    @cached_property
    def systems(self) -> list[AISystem]:
        """AI systems that work, or are about to."""
        return list(AISystem.objects.exclude(stage="retired").order_by("name"))

    @cached_property
    def risks(self) -> list[Risk]:
        """Risks that are not closed, the largest first."""
        rows = Risk.objects.exclude(status="closed")
        return sorted(rows, key=lambda one: (-one.likelihood_after * one.impact_after, one.pk))

    @cached_property
    def audits(self) -> list[BiasAudit]:
        """Checks of fairness, newest first."""
        return list(BiasAudit.objects.order_by("-pk")[:20])

    @cached_property
    def incidents(self) -> list[Incident]:
        """What went wrong, newest first."""
        return list(Incident.objects.order_by("-pk")[:50])

    @cached_property
    def people(self) -> dict[str, int]:
        """How many work here, by role."""
        rows = Membership.objects.filter(is_active=True).order_by().values("role").annotate(n=Count("pk"))
        return {str(one["role"]): int(one["n"]) for one in rows}
