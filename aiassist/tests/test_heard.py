"""What the AI worker hears from the rooms below."""

from __future__ import annotations

from unittest import mock

import pytest

from aiassist.receivers import on_policy_saved
from governance.core.starter import starter
from governance.models import EthicsPolicy
from governance.services.policies import adopt_starter
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


def test_articles_from_before_the_rules_are_read_as_soon_as_there_are_rules() -> None:
    shop = make_organization()
    with organization_scope(shop.id), mock.patch("aiassist.receivers.enqueue_on_commit") as asked:
        adopt_starter(starter=starter(), member=make_member())
        assert asked.call_args.kwargs == {"organization_id": str(shop.id)}
        asked.reset_mock()
        on_policy_saved(EthicsPolicy, instance=EthicsPolicy(status="draft"))
        assert not asked.called, "a draft changes nothing"
