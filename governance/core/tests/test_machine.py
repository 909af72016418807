"""Random events: no AI message leaves without what the checks demand, and no customer's message is lost by them.

A million of them: `python -m pytest -m slow -s governance/core/tests/test_machine.py`.
"""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random

import pytest

from governance.core.facts import Facts, GateRequest
from governance.core.gates import GATES, Gate
from governance.core.tests import machine
from governance.core.tests.machine import LawBrokenError, Shop
from governance.core.verdict import Verdict


def play(events: int, seed: int = 1) -> Shop:
    shop = Shop(Random(seed))
    for _ in range(events):
        shop.step()
    shop.close()
    return shop


@pytest.mark.parametrize("events", [20_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_random_events(events: int) -> None:
    started = time.process_time()
    shop = play(events)
    print(events, "events", f"{time.process_time() - started:.0f} s", dict(shop.seen))  # noqa: T201 - shown with -s
    assert shop.written == shop.answered
    for what in ("sent with AI", "sent by a person alone", "denied", "allowed"):
        assert shop.seen[what] > events // 200, what


class Blind(Gate):
    """A check that looks at nothing."""

    def __init__(self, blinded: Gate) -> None:
        self.code, self.title, self.asked_at = blinded.code, blinded.title, blinded.asked_at  # type: ignore[misc]
        self.hard = blinded.hard  # type: ignore[misc]

    def judge(self, request: GateRequest, facts: Facts) -> Verdict:
        return self.passed("Fine.")


@pytest.mark.parametrize("code", ["G01", "G06", "G07", "G08", "G13", "G15", "G16", "G18", "G20", "G21"])
def test_the_oracle_notices_a_blind_check(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checker is checked: each promise of the oracle is broken as soon as its check looks away."""
    blinded = tuple(Blind(one) if one.code == code else one for one in GATES)
    monkeypatch.setattr(machine, "GATES", blinded)
    with pytest.raises(LawBrokenError):
        for seed in range(20):
            play(3_000, seed)


def test_two_shops_with_one_seed_live_the_same_life() -> None:
    assert play(2_000).seen == play(2_000).seen
    assert replace(play(10).facts, now=None).policy is not None
