"""The time zones that a form offers."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


@cache
def zones() -> list[tuple[str, str]]:
    """Every time zone with a place in it, and UTC, for a select."""
    named = sorted(one for one in available_timezones() if "/" in one and not one.startswith("Etc/"))
    return [("UTC", "UTC"), *((one, one.replace("_", " ")) for one in named)]
