"""Which rules of a new version protect less than before: such a change is never a small one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.clauses import Autonomy, Basis, Sorting

if TYPE_CHECKING:
    from collections.abc import Callable

    from governance.core.clauses import Clauses

_FOREVER = 10**9


def loosened(before: Clauses, after: Clauses) -> tuple[str, ...]:
    """Names of the rules that take protection away; empty where none does."""
    return tuple(name for name, is_looser in _CHECKS.items() if is_looser(before, after))


def _fewer(name: str) -> Callable[[Clauses, Clauses], bool]:
    return lambda before, after: bool(set(getattr(before, name)) - set(getattr(after, name)))


def _more(name: str) -> Callable[[Clauses, Clauses], bool]:
    return lambda before, after: bool(set(getattr(after, name)) - set(getattr(before, name)))


def _higher(name: str) -> Callable[[Clauses, Clauses], bool]:
    return lambda before, after: getattr(after, name) > getattr(before, name)


def _basis(before: Clauses, after: Clauses) -> bool:
    return before.basis is Basis.ASK_FIRST and after.basis is not Basis.ASK_FIRST


def _autonomy(before: Clauses, after: Clauses) -> bool:
    return before.autonomy is Autonomy.ON_DEMAND and after.autonomy is not Autonomy.ON_DEMAND


def _sorting(before: Clauses, after: Clauses) -> bool:
    return _SORTED.index(after.sorting) > _SORTED.index(before.sorting)


_SORTED = tuple(Sorting)  # from nothing to most


def _purposes(before: Clauses, after: Clauses) -> bool:
    return any(
        set(names) - set(before.purpose_fields.get(one, ())) for one, names in after.purpose_fields.items()
    )


def _retention(before: Clauses, after: Clauses) -> bool:
    return (after.retention_days or _FOREVER) > (before.retention_days or _FOREVER)


def _acknowledgement(before: Clauses, after: Clauses) -> bool:
    """The first mail tells the customer, and carries the link to say no."""
    return before.acknowledgement and not after.acknowledgement


def _ratio(before: Clauses, after: Clauses) -> bool:
    return after.audit_ratio_percent < before.audit_ratio_percent


_CHECKS: dict[str, Callable[[Clauses, Clauses], bool]] = {
    "basis": _basis,
    "autonomy": _autonomy,
    "sorting": _sorting,
    "human_only_topics": _fewer("human_only_topics"),
    "second_look_topics": _fewer("second_look_topics"),
    "on_demand_topics": _fewer("on_demand_topics"),
    "training_courses": _fewer("training_courses"),
    "ai_fields": _more("ai_fields"),
    "warn_only": _more("warn_only"),
    "overridable": _more("overridable"),
    "regions": _more("regions"),
    "purpose_fields": _purposes,
    "retention_days": _retention,
    "acknowledgement": _acknowledgement,
    "round_days": lambda before, after: after.round_days < before.round_days,
    "audit_ratio_percent": _ratio,
    **{
        name: _higher(name)
        for name in (
            "ai_log_days",
            "risk_appetite",
            "person_wish_percent",
            "audit_days",
            "audit_least_group",
            "review_days",
            "review_grace_days",
            "training_grace_days",
            "reading_grace_days",
            "upsell",
            "self_service",
            "survey_by_mail",
        )
    },
}
