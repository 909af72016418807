"""What the product looks at by itself: once is enough, twice changes nothing."""

from __future__ import annotations

import pytest

from governance import watching
from governance.core.starter import starter
from governance.models import BiasAudit, Finding, Incident, RegisterChange
from governance.services import policies
from helpdesk.people.models import Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope


@pytest.mark.django_db
def test_a_fresh_shop_is_looked_at_once_and_nothing_is_held_against_it() -> None:
    with organization_scope(make_organization().id):
        policies.adopt_starter(starter=starter(), member=make_member(Role.OWNER))
        watching.run()
        audit = BiasAudit.objects.get(key="waiting")
        assert (audit.verdict, audit.decision) == ("insufficient", "accept")
        before = RegisterChange.objects.count()
        watching.run()
        assert RegisterChange.objects.count() == before
        assert BiasAudit.objects.filter(key="waiting").count() == 1
        assert not Incident.objects.exists()
        assert not Finding.objects.exists()
