"""AI systems with their versions, for the pages that show their cards."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from governance.models import AISystem, BiasAudit, SystemVersion, VersionState


def cards(rows: QuerySet[AISystem] | None = None) -> QuerySet[AISystem]:
    """Every card, with `has_approved`: whether one of its versions may be called. One query."""
    approved = SystemVersion.objects.filter(system=OuterRef("pk"), state=VersionState.APPROVED)
    return (AISystem.objects.all() if rows is None else rows).annotate(has_approved=Exists(approved))


def pairs(system: AISystem) -> dict[str, dict[str, Any]]:
    """The figures of the newest check on invented customers, for each model. One query."""
    rows = BiasAudit.objects.filter(key="pairs", system__startswith=f"{system.provider}/").order_by("pk")
    return {one.system.partition("/")[2]: one.figures for one in rows.only("system", "figures")}


def versions(system: AISystem) -> list[SystemVersion]:
    """Its versions, newest first. One query."""
    found: Any = SystemVersion.objects.filter(system=system)
    return list(found.select_related("approved_by__user", "proposed_by__user").order_by("-pk"))
