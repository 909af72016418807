"""What our AI gets wrong counts what people threw away, and what our own check found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from aiassist.models import Draft
from aiassist.tests.factories import make_draft
from governance.core.starter import starter
from governance.models import BiasAudit
from governance.selectors.known_failures import known_failures
from governance.services import policies
from helpdesk.people.models import Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


def test_a_fresh_shop_says_what_goes_wrong_too() -> None:
    with organization_scope(make_organization().id):
        assert any(one.general for one in known_failures())
        policies.adopt_starter(starter=starter(), member=make_member(Role.OWNER))
        said = [one.text for one in known_failures()]
    assert any(one.startswith("In 288 tries with invented customers") for one in said)
    assert any("It may pick a passage that is near the question" in one for one in said)


def test_rejected_and_changed_drafts_are_counted_and_old_ones_are_not() -> None:
    with organization_scope(make_organization().id):
        drafts = [make_draft() for _ in range(4)]
        for draft, state, days in zip(
            drafts, ("rejected", "rejected", "edited", "rejected"), (1, 2, 3, 100), strict=True
        ):
            Draft.objects.filter(pk=draft.pk).update(
                state=state, decided_at=timezone.now() - timedelta(days=days)
            )
        BiasAudit.objects.all().delete()
        said = [one.text for one in known_failures() if one.times]
    assert said == [
        "2 drafts in 90 days were thrown away by a person.",
        "1 draft in 90 days had to be changed by a person.",
    ]
