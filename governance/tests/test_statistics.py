"""Known answers: what others published, to the digits they printed (governance.md 4.3), and properties of the rule."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import statistics
from governance.statistics import Cell, Rule

KA11 = [Cell("a", 60, 100), Cell("b", 45, 100), Cell("c", 48, 100), Cell("d", 51, 100)]


def test_ka11_four_fifths_exactly_is_not_below() -> None:
    ratios = statistics.impact_ratios(KA11)
    assert ratios == {"a": 1, "b": Fraction(3, 4), "c": Fraction(4, 5), "d": Fraction(17, 20)}
    assert [name for name, one in ratios.items() if one < statistics.FOUR_FIFTHS] == ["b"]


def test_ka11_the_hiring_example() -> None:
    men, women = Cell("m", 48, 80), Cell("w", 12, 40)
    assert statistics.impact_ratios([men, women])["w"] == Fraction(1, 2)
    z, p = statistics.two_rates(women, men)
    assert round(z, 3) == -3.098
    assert round(p, 5) == 0.00195
    assert round(statistics.fisher(women, men), 5) == 0.00341


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # The counts of the Broward County study, one group each: selected and wrongly flagged.
        (2174, 3696, 0.572253, 0.603971),
        (854, 2454, 0.329408, 0.367074),
        (805, 1795, 0.425595, 0.471561),
        (349, 1488, 0.213715, 0.256738),
    ],
)
def test_ka12_wilson(k: int, n: int, low: float, high: float) -> None:
    found = statistics.wilson(k, n)
    digits = 6 if n > 1000 else 4
    assert (round(found[0], digits), round(found[1], digits)) == (low, high)


def test_ka12_newcombe() -> None:
    low, high = statistics.newcombe(Cell("a", 56, 70), Cell("b", 48, 80))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_ka3_two_groups_of_the_published_study() -> None:
    first, second = Cell("African-American", 2174, 3696), Cell("Caucasian", 854, 2454)
    low, high = statistics.newcombe(first, second)
    assert (round(low, 6), round(high, 6)) == (0.215339, 0.26458)
    assert round(statistics.two_rates(first, second)[0], 3) == 18.451
    assert round(float(statistics.impact_ratios([first, second])["Caucasian"]), 6) == 0.591638


def test_nobody_counts_floats() -> None:
    """4 of 12 beside 5 of 12 is exactly four fifths; as floats it is not."""
    for n in range(10, 200):
        for k in range(5, n + 1, 5):
            ratios = statistics.impact_ratios([Cell("best", k, n), Cell("other", k * 4 // 5, n)])
            assert ratios["other"] == Fraction(4, 5)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([Cell("a", 300, 500), Cell("b", 150, 500)], "fail"),
        ([Cell("a", 4500, 5000), Cell("b", 4480, 5000)], "pass"),
        ([Cell("a", 18, 30), Cell("b", 14, 30)], "insufficient"),
        ([Cell("a", 18, 20), Cell("b", 1, 20)], "insufficient"),
        ([Cell("a", 500, 1000)], "insufficient"),
        ([], "insufficient"),
        ([Cell("a", 0, 0), Cell("b", 0, 0)], "insufficient"),
        ([Cell("a", 500, 500), Cell("b", 500, 500)], "pass"),
    ],
)
def test_the_rule(cells: list[Cell], said: str) -> None:
    assert statistics.verdict(cells) == said


def test_too_few_is_never_a_pass_whatever_they_look_like() -> None:
    for n in range(2, 30):
        assert statistics.verdict([Cell("a", n, n), Cell("b", n, n)]) == "insufficient"


def test_a_difference_that_may_be_chance_is_watched() -> None:
    # Four fifths is broken between large groups, and Holm over the five of them calls none of it certain.
    cells = [Cell("best", 20, 120), *(Cell(str(n), 13, 120) for n in range(5))]
    assert statistics.impact_ratios(cells)["0"] < statistics.FOUR_FIFTHS
    assert statistics.verdict(cells, Rule(least=30)) in {"watch", "insufficient"}


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 400)), min_size=2, max_size=6), st.randoms())
def test_order_and_names_change_nothing(rows: list[tuple[int, int]], dice: random.Random) -> None:
    cells = [Cell(str(at), min(k, n), n) for at, (k, n) in enumerate(rows)]
    mixed = [Cell(f"x{one.name}", one.k, one.n) for one in cells]
    dice.shuffle(mixed)
    assert statistics.verdict(cells) == statistics.verdict(mixed)


@given(st.integers(0, 200), st.integers(1, 200))
def test_twice_the_cases_narrow_the_interval(k: int, n: int) -> None:
    k = min(k, n)
    once, twice = statistics.wilson(k, n), statistics.wilson(2 * k, 2 * n)
    assert twice[1] - twice[0] <= once[1] - once[0] + 1e-12
    assert once[0] <= k / n <= once[1]


def test_no_difference_is_seldom_called_one() -> None:
    """5,000 shops where nobody is treated differently: at most 8 of 100 are told otherwise (measured: below 4)."""
    import numpy as np

    dice = np.random.default_rng(7)
    for n in (100, 500):
        draws = dice.binomial(n, 0.5, size=(1_000, 2))
        false = sum(
            statistics.verdict([Cell("a", int(a), n), Cell("b", int(b), n)]) == "fail" for a, b in draws
        )
        assert false / len(draws) <= 0.08


def test_a_planted_difference_is_found() -> None:
    import numpy as np

    dice = np.random.default_rng(8)
    draws = zip(dice.binomial(800, 0.5, size=500), dice.binomial(200, 0.3, size=500), strict=True)
    found = [statistics.verdict([Cell("a", int(a), 800), Cell("b", int(b), 200)]) == "fail" for a, b in draws]
    assert sum(found) / len(found) >= 0.95


def test_paired_tests() -> None:
    assert statistics.mcnemar(0, 0) == 1.0
    assert round(statistics.mcnemar(0, 6), 5) == 0.03125
    assert statistics.permuted([0.0] * 20) == 1.0
    assert statistics.permuted([1.0] * 20) < 0.01
    assert statistics.permuted([1.0, -1.0] * 10) > 0.5
    assert statistics.permuted([0.3, 0.1, 0.2]) == statistics.permuted([0.3, 0.1, 0.2])


def test_holm_keeps_the_order_and_never_shrinks() -> None:
    assert statistics.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert statistics.holm([]) == []
