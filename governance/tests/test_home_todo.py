"""The home's things to do: what the demands wait for, in an order that matters, never more than three."""

from __future__ import annotations

import pytest

from governance.core.starter import starter
from governance.dashboard import ON_HOME
from governance.services import self_checks
from governance.services.policies import adopt_starter
from helpdesk.people.models import Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


def test_what_waits_is_three_things_with_one_sentence_each() -> None:
    shop = make_organization()
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER)
        adopt_starter(starter=starter(), member=owner)
        self_checks.run_due()
    page = browser_of(shop, owner).get("/admin/")
    todo = page.context["todo"]
    assert len(todo) == 3
    for one in todo:
        assert one.because.count(". ") <= 2, "the worst part alone"
        assert one.url
        assert "trial request" not in one.because
    assert "of 63 demands were working" in page.content.decode()
    assert len(set(ON_HOME)) == len(ON_HOME)
