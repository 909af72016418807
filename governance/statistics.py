"""The arithmetic of fairness checks: exact fractions, intervals, tests, and the one rule that gives the verdict.

Definitions and known answers: `docs/governance.md`, tests in `governance/tests/test_statistics.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from scipy import stats

#: z of a 95 % interval, two-sided.
Z95 = 1.959963984540054
#: Below this share of the best group's rate a difference counts (four fifths); the rules set it in percent.
FOUR_FIFTHS = Fraction(4, 5)
#: Rates inside these bounds of each other are alike.
ALIKE = (Fraction(4, 5), Fraction(5, 4))
ALPHA = 0.05
#: A verdict needs at least this chance to see a ratio of 0.7 if it is there.
POWER = 0.80
SEEN_RATIO = 0.70


@dataclass(frozen=True, slots=True)
class Cell:
    """One group: `k` of `n` with the outcome that is good for them."""

    name: str
    k: int
    n: int

    @property
    def rate(self) -> Fraction:
        """k of n, exact. Raises ZeroDivisionError for an empty group."""
        return Fraction(self.k, self.n)


@dataclass(frozen=True, slots=True)
class Compared:
    """One group beside the best one: ratio exact, interval of the ratio, p after Holm."""

    cell: Cell
    ratio: Fraction
    low: float
    high: float
    p: float


def wilson(k: int, n: int, z: float = Z95) -> tuple[float, float]:
    """The interval of a rate (Wilson). (0, 1) where nothing was counted."""
    if n == 0:
        return 0.0, 1.0
    share, width = k / n, z * z / n
    middle = share + width / 2
    spread = z * sqrt(share * (1 - share) / n + width / (4 * n))
    low, high = (middle - spread) / (1 + width), (middle + spread) / (1 + width)
    return (0.0 if k == 0 else max(0.0, low)), (1.0 if k == n else min(1.0, high))


def newcombe(first: Cell, second: Cell, z: float = Z95) -> tuple[float, float]:
    """The interval of the difference of two rates (Newcombe's hybrid score)."""
    a, b = first.k / first.n, second.k / second.n
    low_a, high_a = wilson(first.k, first.n, z)
    low_b, high_b = wilson(second.k, second.n, z)
    down = sqrt((a - low_a) ** 2 + (high_b - b) ** 2)
    up = sqrt((high_a - a) ** 2 + (b - low_b) ** 2)
    return a - b - down, a - b + up


def ratio_interval(first: Cell, second: Cell, z: float = Z95) -> tuple[float, float]:
    """The interval of first's rate over second's, on the log scale, with half a case added where one is empty."""
    half = 0.5 if 0 in {first.k, second.k} else 0.0
    a, b = first.k + half, second.k + half
    n, m = first.n + half, second.n + half
    spread = z * sqrt(max(0.0, 1 / a - 1 / n + 1 / b - 1 / m))
    middle = (a / n) / (b / m)
    return middle * 2.718281828459045 ** (-spread), middle * 2.718281828459045**spread


def two_rates(first: Cell, second: Cell) -> tuple[float, float]:
    """z and p of two rates, pooled. (0, 1) where both are all or nothing."""
    pooled = (first.k + second.k) / (first.n + second.n)
    spread = sqrt(pooled * (1 - pooled) * (1 / first.n + 1 / second.n))
    if spread == 0:
        return 0.0, 1.0
    z = (first.k / first.n - second.k / second.n) / spread
    return z, float(2 * stats.norm.sf(abs(z)))


def fisher(first: Cell, second: Cell) -> float:
    """The exact p of two rates."""
    table = [[first.k, first.n - first.k], [second.k, second.n - second.k]]
    return float(stats.fisher_exact(table).pvalue)


def p_value(first: Cell, second: Cell) -> float:
    """Fisher's where a field of the table would be expected below 5, else that of two rates."""
    total, good = first.n + second.n, first.k + second.k
    expected = [n * k / total for n in (first.n, second.n) for k in (good, total - good)]
    return fisher(first, second) if min(expected) < 5 else two_rates(first, second)[1]


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact p of a paired yes or no: of the pairs that differ, how many went each way."""
    differ = only_first + only_second
    if differ == 0:
        return 1.0
    return float(stats.binomtest(only_first, differ, 0.5).pvalue)


def permuted(differences: Sequence[float], *, rounds: int = 2_000, seed: int = 20261124) -> float:
    """The p of a paired difference whose sign is turned at random; the same number at every run."""
    import numpy as np

    values = np.asarray(differences, dtype=float)
    if not len(values) or not values.any():
        return 1.0
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(rounds, len(values)))
    seen = abs(values.mean())
    extreme = int((np.abs((signs * values).mean(axis=1)) >= seen - 1e-12).sum())
    return (extreme + 1) / (rounds + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """The same p values after Holm's step-down, in the same order."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    adjusted, so_far = [0.0] * len(p_values), 0.0
    for rank, at in enumerate(order):
        so_far = max(so_far, min(1.0, (len(p_values) - rank) * p_values[at]))
        adjusted[at] = so_far
    return adjusted


def impact_ratios(cells: Sequence[Cell]) -> dict[str, Fraction]:
    """Each group's rate over that of the best group, exact. Groups without cases are left out; all zero: all 1."""
    counted = [one for one in cells if one.n]
    best = max((one.rate for one in counted), default=Fraction(0))
    return {one.name: one.rate / best if best else Fraction(1) for one in counted}


def compare(cells: Sequence[Cell]) -> list[Compared]:
    """Each group beside the best one, with intervals and Holm's p."""
    counted = [one for one in cells if one.n]
    if not counted:
        return []
    best = max(counted, key=lambda one: (one.rate, one.n))
    others = [one for one in counted if one is not best]
    adjusted = holm([p_value(one, best) for one in others])
    ratios = impact_ratios(counted)
    return [
        Compared(one, ratios[one.name], *ratio_interval(one, best), p)
        for one, p in zip(others, adjusted, strict=True)
    ]


def needed(rate: float, *, ratio: float = SEEN_RATIO, share: float = 0.5) -> int:
    """Cases of both groups together that see such a ratio with a chance of 80 %; `share`: that of the smaller one."""
    if not 0 < rate < 1 or not 0 < share < 1:
        return 10_000
    low = rate * ratio
    pooled = share * low + (1 - share) * rate
    z_a, z_b = float(stats.norm.isf(ALPHA / 2)), float(stats.norm.isf(1 - POWER))
    spread = z_a * sqrt(pooled * (1 - pooled) * (1 / share + 1 / (1 - share))) + z_b * sqrt(
        low * (1 - low) / share + rate * (1 - rate) / (1 - share)
    )
    return int((spread / (rate - low)) ** 2) + 1


@dataclass(frozen=True, slots=True)
class Rule:
    """When a difference counts: below this ratio, in groups of this size."""

    ratio: Fraction = FOUR_FIFTHS
    least: int = 30


def verdict(cells: Sequence[Cell], rule: Rule = Rule()) -> str:
    """pass, fail, watch or insufficient (governance.md 4.2). `insufficient` is never shown green.

    fail: below the ratio, beyond chance (Holm), groups large enough. pass: each interval of the ratio lies between
    four fifths and five quarters. watch: below the ratio, perhaps by chance. Else there are too few cases to tell.
    """
    large = [one for one in cells if one.n >= rule.least]
    found = compare(large)
    if any(one.ratio < rule.ratio and one.p < ALPHA for one in found):
        return "fail"
    if len(large) < 2:
        return "insufficient"
    if all(float(ALIKE[0]) <= one.low and one.high <= float(ALIKE[1]) for one in found):
        return "pass"
    if not _enough(large):
        return "insufficient"
    return "watch" if any(one.ratio < rule.ratio for one in found) else "pass"


def _enough(cells: Sequence[Cell]) -> bool:
    """Whether a ratio of 0.7 would have been seen."""
    total = sum(one.n for one in cells)
    rate = max(float(one.rate) for one in cells)
    if rate in {0.0, 1.0}:
        return total >= needed(0.95, share=min(one.n for one in cells) / total)
    return total >= needed(rate, share=min(one.n for one in cells) / total)


def plain(cells: Sequence[Cell]) -> list[Mapping[str, object]]:
    """Every group with n, rate, interval, ratio and p, as an audit keeps it."""
    found = {one.cell.name: one for one in compare(cells)}
    ratios = impact_ratios(cells)
    rows: list[Mapping[str, object]] = []
    for one in cells:
        low, high = wilson(one.k, one.n)
        other = found.get(one.name)
        rows.append(
            {
                "group": one.name,
                "n": one.n,
                "k": one.k,
                "rate": round(one.k / one.n, 4) if one.n else None,
                "interval": [round(low, 4), round(high, 4)],
                "ratio": str(ratios[one.name]) if one.name in ratios else None,
                "p": round(other.p, 5) if other else None,
            }
        )
    return rows
