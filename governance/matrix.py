"""The compliance matrix: each rule of the law with the checks that help with it, and what only the owner can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from governance.demands import Standing, State
from governance.law.pack import REGIMES, Rule, read
from governance.models import LawRule

_WORST = (State.FAILING, State.WAITING, State.LITTLE, State.WORKING)


@dataclass(frozen=True)
class Row:
    """One rule: as the organization has it, the demands that help with it, how the worst of them stands."""

    law: LawRule
    shipped: Rule | None
    helps: tuple[Standing, ...]

    @property
    def worst(self) -> Standing | None:
        """The demand that stands worst."""
        return min(self.helps, key=lambda one: _WORST.index(one.state), default=None)

    @property
    def only_you(self) -> str:
        """What no program can do."""
        return self.shipped.only_you if self.shipped else ""

    @property
    def verify(self) -> bool:
        """Whether its text is to be verified before anybody quotes it."""
        return self.shipped is None or self.shipped.verify

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "rule": self.law.key,
            "title": self.law.title,
            "source": self.law.source,
            "source_date": self.law.source_date and self.law.source_date.isoformat(),
            "state": self.law.state,
            "in_force_on": self.law.in_force_on and self.law.in_force_on.isoformat(),
            "checked_on": self.law.checked_on and self.law.checked_on.isoformat(),
            "verify": self.verify,
            "helps_with": [{"number": one.number, "state": one.state.value} for one in self.helps],
            "only_you": self.only_you,
        }


def matrix(found: list[Standing]) -> list[tuple[str, list[Row]]]:
    """By regime, from demands as they stand. One query."""
    by_number = {one.number: one for one in found}
    shipped = {one.key: one for one in read().rules}
    groups: dict[str, list[Row]] = {regime: [] for regime in REGIMES}
    for law in LawRule.objects.order_by("key"):
        rule = shipped.get(law.key)
        helps = tuple(by_number[number] for number in (rule.demands if rule else ()) if number in by_number)
        groups.setdefault(law.regime, []).append(Row(law, rule, helps))
    order = {key: place for place, key in enumerate(shipped)}
    return [
        (REGIMES.get(regime, regime), sorted(rows, key=lambda row: order.get(row.law.key, len(order))))
        for regime, rows in groups.items()
        if rows
    ]
