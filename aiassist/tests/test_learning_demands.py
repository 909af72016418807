"""What learning adds to the demands: broken on purpose, and it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from aiassist.models import TopicProposal
from aiassist.services import prompting
from aiassist.tests.factories_learning import make_golden_run, make_lesson, make_topic_proposal
from governance import demands
from governance.models import ConsentState
from governance.services import consents
from helpdesk.people.tests.factories import make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Organization:
    return make_organization()


def test_a_test_question_that_is_answered_worse_shows_until_it_is_not(shop: Organization) -> None:
    with organization_scope(shop.id):
        assert "test question" not in demands.standing_of(43).said
        make_golden_run(prompt_hash=prompting.in_use(), worse=["passed"])
        assert "1 AI does worse than before" in demands.standing_of(43).said
        make_golden_run(prompt_hash=prompting.in_use())
        assert "1 AI does worse than before" not in demands.standing_of(43).said


def test_a_topic_that_nobody_decides_on_shows(shop: Organization) -> None:
    with organization_scope(shop.id):
        row = make_topic_proposal()
        assert "nobody has decided" not in demands.standing_of(29).said
        TopicProposal.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=31))
        assert "nobody has decided" in demands.standing_of(29).said


def test_a_lesson_without_a_yes_shows(shop: Organization) -> None:
    with organization_scope(shop.id):
        lesson = make_lesson()
        found = demands.standing_of(48)
        assert found.state == "failing"
        assert "1 lessons of the AI" in found.said
        consents.record_choice(
            customer=lesson.customer, purpose="improve", state=ConsentState.GRANTED, method="portal"
        )
        assert "1 lessons of the AI" not in demands.standing_of(48).said
