"""What the product looks at by itself runs when it is due, and not twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance import quarters
from governance.models import LawRule, MetricEntry, SelfCheck
from governance.self_check_tasks import look
from governance.services import self_checks
from helpdesk.people.tests.factories import make_organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


def test_what_is_due_runs_once() -> None:
    shop = make_organization()
    assert look(organization_id=str(shop.id)) == ["law", "security_audit", "quarter", "papers", "demands"]
    assert look(organization_id=str(shop.id)) == []
    with organization_scope(shop.id):
        assert LawRule.objects.exists()
        row, counted = self_checks.newest()
        assert row is not None
        assert sum(counted.values()) == 63
        SelfCheck.objects.filter(kind="security_audit").update(created_at=timezone.now() - timedelta(days=7))
        SelfCheck.objects.filter(kind="demands").update(created_at=timezone.now() - timedelta(days=1))
    assert look(organization_id=str(shop.id)) == ["security_audit", "demands"]


def test_a_quarter_without_data_says_why() -> None:
    shop = make_organization()
    today = timezone.localdate()
    with organization_scope(shop.id):
        assert len(quarters.missing_of_quarter(today)) == 4
        assert quarters.store_quarter(today) == 4
        assert quarters.missing_of_quarter(today) == []
        assert all(one.not_measured_because for one in MetricEntry.objects.all())
        start, end = quarters.last_quarter(today)
        assert start.day == 1
        assert (end + timedelta(days=1)).month in (1, 4, 7, 10)
