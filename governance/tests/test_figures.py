"""The figures of the home: known answers, too few rows say so, and the sentence about speed and trust."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from governance import charts, figures
from governance.figures import Figure
from governance.models import OutcomeFact, PulseAnswer, SurveyAnswer
from governance.tests.factories import make_decision, make_request
from helpdesk.people.tests.factories import make_customer, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
TOLD = {"code": "G18", "outcome": "passed"}
PERSON = {"code": "G16", "outcome": "passed"}


@pytest.fixture
def shop() -> Organization:
    return make_organization()


def facts(event: str, values: list[float], *, days_ago: int = 1, **groups: Any) -> None:
    rows = OutcomeFact.objects.bulk_create(
        OutcomeFact(subject_id=n, event=event, value=value, groups=groups) for n, value in enumerate(values)
    )
    day = timezone.now() - timedelta(days=days_ago)
    OutcomeFact.objects.filter(pk__in=[one.pk for one in rows]).update(created_at=day)


def sheet(shop: Organization) -> dict[str, Figure]:
    return {one.key: one for one in figures.sheet()}


def test_without_rows_each_says_why(shop: Organization) -> None:
    with organization_scope(shop.id):
        found = sheet(shop)
        assert len(found) == 10
        for one in found.values():
            assert one.now.value is None
            assert one.now.because
            assert one.said == ""
            assert one.definition
        assert figures.divergence(list(found.values())) == ""
        assert not figures.comparable(list(found.values()))


def test_known_answers(shop: Organization) -> None:
    with organization_scope(shop.id):
        facts("first_reply", [float(3_600 * n) for n in range(1, 22)])
        facts("opened", [0.0] * 20)
        facts("solved", [0.0] * 15)
        facts("reopened", [0.0] * 3)
        facts("satisfied", [1.0] * 81 + [0.0] * 182)
        for _ in range(12):
            make_decision(action="send", reasons=[TOLD, PERSON])
        make_decision(action="send", reasons=[PERSON])
        found = sheet(shop)
        assert found["first_reply"].now.value == 11 * 3_600
        assert found["first_reply"].said == "11 hours"
        assert found["solved"].now.value == 0.75
        assert found["reopened"].now.value == 0.2
        right = found["satisfied"].now
        assert (right.n, round(right.low or 0, 4), round(right.high or 0, 4)) == (263, 0.2553, 0.3662)
        assert (found["transparency"].now.n, found["person"].now.value) == (13, 1.0)
        assert found["transparency"].said == "92 %"
        assert found["transparency"].interval


def test_those_who_said_no_are_set_against_everybody(shop: Organization) -> None:
    with organization_scope(shop.id):
        facts("first_reply", [7_200.0] * 30)
        facts("first_reply", [14_400.0] * 12, said_no_to_ai=True)
        assert sheet(shop)["fairness"].now.value == 2.0


def test_a_pulse_of_seven_is_not_shown(shop: Organization) -> None:
    day = timezone.localdate()
    name = f"{day.year}-Q{(day.month - 1) // 3 + 1}"
    with organization_scope(shop.id):
        for _ in range(7):
            PulseAnswer.objects.create(round=name, answers={"calm": 4})
        assert sheet(shop)["staff"].now.value is None
        PulseAnswer.objects.create(round=name, answers={"calm": 4, "heard": 2})
        assert sheet(shop)["staff"].now.value == pytest.approx((7 * 4 + 3) / 8)


def test_trust_and_wishes_are_counted(shop: Organization) -> None:
    with organization_scope(shop.id):
        for score in (5, 5, 4, 4, 4, 3, 5, 5, 4, 1):
            SurveyAnswer.objects.create(customer=make_customer(), question="trust", score=score)
        for _ in range(20):
            make_decision(action="send", reasons=[TOLD, PERSON])
        request = make_request()
        type(request).objects.filter(pk=request.pk).update(kind="human_review")
        found = sheet(shop)
        assert found["trust"].now.value == 4.0
        assert found["contested"].now.value == 0.05


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ((20_000.0, 20), (4_000.0, 8), True),  # faster, less trusted
        ((20_000.0, 16), (4_000.0, 20), False),  # faster, more trusted
        ((4_000.0, 20), (20_000.0, 8), False),  # slower, less trusted
        ((4_000.0, 20), (4_000.0, 8), False),  # as quick, less trusted
    ],
)
def test_the_sentence(
    shop: Organization, before: tuple[float, int], now: tuple[float, int], said: bool
) -> None:
    """Seconds to the first answer, and how many of twenty customers found the answer right."""
    with organization_scope(shop.id):
        for days, (seconds, right) in ((40, before), (2, now)):
            facts("first_reply", [seconds] * 20, days_ago=days)
            facts("satisfied", [1.0] * right + [0.0] * (20 - right), days_ago=days)
        found = figures.sheet()
        assert figures.comparable(found)
        assert bool(figures.divergence(found)) is said
        if said:
            assert "became faster" in figures.divergence(found)


def test_another_organization_counts_for_nothing(shop: Organization) -> None:
    with organization_scope(make_organization().id):
        facts("first_reply", [60.0] * 30)
    with organization_scope(shop.id):
        assert sheet(shop)["first_reply"].now.n == 0


def test_bars() -> None:
    day = timezone.localdate()
    assert charts.week([{"day": day, "drafts": 0, "sent": 0, "stops": 0}]) is None
    drawn = charts.week([{"day": day, "drafts": 4, "sent": 2, "stops": 0}])
    assert drawn is not None
    tall, half, none = drawn.bars
    assert (tall.height, half.height, none.height) == (charts.HEIGHT, charts.HEIGHT / 2, 0)
    assert tall.y + tall.height == half.y + half.height == drawn.base
