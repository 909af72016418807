"""Opening hours as arithmetic: summer time both ways, holidays on the edge, day and night, and what holds for any week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.hours import ALWAYS, FARTHEST, Hours, add_open, is_open, moment_of, next_opening, open_seconds
from tickets.public_holidays import is_holiday, regions

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = ((((540, 1020),),) * 5) + ((), ())
HOUR = 3600


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def test_a_target_goes_on_the_next_morning_and_over_the_weekend() -> None:
    hours = Hours(BERLIN, OFFICE)
    assert add_open(hours, at("2026-11-24 15:00"), 4 * HOUR) == at("2026-11-25 11:00")
    assert add_open(hours, at("2026-11-27 16:30"), 1 * HOUR) == at("2026-11-30 09:30")
    assert add_open(hours, at("2026-11-28 12:00"), 4 * HOUR) == at("2026-11-30 13:00")
    assert next_opening(hours, at("2026-11-28 12:00")) == at("2026-11-30 09:00")
    assert next_opening(hours, at("2026-11-24 12:00")) is None
    assert is_open(hours, at("2026-11-24 09:00"))
    assert not is_open(hours, at("2026-11-24 17:00"))


def test_a_target_used_up_at_closing_time_ends_there_whatever_tomorrow_is() -> None:
    shut = date(2026, 11, 25)
    hours = Hours(BERLIN, OFFICE, lambda day: day == shut)
    assert add_open(hours, at("2026-11-24 13:00"), 4 * HOUR) == at("2026-11-24 17:00")
    assert add_open(hours, at("2026-11-24 13:00"), 4 * HOUR + 1) == at("2026-11-26 09:00:01")


def test_the_night_that_loses_an_hour_is_an_hour_shorter() -> None:
    always, night = Hours(BERLIN), Hours(BERLIN, (((60, 240),),) * 7)
    assert add_open(always, at("2026-03-28 12:00"), 24 * HOUR) == at("2026-03-29 13:00")
    assert open_seconds(night, at("2026-03-29 00:00"), at("2026-03-29 12:00")) == 2 * HOUR
    assert add_open(Hours(BERLIN, OFFICE), at("2026-03-27 16:00"), 2 * HOUR) == at("2026-03-30 10:00")
    swallowed = Hours(BERLIN, (((125, 170),),) * 7)  # 2:05 to 2:50 never comes that night
    assert open_seconds(swallowed, at("2026-03-29 00:00"), at("2026-03-30 00:00")) == 0


def test_the_night_that_has_an_hour_twice_is_an_hour_longer() -> None:
    always, night = Hours(BERLIN), Hours(BERLIN, (((60, 240),),) * 7)
    assert add_open(always, at("2026-10-24 12:00"), 24 * HOUR) == at("2026-10-25 11:00")
    assert open_seconds(night, at("2026-10-25 00:00"), at("2026-10-25 12:00")) == 4 * HOUR
    halves = Hours(BERLIN, (((60, 150), (150, 240)),) * 7)  # touching at 2:30, which comes twice
    assert open_seconds(halves, at("2026-10-25 00:00"), at("2026-10-25 12:00")) == 4 * HOUR


def test_a_shop_that_never_opens_promises_nothing() -> None:
    never = Hours(BERLIN, ((),) * 7)
    assert add_open(never, at("2026-11-24 12:00"), 60) is None
    assert next_opening(never, at("2026-11-24 12:00")) is None
    assert not is_open(never, at("2026-11-24 12:00"))


def test_closed_day_after_day_and_night() -> None:
    hours = Hours(BERLIN, ALWAYS, lambda day: day == date(2026, 12, 25))
    assert add_open(hours, at("2026-12-24 23:00"), 2 * HOUR) == at("2026-12-26 01:00")


@pytest.mark.parametrize(
    ("country", "region", "day", "expected"),
    [
        ("DE", "", date(2026, 12, 25), True),
        ("DE", "BY", date(2026, 1, 6), True),
        ("DE", "BE", date(2026, 1, 6), False),
        ("FR", "", date(2026, 7, 14), True),
        ("", "", date(2026, 12, 25), False),
        ("XX", "", date(2026, 12, 25), False),
        ("DE", "nowhere", date(2026, 12, 25), True),
    ],
)
def test_public_holidays(country: str, region: str, day: date, expected: bool) -> None:
    assert is_holiday(country, region, day) is expected


def test_regions_are_known_for_countries_that_we_offer() -> None:
    assert "BY" in regions("DE")
    assert regions("XX") == ()


ZONES = st.sampled_from(
    [
        ZoneInfo(one)
        for one in ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
    ]
)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)


@st.composite
def days(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    return tuple(pairs)


WEEKS = st.tuples(*[days()] * 7)


@given(ZONES, WEEKS, MOMENTS, st.integers(0, 60 * HOUR))
def test_what_is_added_is_what_was_open(
    zone: ZoneInfo, week: tuple[tuple[tuple[int, int], ...], ...], start: datetime, seconds: int
) -> None:
    hours = Hours(zone, week)
    end = add_open(hours, start, seconds)
    if end is None:
        assert open_seconds(hours, start, start + FARTHEST) < seconds or not any(week)
        return
    assert end >= start
    assert open_seconds(hours, start, end) == seconds
    later = add_open(hours, start + timedelta(hours=1), seconds)
    assert later is None or later >= end, "who asks later is never due earlier"


@given(ZONES, WEEKS, MOMENTS)
def test_spans_are_in_order_and_never_overlap(
    zone: ZoneInfo, week: tuple[tuple[tuple[int, int], ...], ...], start: datetime
) -> None:
    hours, last = Hours(zone, week), None
    for step in range(9):
        for opens, closes in hours.spans(start.date() + timedelta(days=step)):
            assert opens < closes
            assert last is None or last <= opens
            last = closes


@given(ZONES, st.dates(date(2025, 1, 1), date(2028, 1, 1)), st.integers(0, 1440), st.integers(0, 1440))
def test_moments_never_go_back_while_minutes_go_on(zone: ZoneInfo, day: date, one: int, other: int) -> None:
    earlier, later = sorted((one, other))
    assert moment_of(day, earlier, zone) <= moment_of(day, later, zone)
