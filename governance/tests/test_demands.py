"""The 63 demands: each number once, honest on a fresh organization, and moved by what breaks it."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from governance import demands
from governance.core.starter import starter
from governance.services.policies import adopt_starter
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        return make_member(Role.OWNER, name="Marta")


def test_the_command_lists_all_of_them(shop: Organization) -> None:
    out = StringIO()
    call_command("ethics_status", organization=shop.slug, json=True, stdout=out)
    found = json.loads(out.getvalue())
    assert [one["number"] for one in found] == list(range(1, 64))
    for one in found:
        assert one["state"] in {"working", "waiting", "too_little_data", "failing"}, one
        assert one["check"], one
        assert one["evidence"][:4].isdigit(), one
        assert "could not be run" not in one["evidence"], one
    with pytest.raises(CommandError):
        call_command("ethics_status", organization="nobody")


def test_a_fresh_organization_is_honest(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        before = {one.number: one.state for one in demands.standing()}
        adopt_starter(starter=starter(), member=owner)
        after = demands.standing()
    assert sum(state == "working" for state in before.values()) < 20
    assert not [one for one in after if one.state == "failing"]
    assert 15 < sum(one.state == "working" for one in after) < 50
