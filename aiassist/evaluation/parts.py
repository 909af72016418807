"""The parts of our own sets: two thirds for tuning, a third kept from it."""

from __future__ import annotations

PARTS = ("tuning", "kept")


def part_of(*, kept: bool) -> str:
    """The part's name."""
    return "kept" if kept else "tuning"
