"""What the AI wrote or read is forgotten after as many days as the rules say, and not a day before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import Error, transaction
from django.utils import timezone

from aiassist.models import Draft
from aiassist.services.retention import forget_old_texts
from aiassist.tests.factories import make_draft
from governance.core.starter import starter
from governance.models import AIDecision
from governance.services import policies
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import AIText
from tickets.tests.factories import make_ai_text

pytestmark = pytest.mark.django_db


def test_old_texts_go_and_the_decision_stays() -> None:
    organization = make_organization()
    with organization_scope(organization.id):
        policies.adopt_starter(starter=starter(), member=make_member())
        draft = make_draft()
        make_ai_text()
        old = AIText.objects.create(
            ticket=draft.ticket, decision=draft.decision, text="Old.", text_hash=fresh_hash("Old.")
        )
        days = starter().clauses.ai_log_days
        Draft.objects.update(created_at=timezone.now() - timedelta(days=days - 1))
        assert forget_old_texts(now=timezone.now()) == 0
        assert forget_old_texts(now=timezone.now() + timedelta(days=2)) == 1, (
            "the draft; the texts are younger"
        )
        assert AIDecision.objects.filter(pk=draft.decision_id).exists()
        with pytest.raises(Error, match="is a record"), transaction.atomic():
            old.delete()


def fresh_hash(text: str) -> str:
    from tickets.content import text_hash

    return text_hash(text)
